package input

import (
	"bytes"
	"iter"
	"slices"
	"sort"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/secret"
)

// A text with variables is linted as it will be sent: {{name}} is replaced by the value
// that the file assigns to the variable, in which references are also replaced. A reference
// to a variable of unknown value is left as it is inside a string and replaced by null
// elsewhere, and findings caused by this are not reported. If a null would be joined to
// other text of the value that it is in, that whole value counts as unknown.

// segment is a part of an expanded text.
type segment struct {
	start   int  // in the expanded text
	at      int  // its offset in the file: in the text or in the value of a variable
	from    int  // the offset of the reference in the text that it replaces, unless copied
	copied  bool // copied unchanged from the text
	unknown bool // a reference to a variable of unknown value
	null    bool // and replaced by null, outside a string
}

// expansion maps an expanded text back to its file. The segments cover the text from
// offset 0 in ascending order.
type expansion struct {
	src      []byte // the part of the file that contains the text
	offset   int64  // of src in the file
	line     int    // number of lines of the file before src
	segments []segment
	secrets  []patchlint.Span // credentials in src that variables are set to
}

var (
	reference   = lazy.Regexp(`\{\{\s*([^{}\r\n]*?)\s*\}\}`)
	commentLine = lazy.Regexp(`(?m)^[ \t]*(?:#|//)[^\r\n]*`)
)

// expandText replaces the variables of known value in text.
func expandText(text string, in *variables) string {
	return reference.Get().ReplaceAllStringFunc(text, func(reference string) string {
		f := flow{variables: in}
		if f.write(reference, 0) {
			return string(f.text)
		}
		return reference
	})
}

// expand returns the text at offset at of the file without comment lines, given by their
// positions in it, and with its variables replaced. unreplaced is the first reference that is not
// replaced because of the limits of variables.
func expand(text []byte, comments [][]int, at int, in *variables) (expanded []byte, segments []segment, unreplaced patchlint.Span) {
	f := flow{variables: in, json: true}
	start := 0
	for _, m := range append(comments, []int{len(text), len(text)}) {
		f.write(string(text[start:m[0]]), at+start)
		start = m[1]
	}
	return f.text, f.segments, f.unreplaced
}

// maxDepth is the limit on the depth of references between variables, whose values can
// double with each. A reference beyond it, or beyond the budget of its file, is not
// replaced.
const maxDepth = 100

// leastBudget is the least limit on the total size of all lookups of variables in a file. A
// large file has a limit of 32 times its size: with variables that refer to a few others, as
// many requests as the file can hold need a third of it.
const leastBudget = 64 << 20

// variables are the variables of a file. An assignment applies to the requests after it,
// up to the next assignment of the variable. Requests before the first one use the last.
type variables struct {
	set   map[string][]setting
	lines int // the number of assignments

	before int // the number of assignments before the current request
	limit  int // on the total size of all lookups
	budget int // what remains of it
}

type setting struct {
	line  int // its number among the assignments
	at    int // the offset of the value in the file
	value string
}

// setting returns the assignment of a variable that applies to the current request, if the
// file assigns it.
func (v *variables) setting(name string) (s setting, ok bool) {
	settings := v.set[name]
	if len(settings) == 0 {
		return setting{}, false
	}
	i := sort.Search(len(settings), func(i int) bool { return settings[i].line >= v.before }) - 1
	if i < 0 {
		i = len(settings) - 1
	}
	return settings[i], true
}

// values returns the places of all values in the file that are more than references to others.
func (v *variables) values() (spans []patchlint.Span) {
	for _, settings := range v.set {
		for _, s := range settings {
			if reference.Get().ReplaceAllString(s.value, "") != "" {
				spans = append(spans, patchlint.Span{Start: s.at, End: s.at + len(s.value)})
			}
		}
	}
	return spans
}

// spend takes the cost of looking up n bytes from the budget and reports whether it
// suffices. If it does not, it may still suffice for shorter values.
func (v *variables) spend(n int) bool {
	const lookup = 256 // the fixed cost of a lookup
	if v.budget < n+lookup {
		return false
	}
	v.budget -= n + lookup
	return true
}

// place returns the offset in the file of a byte of the expanded text.
func (e *expansion) place(offset int) int {
	s := e.segments[e.segment(offset)]
	if s.copied {
		return s.at + offset - s.start
	}
	return s.from
}

// segment returns the index of the segment that contains the byte at offset.
func (e *expansion) segment(offset int) int {
	return max(0, sort.Search(len(e.segments), func(i int) bool { return e.segments[i].start > offset })-1)
}

