package recognize

import (
	"bytes"
	"cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/mend"
	"github.com/patchlint/patchlint/schema"
)

// Document returns the resource of the payload in a document, or nil. For a document that
// cannot be parsed, it returns the resource of what the text probably means, which is certain
// enough to report the syntax error, but not to edit the document.
func Document(m *schema.Model, doc *patchlint.Document) *schema.Type {
	if doc.Whole() {
		return Payload(m, doc.Root())
	}
	src := bytes.ReplaceAll(doc.Source(), []byte{0}, nil) // of UTF-16, as PowerShell's ">" writes it
	return cmp.Or(Payload(m, mend.Whole(src, false)), Payload(m, mend.Whole(src, true)))
}
