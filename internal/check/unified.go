package check

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/charset"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/internal/span"
)

// unified returns the change of a file as a diff for git apply, without credentials.
// These are masked before the texts are compared, so that the time does not depend on
// their number.
func unified(reader *input.Reader, name string, before, after []byte) []byte {
	if text, ok := charset.UTF8(before); ok {
		before = text
	}
	was, is := marked(reader, name, before), marked(reader, name, after)
	text := diff.Diff("before", redacted(was), "after", redacted(is))
	// Replace the header of the library, whose paths git does not accept.
	for range 3 {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	shown := fmt.Sprintf("--- %s\n+++ %s\n%s", gitPath("a/"+name), gitPath("b/"+name), text)
	if len(text) == 0 { // only the encoding changes
		shown = fmt.Sprintf("Binary files %s and %s differ\n", gitPath("a/"+name), gitPath("b/"+name))
	}
	return []byte(secret.Mask(is, secret.Mask(was, shown)))
}

// marked returns the text of a file, in which the credentials of its payloads are marked.
func marked(reader *input.Reader, name string, src []byte) *patchlint.Document {
	whole, spans := patchlint.Unparsed(src), []patchlint.Span(nil)
	for p := range reader.Payloads(name, src) {
		doc, _ := p.InFile(nil, nil)
		for _, s := range secret.Find(doc) {
			spans = append(spans, span.InFile(doc, s))
		}
	}
	secret.Mark(whole, spans)
	return whole
}

func redacted(doc *patchlint.Document) []byte {
	return secret.Redact(doc, patchlint.Span{End: len(doc.Source())})
}

// gitPath quotes a path in the header of a diff as git does.
func gitPath(path string) string {
	if !strings.ContainsAny(path, `"\`) && !strings.ContainsFunc(path, unicode.IsControl) {
		if strings.Contains(path, " ") {
			return path + "\t" // as git ends a name with spaces
		}
		return path
	}
	var b strings.Builder
	for _, c := range []byte(path) {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			fmt.Fprintf(&b, `\%03o`, c)
		} else {
			b.WriteByte(c)
		}
	}
	return `"` + b.String() + `"`
}
