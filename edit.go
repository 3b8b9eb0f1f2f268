package patchlint

import (
	"cmp"
	"fmt"
	"slices"
)

// ApplyEdits returns src with the edits made. The edits may come in any order;
// the error says that two of them overlap or that one lies outside of src.
func ApplyEdits(src []byte, edits []Edit) ([]byte, error) {
	sorted := slices.SortedStableFunc(slices.Values(edits), func(a, b Edit) int { return a.Span.Start - b.Span.Start })
	var out []byte
	last := 0
	for _, e := range sorted {
		if e.Span.Start < last || e.Span.End < e.Span.Start || e.Span.End > len(src) {
			return nil, fmt.Errorf("the edit of bytes %d to %d overlaps another or lies outside of the source", e.Span.Start, e.Span.End)
		}
		out = append(append(out, src[last:e.Span.Start]...), e.NewText...)
		last = e.Span.End
	}
	return append(out, src[last:]...), nil
}

// ChooseFixes returns the edits of as many fixes as can be made at once, in
// ascending order, and how many fixes those are: of each finding the first fix
// that is safe, or the first of all when unsafe ones are wanted too, unless it
// overlaps or touches one that was chosen before.
func ChooseFixes(findings []Diagnostic, unsafe bool) (edits []Edit, fixes int) {
	for _, d := range findings {
		i := slices.IndexFunc(d.Fixes, func(f Fix) bool { return f.Safe })
		if i < 0 && unsafe && len(d.Fixes) > 0 {
			i = 0
		}
		if i < 0 {
			continue
		}
		// The first chosen edit that ends at or after the start of e is the first
		// one it can touch, for those chosen do not overlap.
		clash := slices.ContainsFunc(d.Fixes[i].Edits, func(e Edit) bool {
			at, _ := slices.BinarySearchFunc(edits, e, func(have, e Edit) int { return cmp.Compare(have.Span.End, e.Span.Start) })
			return at < len(edits) && edits[at].Span.Start <= e.Span.End
		})
		if clash {
			continue
		}
		for _, e := range d.Fixes[i].Edits { // which may touch one another
			at, _ := slices.BinarySearchFunc(edits, e, func(have, e Edit) int {
				return cmp.Or(cmp.Compare(have.Span.Start, e.Span.Start), cmp.Compare(have.Span.End, e.Span.End))
			})
			edits = slices.Insert(edits, at, e)
		}
		fixes++
	}
	return edits, fixes
}
