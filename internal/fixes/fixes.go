// Package fixes makes the fixes of findings, selects those that do not conflict, and
// applies them until nothing is left to fix, in at most 50 passes.
package fixes

import (
	"bytes"
	"cmp"
	"math"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/bounds"
)

// Limits on how often a text is linted while it is fixed. Conflicting fixes take one pass
// each, and finding a fix to leave out takes a trial each time the others are halved.
const (
	maxPasses = 50
	maxTrials = 500
)

// MaxFindings is the maximum number of findings to consider in each pass.
const MaxFindings = 20 * bounds.Findings

// Apply applies the safe fixes, or with unsafe all fixes, of the findings in src until
// nothing is left to fix. It leaves out a fix that makes the text invalid or a name occur
// twice, and a safe fix that changes a type. Apply returns the text, the edits of each pass,
// and the number of fixes. lint returns the findings in a text, and the types of its payloads
// or nil if the text is not valid.
func Apply(src []byte, unsafe bool, lint func(src []byte) (findings []patchlint.Diagnostic, types []string)) (fixed []byte, passes [][]patchlint.Edit, made int) {
	type place struct {
		rule string
		at   patchlint.Pointer
	}
	leftOut := make(map[place]int) // how many fixes to leave out, from the first; a place can occur in every record
	findings, types := lint(src)
	most := math.MaxInt // findings to fix in one pass, halved to find a fix to leave out
	for trials := 0; len(passes) < maxPasses && trials < maxTrials; trials++ {
		seen := make(map[place]int)
		tried := slices.DeleteFunc(slices.Clone(findings), func(d patchlint.Diagnostic) bool {
			if selected(d, unsafe) < 0 {
				return true
			}
			at := place{d.Rule, d.Pointer}
			seen[at]++
			return seen[at] <= leftOut[at]
		})
		tried = tried[:min(most, len(tried))]
		edits, n := Choose(tried, unsafe)
		next, err := ApplyEdits(src, edits)
		if err != nil || bytes.Equal(next, src) {
			break
		}
		nextFindings, nextTypes := lint(next)
		switch {
		case types == nil || nextTypes != nil && (unsafe || slices.Equal(types, nextTypes)) && duplicates(nextFindings) <= duplicates(findings):
			src, findings, types = next, nextFindings, nextTypes
			passes, made = append(passes, edits), made+n
		case n > 1:
			most = n / 2
		default:
			leftOut[place{tried[0].Rule, tried[0].Pointer}]++ // those before it are left out, too
			most = math.MaxInt
		}
	}
	return src, passes, made
}

// duplicates returns the number of names that occur twice in an object.
func duplicates(findings []patchlint.Diagnostic) (n int) {
	for _, d := range findings {
		if d.Rule == "json-duplicate-name" {
			n++
		}
	}
	return n
}

// selected returns the index of the fix of a finding to make: the first safe one or, if
// none is safe and unsafe is true, the first. It returns -1 if there is nothing to make.
func selected(d patchlint.Diagnostic, unsafe bool) int {
	i := slices.IndexFunc(d.Fixes, func(f patchlint.Fix) bool { return f.Safe })
	if i < 0 && unsafe && len(d.Fixes) > 0 {
		i = 0
	}
	return i
}

// Choose returns the edits of as many fixes as can be applied together, in ascending
// order, and the number of fixes: the selected fix of each finding, unless it overlaps or
// touches an edit of an earlier finding.
func Choose(findings []patchlint.Diagnostic, unsafe bool) (edits []patchlint.Edit, fixes int) {
	for _, d := range findings {
		i := selected(d, unsafe)
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
