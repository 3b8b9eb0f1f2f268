package check

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/secret"
)

// unified returns the change of a file as a diff for git apply, without credentials.
// These are masked before the texts are compared, so that the time does not depend on
// their number.
func unified(reader *input.Reader, name string, before, after []byte) []byte {
	masker := new(secret.Masker)
	before, after = redacted(reader, name, before, masker), redacted(reader, name, after, masker)
	text := diff.Diff("before", before, "after", after)
	// Replace the header of the library, whose paths git does not accept.
	for range 3 {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	if len(text) == 0 { // only the encoding changes
		return []byte(masker.Mask(fmt.Sprintf("Binary files %s and %s differ\n", gitPath("a/"+name), gitPath("b/"+name))))
	}
	return []byte(masker.Mask(fmt.Sprintf("--- %s\n+++ %s\n%s", gitPath("a/"+name), gitPath("b/"+name), text)))
}

// redacted returns a text of a file with its credentials masked, and adds them to masker.
func redacted(reader *input.Reader, name string, src []byte, masker *secret.Masker) []byte {
	whole := patchlint.Unparsed(src)
	masker.Add(whole)
	spans := slices.Clone(secret.Find(whole))
	for p, err := range reader.Read(name, bytes.NewReader(src)) {
		if err != nil {
			break // a reader of bytes does not fail
		}
		if p.SkipReason != "" {
			continue // it has no document
		}
		masker.Add(p.Document)
		doc, _ := p.InFile(nil, nil)
		for _, s := range secret.Find(doc) {
			spans = append(spans, doc.InFile(s))
		}
	}
	return secret.RedactSpans(src, spans)
}

// gitPath quotes a path in the header of a diff as git does.
func gitPath(path string) string {
	switch {
	case strings.ContainsAny(path, `"\`) || strings.ContainsFunc(path, unicode.IsControl):
		return strconv.Quote(path) // the escapes of git, but for rare control characters
	case strings.Contains(path, " "):
		return path + "\t" // as git ends a name with spaces
	}
	return path
}
