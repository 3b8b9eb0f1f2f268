package patchlint

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/patchlint/patchlint/internal/charset"
	"github.com/patchlint/patchlint/internal/inert"
)

// The scanner reads RFC 8259 by hand, because positions are what patchlint
// sells: it fills Document.records in one pass, and leaves a usable tree behind
// whatever happens. It notes faults that it can read past (a comment, a trailing
// comma, a repeated name, broken UTF-8); at anything else it stops, closes what is
// open at that offset, and says where. Objects and arrays are at most MaxDepth deep.
//
// Invariant: between two steps, container is the innermost open object or
// array, or -1, and every record but the open ones has its end and finish set.
// Those have the number of their children so far in finish.
type scanner struct {
	doc       *Document
	src       []byte
	dialect   Dialect
	pos       int
	container int32
	depth     int
	member    int32 // the record of a member whose value is due, or -1
	limited   bool  // there were more faults than are to be listed
	bounds    Bounds
	failure   int  // 1 + the first of the faults that makes the text not JSON
	broken    bool // the last string is not UTF-8
}

// scan reads the source.
func (s *scanner) scan() {
	if len(s.src) > MaxSize {
		s.fail("json-limit", Span{0, 0}, "the document is larger than %d bytes, the most that is read", MaxSize)
		return
	}
	if name := charset.Of(s.src); name != "" {
		s.fail("json-encoding", Span{0, min(2, len(s.src))},
			`the file is %s; Graph takes UTF-8 (in Windows PowerShell write it with Set-Content -Encoding utf8, not with ">")`, name)
		return
	}
	if mark := s.doc.mark(); mark != nil {
		s.pos = len(mark)
		s.doc.faults = append(s.doc.faults, Diagnostic{
			Rule: "json-encoding", Severity: Warning, Span: Span{0, s.pos},
			Message: "the text starts with a byte order mark, which RFC 8259 does not allow in JSON that is sent; save it as UTF-8 without one",
			Fixes:   safely("remove the byte order mark", Edit{Span: Span{0, s.pos}}),
		})
	}
	if s.root() && s.space() {
		if s.doc.whole = s.pos == len(s.src); !s.doc.whole {
			s.failTrailing()
		}
	}
	s.member = -1
	for s.container >= 0 { // after a failure
		s.end()
	}
}

// root reads the root value and everything in it.
func (s *scanner) root() bool {
	if !s.space() {
		return false
	}
	if s.pos == len(s.src) {
		if s.failure > 0 {
			return false // a comment says enough
		}
		return s.fail("json-syntax", Span{s.pos, s.pos}, "the text is empty; a payload is one JSON object")
	}
	return s.value()
}

// value reads a value and everything in it.
func (s *scanner) value() bool {
	switch c := s.src[s.pos]; c {
	case '"':
		end, escaped, ok := s.str()
		if !ok {
			return false
		}
		if r := s.scalar(String, end); escaped {
			r.escaped |= escapedText
		}
		return true
	case '{':
		return s.open(Object) && s.members()
	case '[':
		return s.open(Array) && s.elements()
	case 't':
		return s.literal(Bool, "true")
	case 'f':
		return s.literal(Bool, "false")
	case 'n':
		return s.literal(Null, "null")
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		end, ok := s.number()
		if ok {
			s.scalar(Number, end)
		}
		return ok
	}
	return s.failValue()
}

// sees reports whether the byte at pos is c.
func (s *scanner) sees(c byte) bool { return s.pos < len(s.src) && s.src[s.pos] == c }

// literal reads the word, which must be at pos and end there.
func (s *scanner) literal(kind Kind, word string) bool {
	end := s.pos + len(word)
	if end > len(s.src) || string(s.src[s.pos:end]) != word || end < len(s.src) && inWord(s.src, end) {
		return s.failValue()
	}
	s.scalar(kind, end)
	return true
}

// scalar gives the value from pos to end its record.
func (s *scanner) scalar(kind Kind, end int) *record {
	r := s.add(kind)
	r.finish, r.end = int32(end), int32(len(s.doc.records))
	s.pos = end
	return r
}

// add gives the value at pos its record. That of a member was appended with its name.
func (s *scanner) add(kind Kind) *record {
	var r *record
	if s.member >= 0 {
		r = &s.doc.records[s.member]
		r.finish, r.end, s.member = 0, 0, -1
	} else {
		r = s.record()
	}
	r.kind, r.start = kind, int32(s.pos)
	return r
}

