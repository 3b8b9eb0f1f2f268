package validate

import "github.com/patchlint/patchlint"

var _ = describe(patchlint.Rule{
	ID: "wrong-type", Severity: patchlint.Error, Fixable: true, Since: "0.1.0",
	Summary: "a value whose JSON type does not match the property",
	Why:     `Graph converts nothing reliably: a number for a string, a string for a boolean or an object for an array gets a 400 that often does not name the property. PowerShell turns an array of one element into the element; write it as an array. Binary values are base64 with padding: base64url, which OData requires, is only a warning, but Graph has refused it.`,
	Bad: `{
  "iosOnboarded": "true"
}
`,
	Good: sampleClean,
})
