package patchlint

import (
	"fmt"
	"slices"
)

// ApplyEdits returns src with the edits applied. The edits may be in any order.
// It returns an error if two edits overlap or one is outside of src.
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
