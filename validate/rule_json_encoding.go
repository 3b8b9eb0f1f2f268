package validate

import (
	"bytes"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "json-encoding", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "the text is not valid UTF-8",
		Why:     `JSON is exchanged in UTF-8 (RFC 8259, 8.1). UTF-16 (which ">" writes in Windows PowerShell 5.1), invalid bytes and halves of surrogate pairs reach the service as other text, or not at all. A byte order mark is a warning, because many parsers skip it. So is U+FFFD, which an earlier program wrote instead of characters that it could not decode.`,
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
	at: stops{properties: func(p *schema.Property) bool { return p.Type.Name == "Edm.String" && !p.GUID }},
	text: func(p *Pass, _ *schema.Property, n patchlint.Node, text []byte) {
		if bytes.IndexByte(text, replacement[0]) < 0 || !bytes.Contains(text, replacement) {
			return
		}
		type key struct{}
		faulty := lazy.Get(lazy.MemoOf(p.Document), key{}, func() bool {
			return slices.ContainsFunc(p.Document.Faults(), func(f patchlint.Diagnostic) bool {
				return f.Severity == patchlint.Error && (f.Rule == "json-encoding" || f.Rule == "json-limit")
			})
		})
		if faulty {
			return // the value may have the faulty bytes or escapes themselves
		}
		p.warn(n, "U+FFFD marks a character that was lost in a conversion; write the text again, and read and write the file as UTF-8")
	},
})

// replacement is U+FFFD, which decoders substitute for invalid bytes.
var replacement = []byte("\uFFFD")
