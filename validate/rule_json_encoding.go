package validate

import (
	"github.com/patchlint/patchlint"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "json-encoding", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "the text is not clean UTF-8",
		Why:     `JSON between systems is UTF-8 (RFC 8259, 8.1). UTF-16, which ">" writes in Windows PowerShell, invalid bytes and halves of surrogate pairs reach the service as other text, or not at all. A byte order mark in front is a warning, because many readers skip it.`,
		Bad: `{
  "displayName": "Contoso \ud83d",
  "iosOnboarded": true
}
`,
		Good: `{
  "displayName": "Contoso \ud83d\ude80",
  "iosOnboarded": true
}
`,
		Links: []string{"https://www.rfc-editor.org/rfc/rfc8259#section-8.1"},
	},
})
