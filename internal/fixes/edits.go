package fixes

import (
	"bytes"
	"fmt"
	"slices"
	"sort"

	"github.com/patchlint/patchlint"
)

// ApplyEdits returns src with the edits applied. The edits may be in any order.
// It returns an error if two edits overlap or one is outside src.
func ApplyEdits(src []byte, edits []patchlint.Edit) ([]byte, error) {
	sorted := slices.SortedStableFunc(slices.Values(edits), inOrder)
	var out []byte
	last := 0
	for _, e := range sorted {
		if e.Span.Start < last || e.Span.End < e.Span.Start || e.Span.End > len(src) {
			return nil, fmt.Errorf("the edit of bytes %d to %d overlaps another or is outside the source", e.Span.Start, e.Span.End)
		}
		out = append(append(out, src[last:e.Span.Start]...), e.NewText...)
		last = e.Span.End
	}
	return append(out, src[last:]...), nil
}

func inOrder(a, b patchlint.Edit) int { return a.Span.Start - b.Span.Start }

// RemovalAnd returns the edits of Removal and another one, in order.
func RemovalAnd(n patchlint.Node, other patchlint.Edit) []patchlint.Edit {
	edits := append(Removal(n), other)
	slices.SortFunc(edits, inOrder)
	return edits
}

// Removal returns the edits that remove a member or element and its comma from its
// parent: also the white space around the comma, but no comments.
func Removal(n patchlint.Node) []patchlint.Edit {
	doc, parent, value := n.Document(), n.Parent(), n.Span()
	if key := n.Key(); key.Len() > 0 {
		value.Start = key.Start
	}
	if !parent.Exists() {
		return []patchlint.Edit{{Span: value}}
	}
	src := doc.Source()
	if comma := commaIn(doc, patchlint.Span{Start: value.End, End: parent.Span().End}); comma >= 0 {
		next := len(src) - len(bytes.TrimLeft(src[comma+1:], space))
		if len(bytes.Trim(src[value.End:comma], space)) == 0 && doc.At(next).Parent() == parent {
			return []patchlint.Edit{{Span: patchlint.Span{Start: value.Start, End: next}}}
		}
		// If this is a trailing comma, the one before becomes the trailing one.
		return []patchlint.Edit{{Span: value}, {Span: patchlint.Span{Start: comma, End: comma + 1}}}
	}
	var previous patchlint.Node
	for child := range parent.Children() { // once for each parent, as n is the last
		if child != n {
			previous = child
		}
	}
	if !previous.Exists() {
		return []patchlint.Edit{{Span: value}}
	}
	gap := patchlint.Span{Start: previous.Span().End, End: value.Start}
	if len(bytes.Trim(src[gap.Start:gap.End], space)) == 1 {
		return []patchlint.Edit{{Span: patchlint.Span{Start: gap.Start, End: value.End}}}
	}
	comma := commaIn(doc, gap)
	return []patchlint.Edit{{Span: patchlint.Span{Start: comma, End: comma + 1}}, {Span: value}}
}

// space is the white space of JSON (RFC 8259 section 2).
const space = " \t\r\n"

// commaIn returns the offset of the first comma in a gap between values, comments
// excluded, or -1.
func commaIn(doc *patchlint.Document, gap patchlint.Span) int {
	from, comments := gap.Start, doc.Comments()
	first := sort.Search(len(comments), func(i int) bool { return comments[i].End > gap.Start })
	for _, c := range comments[first:] {
		if c.Start >= gap.End {
			break
		}
		if at := bytes.IndexByte(doc.Source()[from:c.Start], ','); at >= 0 {
			return from + at
		}
		from = c.End
	}
	if at := bytes.IndexByte(doc.Source()[from:gap.End], ','); at >= 0 {
		return from + at
	}
	return -1
}
