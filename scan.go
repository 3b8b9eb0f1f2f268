package patchlint

import (
	"bytes"

	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/charset"
	"github.com/patchlint/patchlint/internal/inert"
)

// A scanner is a hand-written parser of RFC 8259, because encoding/json does not report
// positions. It fills Document.records in one pass, and leaves a usable tree even if it
// fails. It recovers from some faults (a comment, a trailing comma, a duplicate name,
// invalid UTF-8). At any other fault it reports the place, closes all open containers
// there, and stops.
//
// Each parsing method takes the offset where it starts and returns the offset where it
// ends, or a negative number after it has reported a fault that ends the scan.
//
// Invariant: between two methods, container is the innermost open object or array, or
// -1, and every record except the open ones and a named one has its end and finish set.
// In an open record, finish is the number of children so far.
type scanner struct {
	doc       *Document
	src       []byte
	dialect   Dialect
	container int32
	depth     int
	named     bool // the last record is a member whose value has not been read yet
	limited   bool // the limit of faults was exceeded
	bounds    bounds.Bounds
	failure   int // 1 + the index of the first fault that is an error of Parse; 0 for none
	broke     int // offset where the scan stopped
}

// scan parses the source.
func (s *scanner) scan() {
	if name := charset.Of(s.src); name != "" {
		s.fail(0, "json-encoding", Span{0, min(2, len(s.src))},
			`the file is %s; Graph accepts only UTF-8 (in Windows PowerShell, write it with Set-Content -Encoding utf8, not with ">")`, name)
		return
	}
	mark := len(s.doc.mark())
	if mark > 0 {
		s.doc.faults = append(s.doc.faults, Diagnostic{
			Rule: "json-encoding", Severity: Warning, Span: Span{0, mark},
			Message: "the text starts with a byte order mark, which RFC 8259 forbids in JSON that is sent; save the file as UTF-8 without one",
			Fixes:   safeFix("remove the byte order mark", Edit{Span: Span{0, mark}}),
		})
	}
	i := s.space(mark)
	switch {
	case i >= 0 && i < len(s.src):
		i = s.value(i)
	case s.failure == 0:
		i = s.fail(i, "json-syntax", Span{i, i}, "the text is empty; a payload is one JSON object")
	default: // the comment has been reported
		i = -1
	}
	if i >= 0 {
		i = s.space(i)
	}
	if s.doc.whole = i == len(s.src); !s.doc.whole && i >= 0 {
		s.failTrailing(i)
	}
	if s.named { // a member without a value is an empty null in the tree
		at := int(s.doc.records[len(s.doc.records)-1].start)
		s.scalar(Null, at, at)
	}
	for s.container >= 0 { // after a failure
		s.end(s.broke)
	}
}

// value parses a value.
func (s *scanner) value(i int) int {
	switch s.src[i] {
	case '"':
		end, escaped, _ := s.str(i)
		if end < 0 {
			return end
		}
		if r := s.scalar(String, i, end); escaped {
			r.escaped |= escapedText
		}
		return end
	case '{':
		return s.open(Object, i, '}')
	case '[':
		return s.open(Array, i, ']')
	case 't':
		return s.literal(Bool, i, "true")
	case 'f':
		return s.literal(Bool, i, "false")
	case 'n':
		return s.literal(Null, i, "null")
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		end := s.number(i)
		if end >= 0 {
			s.scalar(Number, i, end)
		}
		return end
	}
	return s.failValue(i)
}

// sees reports whether the byte at i is c.
func (s *scanner) sees(i int, c byte) bool { return i < len(s.src) && s.src[i] == c }

// literal parses the literal true, false or null, given as word.
func (s *scanner) literal(kind Kind, i int, word string) int {
	end := i + len(word)
	if end > len(s.src) || string(s.src[i:end]) != word || end < len(s.src) && inWord(s.src, end) {
		return s.failValue(i)
	}
	s.scalar(kind, i, end)
	return end
}

// scalar completes the record of the scalar from start to end.
func (s *scanner) scalar(kind Kind, start, end int) *record {
	r := s.add(kind, start)
	r.finish, r.end = int32(end), int32(len(s.doc.records))
	return r
}

// add returns the record of the value at i: for a member, the one that name appended,
// else a new one.
func (s *scanner) add(kind Kind, i int) *record {
	if !s.named {
		s.record(i)
	}
	s.named = false
	r := &s.doc.records[len(s.doc.records)-1]
	r.kind = kind
	return r
}