// record appends a record that belongs to the open container.
func (s *scanner) record() *record {
	d := s.doc
	if s.container >= 0 {
		d.records[s.container].finish++
	}
	if len(d.records) == cap(d.records) {
		s.grow()
	}
	n := len(d.records)
	d.records = d.records[:n+1]
	r := &d.records[n]
	*r = record{parent: s.container}
	return r
}

// open reads an opening bracket and white space behind it.
func (s *scanner) open(kind Kind) bool {
	if s.depth == MaxDepth {
		return s.fail("json-limit", Span{s.pos, s.pos + 1}, "objects and arrays are nested deeper than %d levels, the most that is read", MaxDepth)
	}
	s.depth++
	s.add(kind)
	s.container = int32(len(s.doc.records) - 1)
	s.pos++
	return s.space()
}

// members reads the rest of an object.
func (s *scanner) members() bool {
	if s.sees('}') {
		s.close()
		return true
	}
	for {
		if !s.name() || !s.value() {
			return false
		}
		if more, ok := s.after('}'); !more {
			return ok
		}
	}
}

// elements reads the rest of an array.
func (s *scanner) elements() bool {
	if s.sees(']') {
		s.close()
		return true
	}
	for {
		if s.pos == len(s.src) {
			return s.failOpen()
		}
		if !s.value() {
			return false
		}
		if more, ok := s.after(']'); !more {
			return ok
		}
	}
}

// after reads what may follow a value inside a container: the closing bracket,
// or a comma and white space before another value.
func (s *scanner) after(closer byte) (more, ok bool) {
	if !s.sees(',') && !s.space() {
		return false, false
	}
	switch {
	case s.sees(','):
		comma := s.pos
		s.pos++
		if !s.space() {
			return false, false
		}
		if !s.sees(closer) {
			return true, true
		}
		if s.dialect == JSON && !s.limited {
			s.note(Diagnostic{
				Span:    Span{comma, comma + 1},
				Message: trailingComma(closer),
				Fixes:   safely("remove the comma", Edit{Span: Span{comma, comma + 1}}),
			})
		}
	case s.sees(closer):
	case s.pos == len(s.src):
		return false, s.failOpen()
	default:
		return false, s.failAfter()
	}
	s.close()
	return false, true
}

// name reads what is before the value of a member: its name, a colon, white space.
func (s *scanner) name() bool {
	if !s.sees('"') {
		if s.pos == len(s.src) {
			return s.failOpen()
		}
		return s.failName()
	}
	key := s.pos
	end, escaped, ok := s.str()
	if !ok {
		return false
	}
	if end-key > maxName+len(`""`) {
		return s.fail("json-limit", Span{key, end}, "the member name is longer than %d bytes, the most that is read", maxName)
	}
	s.pos = end
	if !s.sees(':') && !s.space() {
		return false
	}
	if !s.sees(':') {
		at := s.at()
		return s.fail("json-syntax", at, `expected ":" after the member name %s, found %s`, inert.Text(s.src[key:end]), s.found())
	}
	if s.pos++; s.sees(' ') {
		s.pos++
	}
	if !s.sees('"') && !s.space() {
		return false
	}
	if s.pos == len(s.src) {
		return s.failOpen()
	}
	r := s.record()
	r.key, r.nameLength = int32(key), uint16(end-key)
	if escaped || s.broken {
		r.escaped = escapedName
	}
	// Until the value is read, the member is an empty null: what a partial tree shows
	// when it never comes.
	r.kind, r.start, r.finish, r.end = Null, int32(s.pos), int32(s.pos), int32(len(s.doc.records))
	s.member = r.end - 1
	return true
}

// close ends the open container with the bracket at pos.
func (s *scanner) close() {
	s.pos++
	s.end()
}

// end ends the open container at pos.
func (s *scanner) end() {
	r := &s.doc.records[s.container]
	members := int(r.finish)
	r.finish, r.end = int32(s.pos), int32(len(s.doc.records))
	if r.kind == Object && members > 1 {
		s.duplicates(s.container, members)
	}
	s.container = s.doc.records[s.container].parent
	s.depth--
}

// space skips white space and, where they are allowed or can be read past,
// comments and characters that only look like white space.
func (s *scanner) space() bool {
	for {
		s.pos = skipSpace(s.src, s.pos)
		if s.pos == len(s.src) || s.src[s.pos] != '/' && s.src[s.pos] < utf8.RuneSelf {
			return true
		}
		from := s.pos
		if s.src[s.pos] == '/' {
			if !s.comment() {
				return false
			}
		} else {
			s.blank()
		}
		if s.pos == from {
			return true
		}
	}
}

