package validate

import (
	"bytes"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// maxPasses bounds how often a payload is linted while it is being fixed. Fixes
// that stand in each other's way take one pass each.
const maxPasses = 50

// Fix applies the safe fixes of all findings, and with unsafe those that change
// what the payload means, until nothing is left to fix. It returns the fixed
// source, how many fixes were made, and the document of the fixed source for
// Lint. Only the spans that fixes name are changed. A text that was JSON before
// is JSON afterwards.
func (l *Linter) Fix(src []byte, dialect patchlint.Dialect, resource *schema.Resource, unsafe bool) (fixed []byte, made int, doc *patchlint.Document) {
	doc, err := patchlint.Parse(src, dialect)
	for range maxPasses {
		edits, n := patchlint.ChooseFixes(l.LintAs(doc, resource), unsafe)
		if n == 0 {
			break
		}
		next, editErr := patchlint.ApplyEdits(src, edits)
		if editErr != nil || bytes.Equal(next, src) {
			break
		}
		nextDoc, nextErr := patchlint.Parse(next, dialect)
		if err == nil && nextErr != nil {
			break // a fix that breaks the text is no fix; a fuzz target looks for one
		}
		src, doc, err, made = next, nextDoc, nextErr, made+n
	}
	return src, made, doc
}