// record appends a record for the value at i, as a child of the open container.
func (s *scanner) record(i int) *record {
	d := s.doc
	if s.container >= 0 {
		d.records[s.container].finish++
	}
	if len(d.records) == cap(d.records) {
		// Growing once avoids the copies and the spare memory of growing step by step.
		spare := max(countValues(s.src[i:]), len(d.records)/8)
		d.records = append(make([]record, 0, len(d.records)+spare), d.records...)
	}
	n := len(d.records)
	d.records = d.records[:n+1]
	r := &d.records[n]
	*r = record{parent: s.container, start: int32(i)}
	return r
}

// countValues returns an upper bound of the number of values in a text that starts with a
// value: every other one follows a comma or an opening bracket, and takes at least two
// bytes together with it. The bound is usually exact.
func countValues(src []byte) int {
	n := 1
	for _, before := range []string{",", "[", "{"} {
		n += bytes.Count(src, []byte(before))
	}
	return min(n, len(src)/2+1)
}

// open parses an object or array, which ends with closer.
func (s *scanner) open(kind Kind, i int, closer byte) int {
	if s.depth == bounds.Depth {
		return s.fail(i, "json-limit", Span{i, i + 1}, "objects and arrays are nested deeper than the limit of %d levels", bounds.Depth)
	}
	s.depth++
	s.add(kind, i)
	s.container = int32(len(s.doc.records) - 1)
	if i = s.space(i + 1); i < 0 {
		return i
	}
	if s.sees(i, closer) {
		return s.end(i + 1)
	}
	for more := true; more; {
		switch {
		case kind == Object:
			i = s.name(i)
		case i == len(s.src):
			i = s.failOpen(i)
		}
		if i < 0 {
			return i
		}
		if i = s.value(i); i < 0 {
			return i
		}
		i, more = s.after(i, closer)
	}
	return i
}

// after parses what follows a value in a container: the closing bracket, or a comma
// and white space, after which more is true.
func (s *scanner) after(i int, closer byte) (end int, more bool) {
	if !s.sees(i, ',') {
		if i = s.space(i); i < 0 {
			return i, false
		}
	}
	switch {
	case s.sees(i, ','):
		comma := i
		if i = s.space(i + 1); i < 0 {
			return i, false
		}
		if !s.sees(i, closer) {
			return i, true
		}
		if s.dialect == JSON && !s.limited {
			s.note(Diagnostic{
				Span:    Span{comma, comma + 1},
				Message: "trailing comma before '" + string(closer) + "'; JSON does not allow it",
				Fixes:   safeFix("remove the comma", Edit{Span: Span{comma, comma + 1}}),
			})
		}
	case s.sees(i, closer):
	case i == len(s.src):
		return s.failOpen(i), false
	default:
		return s.failAfter(i), false
	}
	return s.end(i + 1), false
}

// name parses a member up to its value: the name, the colon and white space.
func (s *scanner) name(i int) int {
	if !s.sees(i, '"') {
		if i == len(s.src) {
			return s.failOpen(i)
		}
		return s.failName(i)
	}
	key := i
	end, escaped, broken := s.str(key)
	if end < 0 {
		return end
	}
	if end-key > maxName+len(`""`) {
		return s.fail(key, "json-limit", Span{key, end}, "the member name is longer than the limit of %d bytes", maxName)
	}
	if i = end; !s.sees(i, ':') {
		if i = s.space(i); i < 0 {
			return i
		}
		if !s.sees(i, ':') {
			return s.fail(i, "json-syntax", s.at(i), `expected ":" after the member name %s, found %s`, inert.Text(s.src[key:end]), s.found(i))
		}
	}
	if i++; s.sees(i, ' ') {
		i++
	}
	if !s.sees(i, '"') {
		if i = s.space(i); i < 0 {
			return i
		}
	}
	if i == len(s.src) {
		return s.failOpen(i)
	}
	r := s.record(i)
	r.key, r.nameLength = int32(key), uint16(end-key)
	if escaped || broken {
		r.escaped = escapedName
	}
	s.named = true
	return i
}

// end closes the open container at i.
func (s *scanner) end(i int) int {
	r := &s.doc.records[s.container]
	members := int(r.finish)
	r.finish, r.end = int32(i), int32(len(s.doc.records))
	if r.kind == Object && members > 1 && !s.limited && !distinct(s.src, s.doc.records, s.container) {
		s.duplicates(s.container)
	}
	s.container = r.parent
	s.depth--
	return i
}
