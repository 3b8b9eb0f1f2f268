package validate

import "github.com/patchlint/patchlint"

var _ = describe(patchlint.Rule{
	ID: "payload-shape", Severity: patchlint.Error, Fixable: true, Since: "0.1.0",
	Summary: "the payload is not a single object, or the object is wrapped",
	Why:     `The body of a PATCH is the object itself. Unwrap a list response, or an object in "value" as documentation samples show it, because Graph refuses the unknown property "value". An empty list, an error response or a $batch response contains nothing to send.`,
	Bad: `{
  "value": {
    "iosOnboarded": true
  }
}
`,
	Good:  sampleClean,
	Links: []string{"https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html"},
})
