// Package fixes chooses the fixes of findings that can be made at once, and makes them
// until nothing is left to fix.
package fixes

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/patchlint/patchlint"
)

// maxPasses bounds how often a text is linted while it is being fixed. Fixes
// that stand in each other's way take one pass each.
const maxPasses = 50

// AtOnce is how many findings are to be taken into account each time.
const MaxFindings = 20 * patchlint.MaxFindings

// Apply applies the fixes of what is found in a text, the safe ones or all, until nothing
// is left to fix, and returns how many were made. lint returns what is found in a text,
// with spans that count from its start, and the types of its payloads; nil for a text
// that does not read as what it should be.
func Apply(src []byte, unsafe bool, lint func(src []byte) (findings []patchlint.Diagnostic, shown []string)) (fixed []byte, made int) {
	findings, shown := lint(src)
	for range maxPasses {
		edits, n := Choose(findings, unsafe)
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

// Choose returns the edits of as many fixes as can be made at once, in
// ascending order, and how many fixes those are: of each finding the first fix
// that is safe, or the first of all when unsafe ones are wanted too, unless it
// overlaps or touches one that was chosen before.
func Choose(findings []patchlint.Diagnostic, unsafe bool) (edits []patchlint.Edit, fixes int) {
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
