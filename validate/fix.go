package validate

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/recognize"
)

// Fix applies the safe fixes of all findings, and all other fixes if unsafe is set, until
// nothing is left to fix, in at most 50 passes. It returns the fixed source and the number
// of applied fixes. It changes only the bytes that fixes replace. Valid JSON stays valid,
// and safe fixes do not change the type that is recognized in the payload.
func (l *Linter) Fix(src []byte, dialect patchlint.Dialect, t Target, unsafe bool) (fixed []byte, made int) {
	many := *l
	many.Limit = max(l.Limit, fixes.MaxFindings)
	fixed, _, made = fixes.Apply(src, unsafe, func(src []byte) (findings []patchlint.Diagnostic, shown []string) {
		doc := new(patchlint.Document)
		err := doc.Parse(src, dialect, many.Limit, 0)
		if err == nil {
			shown = []string{many.shown(doc, t)}
		}
		return many.LintDocument(doc, t), shown
	})
	return fixed, made
}

// shown returns the name of the type that a document is linted as.
func (l *Linter) shown(doc *patchlint.Document, t Target) string {
	if model, err := l.Models.Open(recognize.Version(t.Version, doc)); err == nil && t.Type == "" {
		if r := recognize.Payload(model, doc.Root()); r != nil {
			return r.Name
		}
	}
	return t.Type
}
