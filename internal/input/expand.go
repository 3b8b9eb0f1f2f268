package input

import (
	"bytes"
	"slices"
	"sort"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/secret"
)

// A text with variables is linted as it will be sent: {{name}} gives way to the
// value of a variable that the file sets. The value of any other is known to
// the editor alone; within a string it is left as it is, and as a whole
// value it is null, and findings because of either are not reported.

// segment is a stretch of an expanded text.
type segment struct {
	start   int  // in the expanded text
	at      int  // where that came from in the file
	copied  bool // byte for byte
	unknown bool // it stands for a value that is not known
	null    bool // and is one by itself, as far as can be seen
}

// expansion leads from an expanded text back to its file. Its segments cover
// the text from 0, in ascending order.
type expansion struct {
	src      []byte           // the part of the file that the text is in
	origin   patchlint.Origin // where that is
	segments []segment
	secrets  []patchlint.Span // in src, where variables are set to credentials
	unparted int              // where in src the text starts without the empty line before it, -1 for nowhere
}

var (
	reference   = lazy.Regexp(`\{\{\s*([^{}\r\n]*?)\s*\}\}`)
	commentLine = lazy.Regexp(`(?m)^[ \t]*(?:#|//)[^\r\n]*`)
)

// nameIn returns the name of the variable in a reference.
func nameIn(reference string) string { return strings.Trim(reference, "{} \t\n\f\r") }

// expandText returns a line with the variables replaced; one that is not known
// is left as it is.
func expandText(text string, in *variables) string {
	return reference.Get().ReplaceAllStringFunc(text, func(reference string) string {
		if value, known := in.value(nameIn(reference)); known {
			return value
		}
		return reference
	})
}

// expandBody returns a body, which is at a place in its file, without the
// lines that are comments and with the variables replaced. A variable that is
// not known and stands for a whole value is null; else it is left as it is.
func expandBody(text []byte, at int, in *variables) (expanded []byte, segments []segment) {
	return expand(text, commentLine.Get().FindAllIndex(text, -1), at, in)
}

// expand is expandBody for a text in which the comments are known.
func expand(text []byte, comments [][]int, at int, in *variables) (expanded []byte, segments []segment) {
	inString := false
	follow := func(part []byte) {
		for i := 0; i < len(part); i++ {
			switch {
			case part[i] == '\n':
				inString = false // no string goes on in the next line
			case part[i] == '\\' && inString:
				i++
			case part[i] == '"':
				inString = !inString
			}
		}
		expanded = append(expanded, part...)
	}
	stretch := func(start, end int) {
		last := start
		for _, m := range reference.Get().FindAllSubmatchIndex(text[start:end], -1) {
			for i := range m {
				m[i] += start
			}
			segments = append(segments, segment{start: len(expanded), at: at + last, copied: true})
			follow(text[last:m[0]])
			value, known := in.value(string(text[m[2]:m[3]]))
			segments = append(segments, segment{start: len(expanded), at: at + m[0], unknown: !known, null: !known && !inString})
			switch {
			case known:
				follow([]byte(value))
			case inString:
				expanded = append(expanded, text[m[0]:m[1]]...)
			default:
				expanded = append(expanded, "null"...)
			}
			last = m[1]
		}
		segments = append(segments, segment{start: len(expanded), at: at + last, copied: true})
		follow(text[last:end])
	}
	start := 0
	for _, m := range comments {
		stretch(start, m[0])
		start = m[1]
	}
	stretch(start, len(text))
	return expanded, segments
}

// The size of variables is bounded, because they may double at each step: how
// far the value of one can lead, how long a value is in bytes, and how much is
// looked up in one file. A variable beyond that is as good as not known.
const (
	maxDepth    = 1000
	maxValue    = 64 << 10
	maxExpanded = 64 << 20
)

// variables are the variables of a file. A line that sets one holds for the requests
// after it, up to the next that does; before the first it is the last that
// counts.
type variables struct {
	set   map[string][]setting
	lines int // that set a variable

	before int              // the lines before the request at hand
	found  map[string]found // for it
	left   int              // of maxExpanded
	depth  int
}

