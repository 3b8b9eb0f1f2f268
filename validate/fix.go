package validate

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/recognize"
)

// maxPasses bounds how often a text is linted while it is being fixed. Fixes
// that stand in each other's way take one pass each.
const maxPasses = 50

// fixesAtOnce is how many findings are taken into account each time.
const fixesAtOnce = 20 * patchlint.MaxFindings

// ForFixes returns a Linter that lists as many findings as are fixed at once.
func (l Linter) ForFixes() *Linter {
	l.Limit = max(l.Limit, fixesAtOnce)
	return &l
}

// Fix applies the safe fixes of all findings, and with unsafe those that change
// what the payload means, until nothing is left to fix. It returns the fixed
// source and how many fixes were made. Only the spans that fixes name are changed. A
// text that was JSON before is JSON afterwards, and one that shows a type still shows
// it after the safe fixes.
func (l *Linter) Fix(src []byte, dialect patchlint.Dialect, t Target, unsafe bool) (fixed []byte, made int) {
	many := l.ForFixes()
	return Fixed(src, unsafe, func(src []byte) (findings []patchlint.Diagnostic, shown []string) {
		doc := new(patchlint.Document)
		err := doc.ParseWithin(src, dialect, many.Limit)
		if err == nil {
			shown = []string{many.shown(doc, t)}
		}
		return many.LintDocument(doc, t), shown
	})
}

// shown names the type that a document is linted as.
func (l *Linter) shown(doc *patchlint.Document, t Target) string {
	if model, err := l.Models.Open(t.version(doc)); err == nil && t.Type == "" {
		if r := recognize.Payload(model, doc.Root()); r != nil {
			return r.Type.Name
		}
	}
	return t.Type
}

// Fixed is Fix for a text of any kind: lint returns what is found in it, with spans
// that count from its start, and the types of its payloads; nil for a text that does
// not read as what it should be.
func Fixed(src []byte, unsafe bool, lint func(src []byte) (findings []patchlint.Diagnostic, shown []string)) (fixed []byte, made int) {
	findings, shown := lint(src)
	for range maxPasses {
		edits, n := ChooseFixes(findings, unsafe)
		if n == 0 {
			break
		}
		next, err := patchlint.ApplyEdits(src, edits)
		if err != nil || bytes.Equal(next, src) {
			break
		}
		nextFindings, nextShown := lint(next)
		if shown != nil && (nextShown == nil || !unsafe && !slices.Equal(shown, nextShown)) {
			break // a fix must not break the text, nor a safe one change what it shows
		}
		src, findings, shown, made = next, nextFindings, nextShown, made+n
	}
	return src, made
}

// ChooseFixes returns the edits of as many fixes as can be made at once, in
// ascending order, and how many fixes those are: of each finding the first fix
// that is safe, or the first of all when unsafe ones are wanted too, unless it
// overlaps or touches one that was chosen before.
func ChooseFixes(findings []patchlint.Diagnostic, unsafe bool) (edits []patchlint.Edit, fixes int) {
	for _, d := range findings {
		i := slices.IndexFunc(d.Fixes, func(f patchlint.Fix) bool { return f.Safe })
		if i < 0 && unsafe && len(d.Fixes) > 0 {
			i = 0
		}
		if i < 0 {
			continue
		}
		// The first chosen edit that ends at or after the start of e is the first
		// one it can touch, for those chosen do not overlap.
		clash := slices.ContainsFunc(d.Fixes[i].Edits, func(e patchlint.Edit) bool {
			at, _ := slices.BinarySearchFunc(edits, e, func(have, e patchlint.Edit) int { return cmp.Compare(have.Span.End, e.Span.Start) })
			return at < len(edits) && edits[at].Span.Start <= e.Span.End
		})
		if clash {
			continue
		}
		for _, e := range d.Fixes[i].Edits { // which may touch one another
			at, _ := slices.BinarySearchFunc(edits, e, func(have, e patchlint.Edit) int {
				return cmp.Or(cmp.Compare(have.Span.Start, e.Span.Start), cmp.Compare(have.Span.End, e.Span.End))
			})
			edits = slices.Insert(edits, at, e)
		}
		fixes++
	}
	return edits, fixes
}
