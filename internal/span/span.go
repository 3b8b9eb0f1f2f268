// Package span combines and searches spans of a source.
package span

import (
	"cmp"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/lazy"
)

// InFile returns the span in its file of a span in a document.
func InFile(doc *patchlint.Document, s patchlint.Span) patchlint.Span {
	before := int(lazy.MemoOf(doc).Offset)
	return patchlint.Span{Start: before + s.Start, End: before + s.End}
}

// Join sorts spans, in place, and joins those that overlap.
func Join(spans []patchlint.Span) []patchlint.Span {
	slices.SortFunc(spans, func(a, b patchlint.Span) int { return cmp.Or(a.Start-b.Start, b.End-a.End) })
	out := spans[:0]
	for _, s := range spans {
		if last := len(out) - 1; last >= 0 && s.Start < out[last].End {
			out[last].End = max(out[last].End, s.End)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// Within returns the spans of a result of Join that share a byte with at.
func Within(spans []patchlint.Span, at patchlint.Span) []patchlint.Span {
	from, _ := slices.BinarySearchFunc(spans, at.Start+1, func(s patchlint.Span, at int) int { return cmp.Compare(s.End, at) })
	to, _ := slices.BinarySearchFunc(spans, at.End, func(s patchlint.Span, at int) int { return cmp.Compare(s.Start, at) })
	return spans[from:max(from, to)]
}