type setting struct {
	line  int // among those that set a variable
	at    int // where in the file the value is
	value string
}

type found struct {
	value string
	known bool // not before it is found: a variable that leads to itself has no value
}

func (v *variables) add(name, value string, at int) {
	v.set[name] = append(v.set[name], setting{v.lines, at, value})
	v.lines++
}

// at makes the values those for a request after so many lines.
func (v *variables) at(before int) {
	if before != v.before || v.found == nil {
		v.before, v.found = before, make(map[string]found)
	}
}

// value returns the value of a variable for the request at hand, in which
// variables may be again.
func (v *variables) value(name string) (value string, known bool) {
	f, done := v.found[name]
	if !done {
		v.found[name] = f
		f.value, f.known = v.resolve(name)
		v.found[name] = f
	}
	return f.value, f.known && v.spend(len(f.value))
}

// setting returns the line that sets a variable for the request at hand.
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

func (v *variables) resolve(name string) (value string, known bool) {
	set, ok := v.setting(name)
	text := set.value
	if !ok || v.depth == maxDepth || len(text) > maxValue || !v.spend(len(text)) {
		return "", false
	}
	v.depth++
	defer func() { v.depth-- }()
	known, length := true, len(text)
	value = reference.Get().ReplaceAllStringFunc(text, func(reference string) string {
		inner := ""
		if known {
			inner, known = v.value(nameIn(reference))
		}
		length += len(inner) - len(reference)
		known = known && length <= maxValue
		return inner
	})
	if !known {
		return "", false
	}
	return value, true
}

// spend reports whether so many bytes may be looked up yet.
func (v *variables) spend(n int) bool {
	const lookup = 16 // what one costs beside its bytes
	v.left -= min(v.left, n+lookup)
	return v.left > 0
}

// place returns where in the file a byte of the expanded text is.
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

// afterUnknown reports whether a span of the text holds, or follows on, what
// stands for a value that is not known: it may stand for less than one value, or
// for more.
func (e *expansion) afterUnknown(text []byte, at patchlint.Span) bool {
	before := len(bytes.TrimRight(text[:at.Start], " \t\r\n"))
	at.Start, at.End = max(before-1, 0), max(at.End, min(at.Start+1, len(text)))
	return e.touches(at, func(s segment) bool { return s.null })
}

func (e *expansion) inFile(doc *patchlint.Document, findings []patchlint.Diagnostic) (*patchlint.Document, []patchlint.Diagnostic) {
	move := func(s patchlint.Span) patchlint.Span {
		return patchlint.Span{Start: e.place(s.Start), End: e.place(s.End)}
	}
	var moved []patchlint.Diagnostic
	end := len(e.src) + 1 // where in the file nothing can be judged any more
	for _, d := range findings {
		if d.Rule == "json-syntax" {
			if e.afterUnknown(doc.Source(), d.Span) {
				end = min(end, e.place(d.Span.Start))
				continue
			}
			if e.unparted >= 0 {
				d.Message = "the empty line between the headers and the body is missing"
				d.Span, d.Fixes = patchlint.Span{Start: e.unparted, End: e.unparted + 1}, nil
				moved = append(moved, d)
				continue
			}
		}
		n := doc.At(d.Span.Start)
		container := n.Kind() == patchlint.Object || n.Kind() == patchlint.Array
		// Whatever stands for a variable, what holds it is an object or array,
		// a string stays one, and invalid JSON stays invalid.
		certain := container && d.Span == n.Span() || n.Kind() == patchlint.String && d.Rule == "wrong-type" || strings.HasPrefix(d.Rule, "json-")
		if !certain && e.touches(d.Span, func(s segment) bool { return s.unknown }) {
			continue
		}
		fixes := d.Fixes
		d.Fixes = nil
		for _, f := range fixes {
			substituted := func(edit patchlint.Edit) bool { // or a comment stands in it
				return move(edit.Span).Len() != edit.Span.Len() || e.touches(edit.Span, func(s segment) bool { return !s.copied })
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
	doc.SetOrigin(e.origin)
	secret.Mark(doc, e.secrets)
	return doc, moved
}