// parts yields the segments that overlap a span, each with the part of the span in it.
func (e *expansion) parts(at patchlint.Span) iter.Seq2[segment, patchlint.Span] {
	return func(yield func(segment, patchlint.Span) bool) {
		for i := e.segment(at.Start); i < len(e.segments) && e.segments[i].start < at.End; i++ {
			part := patchlint.Span{Start: max(at.Start, e.segments[i].start), End: at.End}
			if i+1 < len(e.segments) {
				part.End = min(part.End, e.segments[i+1].start)
			}
			if part.Start < part.End && !yield(e.segments[i], part) {
				return
			}
		}
	}
}

// touches reports whether a span overlaps a segment for which kind returns true.
func (e *expansion) touches(at patchlint.Span, kind func(segment) bool) bool {
	for s := range e.parts(at) {
		if kind(s) {
			return true
		}
	}
	return false
}

// unknown returns the place in src of the unknown variable whose null a span contains or
// directly follows, or an empty span. The value of the variable may be a part of one
// value, or several values.
func (e *expansion) unknown(text []byte, at patchlint.Span) (variable patchlint.Span) {
	before := len(bytes.TrimRight(text[:at.Start], " \t\r\n"))
	at.Start, at.End = max(before-1, 0), max(at.End, min(at.Start+1, len(text)))
	for s := range e.parts(at) {
		if s.null {
			return patchlint.Span{Start: s.from, End: s.from + len(reference.Get().Find(e.src[s.from:]))}
		}
	}
	return variable
}

// unreadable returns the place in src of the first unknown variable that keeps a document
// from being whole, or makes it or a part of a batch null. The place is empty if there is
// none.
func (e *expansion) unreadable(doc *patchlint.Document, batch bool) (variable patchlint.Span) {
	if i := slices.IndexFunc(doc.Faults(), func(d patchlint.Diagnostic) bool { return d.Rule == "json-syntax" }); i >= 0 {
		return e.unknown(doc.Source(), doc.Faults()[i].Span)
	}
	suspects := []patchlint.Node{doc.Root()}
	if list := doc.Root().Member("requests"); batch {
		suspects = append(suspects, list)
		for request := range list.Children() {
			suspects = append(suspects, request, request.Member("body"))
		}
	}
	for _, n := range suspects {
		if n.Kind() == patchlint.Null && variable.Len() == 0 {
			variable = e.unknown(doc.Source(), n.Span())
		}
	}
	return variable
}

// inFile returns the document and the findings with their positions in the file. It
// drops findings and fixes that depend on the value of an unknown variable.
func (e *expansion) inFile(doc *patchlint.Document, findings []patchlint.Diagnostic) (*patchlint.Document, []patchlint.Diagnostic) {
	move := func(s patchlint.Span) patchlint.Span {
		return patchlint.Span{Start: e.place(s.Start), End: e.place(s.End)}
	}
	var moved []patchlint.Diagnostic
	end := len(e.src) + 1 // the offset from which findings are unreliable
	for _, d := range findings {
		if d.Rule == "json-syntax" && e.unknown(doc.Source(), d.Span).Len() > 0 {
			end = min(end, e.place(d.Span.Start))
			continue
		}
		n := doc.At(d.Span.Start)
		container := n.Kind() == patchlint.Object || n.Kind() == patchlint.Array
		// Whatever the value of the variable, an enclosing object or array is still
		// one, a string is still a string, and invalid JSON is still invalid.
		certain := container && d.Span == n.Span() || n.Kind() == patchlint.String && d.Rule == "wrong-type" || strings.HasPrefix(d.Rule, "json-")
		if !certain && e.touches(d.Span, func(s segment) bool { return s.unknown }) {
			continue
		}
		fixes := d.Fixes
		d.Fixes = nil
		for _, f := range fixes {
			substituted := func(edit patchlint.Edit) bool { // also true if a comment was removed from it
				return move(edit.Span).Len() != edit.Span.Len() || e.touches(edit.Span, func(s segment) bool { return s.unknown || !s.copied })
			}
			if slices.ContainsFunc(f.Edits, substituted) {
				continue
			}
			f.Edits = slices.Clone(f.Edits)
			for i := range f.Edits {
				f.Edits[i].Span = move(f.Edits[i].Span)
			}
			d.Fixes = append(d.Fixes, f)
		}
		d.Span = move(d.Span)
		d.Related = slices.Clone(d.Related)
		for i := range d.Related {
			if d.Related[i].Document == nil {
				d.Related[i].Span = move(d.Related[i].Span)
			}
		}
		moved = append(moved, d)
	}
	moved = slices.DeleteFunc(moved, func(d patchlint.Diagnostic) bool { return d.Span.Start >= end })
	doc = doc.Relocate(e.src, e.place)
	memo := lazy.MemoOf(doc)
	memo.Offset, memo.Lines = e.offset, e.line
	secret.Mark(doc, e.secrets)
	return doc, moved
}
