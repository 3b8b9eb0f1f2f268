package validate

import "github.com/patchlint/patchlint"

var _ = describe(patchlint.Rule{
	ID: "json-duplicate-name", Severity: patchlint.Error, Since: "0.1.0",
	Summary: "a name that occurs twice in one object",
	Why:     `RFC 8259 does not say which of two members with the same name counts. Most tools silently use the last; the OData library behind Graph refuses the body. Names are compared after their escapes are decoded, so "a" and "\u0061" are the same.`,
	Bad: `{
  "iosOnboarded": true,
  "iosOnboarded": false
}
`,
	Good:  sampleClean,
	Links: []string{"https://www.rfc-editor.org/rfc/rfc8259#section-4"},
})
