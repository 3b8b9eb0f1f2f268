// Package fixes makes the fixes of findings, selects those that do not conflict, and
// applies them until nothing is left to fix.
package fixes

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/bounds"
)

// maxPasses limits how often a text is linted while it is fixed. Conflicting fixes take
// one pass each.
const maxPasses = 50

// MaxFindings is the maximum number of findings to consider in each pass.
const MaxFindings = 20 * bounds.Findings

// Apply applies the safe fixes, or with unsafe all fixes, of the findings in src until
// nothing is left to fix. It returns the text and the number of fixes. lint returns the
// findings in a text, and the types of its payloads or nil if the text is not valid.
func Apply(src []byte, unsafe bool, lint func(src []byte) (findings []patchlint.Diagnostic, types []string)) (fixed []byte, made int) {
	findings, types := lint(src)
	for range maxPasses {
		edits, n := Choose(findings, unsafe)
		if n == 0 {
			break
		}
		next, err := ApplyEdits(src, edits)
		if err != nil || bytes.Equal(next, src) {
			break
		}
		nextFindings, nextTypes := lint(next)
		if types != nil && (nextTypes == nil || !unsafe && !slices.Equal(types, nextTypes)) {
			break // a fix must not make the text invalid, nor a safe fix change a type
		}
		src, findings, types, made = next, nextFindings, nextTypes, made+n
	}
	return src, made
}

// Choose returns the edits of as many fixes as can be applied together, in ascending
// order, and the number of fixes. Of each finding it takes the first safe fix or, if
// there is none and unsafe is true, the first fix, unless that overlaps or touches an
// edit of an earlier finding.
func Choose(findings []patchlint.Diagnostic, unsafe bool) (edits []patchlint.Edit, fixes int) {
	for _, d := range findings {
		i := slices.IndexFunc(d.Fixes, func(f patchlint.Fix) bool { return f.Safe })
		if i < 0 && unsafe && len(d.Fixes) > 0 {
			i = 0
		}
		if i < 0 {
			continue
		}
		// The edits do not overlap, so the first one that ends at or after the start
		// of e is the first one that e can touch.
		clash := slices.ContainsFunc(d.Fixes[i].Edits, func(e patchlint.Edit) bool {
			at, _ := slices.BinarySearchFunc(edits, e, func(have, e patchlint.Edit) int { return cmp.Compare(have.Span.End, e.Span.Start) })
			return at < len(edits) && edits[at].Span.Start <= e.Span.End
		})
		if clash {
			continue
		}
		for _, e := range d.Fixes[i].Edits { // edits of one fix may touch
			at, _ := slices.BinarySearchFunc(edits, e, func(have, e patchlint.Edit) int {
				return cmp.Or(cmp.Compare(have.Span.Start, e.Span.Start), cmp.Compare(have.Span.End, e.Span.End))
			})
			edits = slices.Insert(edits, at, e)
		}
		fixes++
	}
	return edits, fixes
}