// blank notes characters at pos that nobody sees and that are not white space in
// JSON (RFC 8259 section 2): what word processors and web pages put into text.
func (s *scanner) blank() {
	first, _ := utf8.DecodeRune(s.src[s.pos:])
	end := s.pos
	for {
		r, size := utf8.DecodeRune(s.src[end:])
		if r != first || !inert.Invisible(r) {
			break
		}
		end += size
	}
	if end == s.pos {
		return
	}
	if !s.limited {
		s.note(Diagnostic{
			Span:    Span{s.pos, end},
			Message: fmt.Sprintf("the invisible character U+%04X is not white space in JSON; replace it with a space", first),
			Fixes:   safely("replace it with a space", Edit{Span: Span{s.pos, end}, NewText: " "}),
		})
	}
	s.pos = end
}

func (s *scanner) comment() bool {
	length := commentLength(s.src[s.pos:])
	switch length {
	case 0:
		return true // a stray slash: the next check says what was expected
	case -1:
		return s.fail("json-syntax", Span{s.pos, s.pos + 2}, `the comment is not closed; expected "*/"`)
	}
	at := Span{s.pos, s.pos + length}
	if n := len(s.doc.comments); n == cap(s.doc.comments) {
		s.doc.comments = slices.Grow(s.doc.comments, n+1) // twice as much, for the fewer copies
	}
	s.doc.comments = append(s.doc.comments, at)
	if s.dialect == JSON && !s.limited {
		s.note(Diagnostic{Span: at, Message: "JSON does not allow comments; remove it (only a .jsonc file may have them)"})
	}
	s.pos += length
	return true
}

// commentLength returns the length of the comment that a text starts with, 0
// where there is none and -1 where it is not closed.
func commentLength(text []byte) int {
	switch {
	case bytes.HasPrefix(text, []byte("//")):
		if end := bytes.IndexByte(text, '\n'); end >= 0 {
			text = text[:end]
		}
		return len(bytes.TrimSuffix(text, []byte{'\r'}))
	case bytes.HasPrefix(text, []byte("/*")):
		end := bytes.Index(text[2:], []byte("*/"))
		if end < 0 {
			return -1
		}
		return end + len("/**/")
	}
	return 0
}

