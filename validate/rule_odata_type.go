package validate

import "github.com/patchlint/patchlint"

var _ = describe(patchlint.Rule{
	ID: "odata-type", Severity: patchlint.Error, Fixable: true, Since: "0.1.0",
	Summary: "a missing or invalid @odata.type",
	Why:     `The target of an assignment can be of several types, and only "@odata.type" says which; without it Graph answers "Cannot create an abstract class". It must name a type of the same family, by its Graph name: Graph does not know the microsoft.management.services.api names that Intune shows in error messages.`,
	Bad: `{
  "target": {
    "groupId": "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"
  }
}
`,
	Good:  sampleTarget,
	Links: []string{"https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html"},
})
