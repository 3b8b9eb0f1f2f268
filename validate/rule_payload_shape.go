package validate

import "github.com/patchlint/patchlint"

var _ = describe(patchlint.Rule{
	ID: "payload-shape", Severity: patchlint.Error, Since: "0.1.0",
	Summary: "the payload is not one object, or wraps it",
	Why:     `The body of a PATCH is the object itself. Unwrap a list response, or an object in "value" as documentation samples show it: Graph sees an unknown property "value" and refuses it. An empty list, an error response and the response to a batch contain nothing to send.`,
	Bad: `{
  "value": {
    "iosOnboarded": true
  }
}
`,
	Good: `{
  "iosOnboarded": true
}
`,
	Links: []string{"https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html"},
})
