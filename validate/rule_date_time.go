package validate

import "github.com/patchlint/patchlint"

var _ = describe(patchlint.Rule{
	ID: "date-time", Severity: patchlint.Error, Fixable: true, Since: "0.1.0",
	Summary: "a string that is not a valid date and time with an offset",
	Why:     `A date and time (Edm.DateTimeOffset) is written YYYY-MM-DDThh:mm, optionally with seconds, which may have up to 12 decimals, and must end with an offset, Z or +hh:mm. The date must exist. /Date(...)/, local formats and dates without an offset are refused.`,
	Bad: `{
  "@odata.type": "#microsoft.graph.complianceManagementPartner",
  "lastHeartbeatDateTime": "2024-01-19T13:38:22.169688"
}
`,
	Good: `{
  "@odata.type": "#microsoft.graph.complianceManagementPartner",
  "lastHeartbeatDateTime": "2024-01-19T13:38:22.169688Z"
}
`,
	Links: []string{"https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html"},
})
