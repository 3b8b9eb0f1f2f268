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
// -1, and every record except the open ones and a pending one has its end and finish set.
// In an open record, finish is the number of children so far. A record is pending while its
// value has not been read yet; it is the last one, and has no kind.
type scanner struct {
	doc       *Document
	src       []byte
	dialect   Dialect
	container int32
	depth     int
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
		s.record(i)
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
	if r := s.pending(); r != nil && r.nameLength > 0 { // a member without a value is an empty null in the tree
		s.scalar(Null, int(r.start))
	} else if r != nil {
		s.doc.records = s.doc.records[:len(s.doc.records)-1]
	}
	for s.container >= 0 { // after a failure
		s.end(s.broke, doubtful)
	}
}

// value parses the value of the pending record.
func (s *scanner) value(i int) int {
	switch s.src[i] {
	case '"':
		end, as := s.str(i)
		if end >= 0 {
			s.scalar(String, end).escaped |= as & escapedText
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
			s.scalar(Number, end)
		}
		return end
	}
	return s.failValue(i)
}

// sees reports whether the byte at i is c.
func (s *scanner) sees(i int, c byte) bool { return i < len(s.src) && s.src[i] == c }

// literal parses true, false or null, given as word, as the value of the pending record.
func (s *scanner) literal(kind Kind, i int, word string) int {
	end := i + len(word)
	if end > len(s.src) || string(s.src[i:end]) != word || end < len(s.src) && inWord(s.src, end) {
		return s.failValue(i)
	}
	s.scalar(kind, end)
	return end
}

// scalar completes the pending record with a scalar, which ends at end.
func (s *scanner) scalar(kind Kind, end int) *record {
	n := len(s.doc.records)
	r := &s.doc.records[n-1]
	r.kind, r.finish, r.end = kind, int32(end), int32(n)
	return r
}

// pending returns the pending record, or nil.
func (s *scanner) pending() *record {
	if n := len(s.doc.records); n > 0 && s.doc.records[n-1].kind == 0 {
		return &s.doc.records[n-1]
	}
	return nil
}

// record appends a pending record for the value at i, as a child of the open container.
func (s *scanner) record(i int) *record {
	d := s.doc
	if s.container >= 0 {
		d.records[s.container].finish++
	}
	if len(d.records) == cap(d.records) {
		// Growing once avoids the copies and the spare memory of growing step by step.
		spare := 1
		if s.container >= 0 || s.src[i] == '{' || s.src[i] == '[' { // not a scalar, nor text that is not JSON
			spare = max(countValues(s.src[i:]), len(d.records)/8)
		}
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

// open parses an object or array, which ends with closer, as the value of the pending record.
func (s *scanner) open(kind Kind, i int, closer byte) int {
	if s.depth == bounds.Depth {
		return s.fail(i, "json-limit", Span{i, i + 1}, "objects and arrays are nested deeper than the limit of %d levels", bounds.Depth)
	}
	s.depth++
	s.container = int32(len(s.doc.records) - 1)
	s.doc.records[s.container].kind = kind
	names := uint64(0) // set of hashes
	if i = s.space(i + 1); i < 0 {
		return i
	}
	for !s.sees(i, closer) {
		switch {
		case kind == Object:
			i = s.name(i, &names)
		case i == len(s.src):
			i = s.failOpen(i)
		default:
			s.record(i)
		}
		if i < 0 {
			return i
		}
		if i = s.value(i); i < 0 {
			return i
		}
		if i = s.space(i); i < 0 {
			return i
		}
		switch comma := i; {
		case s.sees(i, ','):
			if i = s.space(i + 1); i < 0 {
				return i
			}
			if s.dialect == JSON && !s.limited && s.sees(i, closer) {
				s.note(Diagnostic{
					Span:    Span{comma, comma + 1},
					Message: trailing[kind],
					Fixes:   safeFix("remove the comma", Edit{Span: Span{comma, comma + 1}}),
				})
			}
		case s.sees(i, closer):
		case i == len(s.src):
			return s.failOpen(i)
		default:
			return s.failAfter(i)
		}
	}
	return s.end(i+1, names)
}

// trailing are the messages about a comma after the last member or element.
var trailing = [...]string{Object: "trailing comma before '}'; JSON does not allow it", Array: "trailing comma before ']'; JSON does not allow it"}

// name parses a member up to its value: the name, the colon and white space.
func (s *scanner) name(i int, names *uint64) int {
	if !s.sees(i, '"') {
		if i == len(s.src) {
			return s.failOpen(i)
		}
		return s.failName(i)
	}
	key := i
	end, as := s.str(key)
	if end < 0 {
		return end
	}
	if end-key > maxName+len(`""`) {
		return s.fail(key, "json-limit", Span{key, end}, "the member name is longer than the limit of %d bytes", maxName)
	}
	if i = s.space(end); i < 0 {
		return i
	}
	if !s.sees(i, ':') {
		return s.fail(i, "json-syntax", s.at(i), `expected ":" after the member name %s, found %s`, inert.Text(s.src[key:end]), s.found(i))
	}
	if i++; s.sees(i, ' ') {
		i++
	}
	if i = s.space(i); i < 0 {
		return i
	}
	if i == len(s.src) {
		return s.failOpen(i)
	}
	r := s.record(i)
	r.key, r.nameLength, r.escaped = int32(key), uint16(end-key), as&escapedName
	s.addName(names, r)
	return i
}

// end closes the open container at i.
func (s *scanner) end(i int, names uint64) int {
	r := &s.doc.records[s.container]
	r.finish, r.end = int32(i), int32(len(s.doc.records))
	if names == doubtful && r.kind == Object && !s.limited {
		s.duplicates(s.container)
	}
	s.container = r.parent
	s.depth--
	return i
}