// str reads the string literal at pos and returns where it ends.
func (s *scanner) str() (end int, escaped, ok bool) {
	src, i := s.src, s.pos+1
	s.broken = false
	for {
		// Plain text is read eight bytes at a time.
		for ; i+8 <= len(src); i += 8 {
			// A byte b is below n exactly where b-n borrows; above the first hit the
			// others may be wrong. "&^x" asks about x's own high bits, which those of
			// quote and backslash share, because neither character has one.
			x := binary.LittleEndian.Uint64(src[i:])
			quote, backslash := x^(ones*'"'), x^(ones*'\\')
			if hit := ((x-ones*' ')|(quote-ones)|(backslash-ones))&^x&highs | x&highs; hit != 0 {
				i += bits.TrailingZeros64(hit) / 8
				break
			}
		}
		for i < len(src) && src[i] >= ' ' && src[i] < utf8.RuneSelf && src[i] != '"' && src[i] != '\\' {
			i++
		}
		if i == len(src) {
			return 0, false, s.fail("json-syntax", Span{s.pos, s.pos + 1}, "the string is not closed before the end of the text")
		}
		switch c := src[i]; {
		case c == '"':
			return i + 1, escaped, true
		case c == '\\':
			escaped = true
			n := s.escape(i)
			if n == 0 {
				return 0, false, false
			}
			i += n
		case c == '\n' || c == '\r':
			return 0, false, s.fail("json-syntax", Span{s.pos, i}, `the string is not closed on its line; close it with a quotation mark, or write \n for a line break`)
		case c < ' ':
			return 0, false, s.fail("json-syntax", Span{i, i + 1}, `the control character U+%04X must be escaped in a string, as \u%04x`, c, c)
		default:
			r, size := utf8.DecodeRune(src[i:])
			if r == utf8.RuneError && size == 1 {
				size, s.broken = s.notUTF8(i), true
			}
			i += size
		}
	}
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// notUTF8 notes the bytes at i, which no character in UTF-8 starts with, and
// returns how many they are.
func (s *scanner) notUTF8(i int) int {
	n := 1
	for i+n < len(s.src) && s.src[i+n] >= utf8.RuneSelf && !utf8.FullRune(s.src[i+n:]) {
		n++
	}
	what := "the byte %x is"
	if n > 1 {
		what = "the bytes % x are"
	}
	s.encoding(Span{i, i + n}, fmt.Sprintf(what+" not UTF-8; save the file as UTF-8", s.src[i:i+n]))
	return n
}

// escape returns the length of the escape sequence at i, 0 when it is none.
func (s *scanner) escape(i int) int {
	if i+1 >= len(s.src) {
		s.fail("json-syntax", Span{s.pos, s.pos + 1}, "the string is not closed before the end of the text")
		return 0
	}
	switch s.src[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		unit, ok := hex4(s.src[i+2:])
		if !ok {
			break
		}
		if unit < 0xD800 || unit > 0xDFFF {
			return 6
		}
		if unit < 0xDC00 && i+7 < len(s.src) && s.src[i+6] == '\\' && s.src[i+7] == 'u' {
			if low, ok := hex4(s.src[i+8:]); ok && low >= 0xDC00 && low <= 0xDFFF {
				return 12
			}
		}
		// RFC 8259 section 8.2: such text is unpredictable for every reader.
		s.encoding(Span{i, i + 6}, fmt.Sprintf("%s is half of a surrogate pair and not a character by itself; write both halves or the character itself", s.src[i:i+6]))
		return 6
	}
	length := 2
	for length < 6 && s.src[i+1] == 'u' && i+length < len(s.src) && inWord(s.src, i+length) {
		length++
	}
	_, size := utf8.DecodeRune(s.src[i+1:])
	s.fail("json-syntax", Span{i, i + max(length, 1+size)}, `%s is not a JSON escape sequence; write \\ for a backslash`, inert.Text(s.src[i:i+max(length, 1+size)]))
	return 0
}

// hex4 reads the four hexadecimal digits that a text starts with.
func hex4(src []byte) (unit rune, ok bool) {
	var b [2]byte
	if len(src) < 4 {
		return 0, false
	}
	_, err := hex.Decode(b[:], src[:4])
	return rune(binary.BigEndian.Uint16(b[:])), err == nil
}

// number reads the number at pos by the grammar of RFC 8259 section 6.
func (s *scanner) number() (end int, ok bool) {
	src, i, reason := s.src, s.pos, ""
	if src[i] == '-' {
		i++
	}
	whole := i
	switch i = skipDigits(src, i); {
	case i == whole:
		reason = "a number needs a digit after the minus sign"
	case i > whole+1 && src[whole] == '0':
		reason = "a number must not have a leading zero"
	}
	if reason == "" && i < len(src) && src[i] == '.' {
		point := i
		if i = skipDigits(src, i+1); i == point+1 {
			reason = "a number needs a digit after the decimal point"
		}
	}
	if reason == "" && i < len(src) && src[i]|0x20 == 'e' {
		if i++; i < len(src) && (src[i] == '+' || src[i] == '-') {
			i++
		}
		exponent := i
		if i = skipDigits(src, i); i == exponent {
			reason = "a number needs a digit in its exponent"
		}
	}
	if reason == "" && !inNumber(src, i) {
		return i, true
	}
	for inNumber(src, i) {
		i++
	}
	if reason == "" {
		reason = "text must be in double quotes"
	}
	return 0, s.fail("json-syntax", Span{s.pos, i}, "%s is not a number: %s", inert.Text(src[s.pos:i]), reason)
}

func skipDigits(src []byte, i int) int {
	for i < len(src) && '0' <= src[i] && src[i] <= '9' {
		i++
	}
	return i
}

// inNumber reports whether the byte at i belongs to a number as people see it.
func inNumber(src []byte, i int) bool {
	return i < len(src) && (inWord(src, i) || strings.IndexByte(".-+:", src[i]) >= 0)
}

// skipSpace returns the offset of the first byte from i on that is not white space
// (RFC 8259 section 2).
func skipSpace(src []byte, i int) int {
	for i < len(src) {
		switch src[i] {
		case ' ':
			// Indentation comes eight at a time.
			for i++; i+8 <= len(src); i += 8 {
				if other := binary.LittleEndian.Uint64(src[i:]) ^ ones*' '; other != 0 {
					i += bits.TrailingZeros64(other) / 8
					break
				}
			}
		case '\n', '\r', '\t':
			i++
		default:
			return i
		}
	}
	return i
}
