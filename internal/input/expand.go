package input

import (
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/patchlint/patchlint"
)

// A text with variables is linted as it will be sent: {{name}} gives way to the
// value of a variable that the file sets. The value of any other is known to
// the editor alone; within a string it is left as it stands, and as a value by
// itself it is null, and what is found because of either is not reported.

// segment is a stretch of an expanded text.
type segment struct {
	start   int  // in the expanded text
	at      int  // where that came from in the file
	copied  bool // byte for byte
	unknown bool // it stands for a value that is not known
}

// expansion leads from an expanded text back to its file. Its segments cover
// the text from 0, in ascending order.
type expansion struct {
	src      []byte
	segments []segment
}

var reference = lazily(`\{\{\s*([^{}\r\n]*?)\s*\}\}`)

// lazily compiles an expression when it is first needed.
func lazily(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// expandText returns a text, which stands at a place in its file, with the
// variables replaced. With asJSON, a variable that is not known and stands for
// a whole value is null; else it is left as it stands.
func expandText(text []byte, at int, scope, global map[string]string, asJSON bool) (expanded []byte, segments []segment) {
	inString := false
	follow := func(part []byte) {
		for i := 0; i < len(part); i++ {
			switch {
			case part[i] == '\\' && inString:
				i++
			case part[i] == '"':
				inString = !inString
			}
		}
		expanded = append(expanded, part...)
	}
	last := 0
	for _, m := range reference().FindAllSubmatchIndex(text, -1) {
		segments = append(segments, segment{start: len(expanded), at: at + last, copied: true})
		follow(text[last:m[0]])
		value, known := (&resolver{scope: scope, global: global}).resolve(string(text[m[2]:m[3]]))
		known = known && len(expanded)+len(value) <= maxExpanded
		segments = append(segments, segment{start: len(expanded), at: at + m[0], unknown: !known})
		switch {
		case known:
			follow([]byte(value))
		case asJSON && !inString:
			expanded = append(expanded, "null"...)
		default:
			expanded = append(expanded, text[m[0]:m[1]]...)
		}
		last = m[1]
	}
	segments = append(segments, segment{start: len(expanded), at: at + last, copied: true})
	follow(text[last:])
	return expanded, segments
}

// What variables can come to is bounded, for they may double at each step: how
// many the value of one can lead to, how long a value is in bytes, and how long
// a text may get. A variable beyond that is as good as not known.
const (
	maxLookups  = 1000
	maxValue    = 64 << 10
	maxExpanded = 64 << 20
)

// resolver looks up one variable.
type resolver struct {
	scope, global map[string]string
	lookups       int
	open          []string // the variables that are being looked up
}

// resolve returns the value of a variable, in which variables may stand again.
// One that leads to itself has none.
func (r *resolver) resolve(name string) (value string, known bool) {
	value, known = r.scope[name]
	if !known {
		value, known = r.global[name]
	}
	r.lookups++
	if !known || r.lookups > maxLookups || len(value) > maxValue || slices.Contains(r.open, name) {
		return "", false
	}
	r.open = append(r.open, name)
	value = reference().ReplaceAllStringFunc(value, func(inner string) string {
		text, ok := r.resolve(reference().FindStringSubmatch(inner)[1])
		known = known && ok
		return text
	})
	r.open = r.open[:len(r.open)-1]
	return value, known
}

// place returns where in the file a byte of the expanded text stands.
func (e *expansion) place(offset int) int {
	s := e.segments[e.segment(offset)]
	if s.copied {
		return s.at + offset - s.start
	}
	return s.at
}

// segment returns the index of the segment that holds the byte.
func (e *expansion) segment(offset int) int {
	return max(0, sort.Search(len(e.segments), func(i int) bool { return e.segments[i].start > offset })-1)
}

// touches reports whether the span shares a byte with a segment of that kind.
func (e *expansion) touches(at patchlint.Span, kind func(segment) bool) bool {
	for i := e.segment(at.Start); i < len(e.segments) && e.segments[i].start < at.End; i++ {
		end := at.End
		if i+1 < len(e.segments) {
			end = min(end, e.segments[i+1].start)
		}
		if kind(e.segments[i]) && max(e.segments[i].start, at.Start) < end {
			return true
		}
	}
	return false
}

func (e *expansion) inFile(doc *patchlint.Document, findings []patchlint.Diagnostic) (*patchlint.Document, []patchlint.Diagnostic) {
	move := func(s patchlint.Span) patchlint.Span {
		return patchlint.Span{Start: e.place(s.Start), End: e.place(s.End)}
	}
	var moved []patchlint.Diagnostic
	for _, d := range findings {
		n := doc.At(d.Span.Start)
		container := n.Kind() == patchlint.Object || n.Kind() == patchlint.Array
		// Whatever stands for a variable, what holds it is an object or array,
		// a string stays one, and a text that is no JSON is none.
		certain := container && d.Span == n.Span() || n.Kind() == patchlint.String && d.Rule == "wrong-type" || strings.HasPrefix(d.Rule, "json-")
		if !certain && e.touches(d.Span, func(s segment) bool { return s.unknown }) {
			continue
		}
		fixes := d.Fixes
		d.Fixes = nil
		for _, f := range fixes {
			substituted := func(edit patchlint.Edit) bool {
				return e.touches(edit.Span, func(s segment) bool { return !s.copied })
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
	return doc.Relocate(e.src, e.place), moved
}
