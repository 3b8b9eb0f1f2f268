package validate

import "github.com/patchlint/patchlint"

var _ = describe(patchlint.Rule{
	ID: "json-syntax", Severity: patchlint.Error, Fixable: true, Since: "0.1.0",
	Summary: "the text is not JSON",
	Why:     `Graph answers a body that is not JSON with a 400 and does not say where the mistake is. Only what RFC 8259 allows is accepted: no comments, no trailing commas, no single quotes, one value and nothing after it. A file named .jsonc may have comments and trailing commas; remove them before you send it. Text that is certainly something else (YAML, HTML, PowerShell, a file with conflict markers) is reported as such.`,
	Bad: `{
  "displayName": "Contoso MTD",
  "iosOnboarded": true,
}
`,
	Good: `{
  "displayName": "Contoso MTD",
  "iosOnboarded": true
}
`,
	Links: []string{"https://www.rfc-editor.org/rfc/rfc8259"},
})
