package validate

import "github.com/patchlint/patchlint"

var _ = describe(patchlint.Rule{
	ID: "unknown-type", Severity: patchlint.Error, Since: "0.1.0",
	Summary: "the type of the payload is unknown",
	Why:     `The type decides which properties a payload may have. It is taken from the URL of the request, else from --type, else from types in the settings, else from "@odata.type", else from an "@odata.context" of Graph, else from properties that only partners have, such as "iosOnboarded". Those do not count if a member says that the file is something else ("@context", "$schema", another "@odata.type"). displayName, partnerState and lastHeartbeatDateTime do not show the type, because other Graph types have them, too. A file of unknown type is never changed by --fix.`,
	Bad: `{
  "displayName": "Contoso MTD"
}
`,
	Good: `{
  "@odata.type": "#microsoft.graph.complianceManagementPartner",
  "displayName": "Contoso MTD"
}
`,
})
