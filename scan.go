package patchlint

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"unicode"
	"unicode/utf8"
)

// The scanner reads RFC 8259 by hand, because positions are what patchlint
// sells: it fills Document.records in one pass, without recursion, and leaves a
// usable tree behind whatever happens. What it can read past (a comment, a
// trailing comma, a repeated name, broken UTF-8) it notes as a fault; at
// anything else it stops, closes what is open at that offset, and says where.
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
	failure   int // 1 + the first of the faults that makes the text not JSON
}

// scan reads the source from a place on.
func (s *scanner) scan(from place) {
	if from.pos > 0 {
		s.pos, s.container, s.depth = from.pos, from.container, from.depth
		s.finish(s.rest())
		return
	}
	if len(s.src) > MaxSize {
		s.fail("json-limit", Span{0, 0}, "the document is larger than %d bytes, the most that is read", MaxSize)
		return
	}
	if name := wideText(s.src); name != "" {
		s.fail("json-encoding", Span{0, min(2, len(s.src))},
			`the file is %s; Graph takes UTF-8 (in Windows PowerShell write it with Set-Content -Encoding utf8, not with ">")`, name)
		return
	}
	if mark := s.doc.mark(); mark != nil {
		s.pos = len(mark)
		s.doc.faults = append(s.doc.faults, Diagnostic{
			Rule: "json-encoding", Severity: Warning, Span: Span{0, s.pos},
			Message: "the text starts with a byte order mark, which RFC 8259 forbids to send; save it as UTF-8 without one",
			Fixes:   safely("remove the byte order mark", Edit{Span: Span{0, s.pos}}),
		})
	}
	s.finish(s.root())
}

// finish reads what may follow the root value, if that has ended, and closes
// what is open otherwise.
func (s *scanner) finish(ended bool) {
	if ended && s.space() {
		if s.doc.whole = s.pos == len(s.src); !s.doc.whole {
			s.failTrailing()
		}
	}
	s.member = -1
	s.closeAll()
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
	return s.value() && s.rest()
}

// value reads a value that is due: a scalar, or of an object or array as much as
// is before the end of a first scalar or empty object or array.
func (s *scanner) value() bool {
	for {
		opened, ok := s.one()
		if !ok {
			return false
		}
		if !opened {
			return true
		}
		if closed, ok := s.first(); !ok || closed {
			return ok
		}
	}
}

// rest reads what is left of the root value after a value in it, or itself, has
// ended.
func (s *scanner) rest() bool {
	for s.container >= 0 {
		closed, ok := s.after()
		if !ok || !closed && !s.value() {
			return false
		}
	}
	return true
}

// one reads a scalar, or the opening bracket of an object or array.
func (s *scanner) one() (opened, ok bool) {
	c := s.src[s.pos]
	switch {
	case c == '{':
		return true, s.open(Object)
	case c == '[':
		return true, s.open(Array)
	case c == '"':
		end, escaped, ok := s.str()
		if ok {
			s.scalar(String, end, escaped)
		}
		return false, ok
	case c == '-' || '0' <= c && c <= '9':
		end, ok := s.number()
		if ok {
			s.scalar(Number, end, false)
		}
		return false, ok
	case s.literal("true"):
		s.scalar(Bool, s.pos+len("true"), false)
		return false, true
	case s.literal("false"):
		s.scalar(Bool, s.pos+len("false"), false)
		return false, true
	case s.literal("null"):
		s.scalar(Null, s.pos+len("null"), false)
		return false, true
	}
	return false, s.failValue()
}

// literal reports whether the word stands at pos and ends there.
func (s *scanner) literal(word string) bool {
	end := s.pos + len(word)
	return end <= len(s.src) && string(s.src[s.pos:end]) == word && (end == len(s.src) || !inWord(s.src, end))
}

// inWord reports whether the byte at i belongs to a word as people see it.
func inWord(src []byte, i int) bool {
	c := src[i]
	if c >= utf8.RuneSelf {
		r, _ := utf8.DecodeRune(src[i:])
		return !isInvisible(r) && !isTypographic(r)
	}
	return c == '_' || c == '$' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

func isInvisible(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// isTypographic reports whether r is a quotation mark made for print.
func isTypographic(r rune) bool {
	return unicode.In(r, unicode.Pi, unicode.Pf) || r == '\u201A' || r == '\u201E' || r == '\u2033' || r == '\uFF02'
}

// add appends a record that starts at pos and belongs to the open container.
func (s *scanner) add(kind Kind) *record {
	d := s.doc
	id := int32(len(d.records))
	if s.container >= 0 {
		parent := &d.records[s.container]
		if parent.kind == Object {
			// The member name has been read into a record of its own, which
			// now becomes that of the value.
			r := &d.records[s.member]
			r.kind, r.start, r.finish, r.end = kind, int32(s.pos), 0, 0
			s.member = -1
			return r
		}
		parent.finish++
	}
	d.records = append(room(d.records, s.src, s.pos), record{kind: kind, parent: s.container, start: int32(s.pos)})
	return &d.records[id]
}

func (s *scanner) scalar(kind Kind, end int, escaped bool) {
	r := s.add(kind)
	r.finish, r.end = int32(end), int32(len(s.doc.records))
	if escaped {
		r.escaped |= escapedText
	}
	s.pos = end
}

func (s *scanner) open(kind Kind) bool {
	if s.depth == MaxDepth {
		return s.fail("json-limit", Span{s.pos, s.pos + 1}, "objects and arrays are nested deeper than %d levels, the most that is read", MaxDepth)
	}
	s.depth++
	s.add(kind)
	s.container = int32(len(s.doc.records) - 1)
	s.pos++
	return true
}

// first reads what may follow an opening bracket: its closing one, or all up to
// the first value.
func (s *scanner) first() (closed, ok bool) {
	if !s.space() {
		return false, false
	}
	if s.pos < len(s.src) && s.src[s.pos] == s.closer() {
		s.close()
		return true, true
	}
	return false, s.due()
}

// after reads what may follow a value inside a container: the closing bracket,
// or a comma and all up to the next value.
func (s *scanner) after() (closed, ok bool) {
	if !s.space() {
		return false, false
	}
	if s.pos == len(s.src) {
		return false, s.failOpen()
	}
	switch c := s.src[s.pos]; c {
	case s.closer():
		s.close()
		return true, true
	case ',':
		comma := s.pos
		s.pos++
		if !s.space() {
			return false, false
		}
		if s.pos < len(s.src) && s.src[s.pos] == s.closer() {
			if s.dialect == JSON && !s.limited {
				s.note(Diagnostic{
					Span:    Span{comma, comma + 1},
					Message: trailingComma(s.closer()),
					Fixes:   safely("remove the comma", Edit{Span: Span{comma, comma + 1}}),
				})
			}
			s.close()
			return true, true
		}
		return false, s.due()
	default:
		return false, s.failAfter()
	}
}

// safely is a safe fix of one edit.
func safely(title string, edit Edit) []Fix {
	made := new(struct { // at once
		fix  [1]Fix
		edit [1]Edit
	})
	made.edit[0] = edit
	made.fix[0] = Fix{Title: title, Safe: true, Edits: made.edit[:]}
	return made.fix[:]
}

func trailingComma(before byte) string {
	if before == '}' {
		return "trailing comma before '}'; JSON has none after the last one"
	}
	return "trailing comma before ']'; JSON has none after the last one"
}

// due reads up to the next value: in an object the member name and colon.
func (s *scanner) due() bool {
	if s.pos == len(s.src) {
		return s.failOpen()
	}
	if s.doc.records[s.container].kind == Array {
		return true
	}
	if s.src[s.pos] != '"' {
		return s.failName()
	}
	key := s.pos
	end, escaped, ok := s.str()
	if !ok {
		return false
	}
	if end-key > math.MaxUint16 {
		return s.fail("json-limit", Span{key, end}, "the member name is longer than %d bytes, the most that is read", MaxName)
	}
	s.pos = end
	if !s.space() {
		return false
	}
	if s.pos == len(s.src) || s.src[s.pos] != ':' {
		at := s.at()
		return s.fail("json-syntax", at, `expected ":" after the member name %s, found %s`, printable(s.src[key:end]), s.found())
	}
	s.pos++
	if !s.space() {
		return false
	}
	if s.pos == len(s.src) {
		return s.failOpen()
	}
	d := s.doc
	d.records[s.container].finish++
	d.records = append(room(d.records, s.src, s.pos), record{
		parent: s.container, key: int32(key), nameLength: uint16(end - key),
		// Until the value is read, the member is an empty null: what a partial
		// tree shows when it never comes.
		kind: Null, start: int32(s.pos), finish: int32(s.pos), end: int32(len(d.records) + 1),
	})
	if escaped {
		d.records[len(d.records)-1].escaped = escapedName
	}
	s.member = int32(len(d.records) - 1)
	return true
}

// closer is the bracket that ends the open container.
func (s *scanner) closer() byte {
	if s.doc.records[s.container].kind == Object {
		return '}'
	}
	return ']'
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

// closeAll ends every container that is still open, after a failure.
func (s *scanner) closeAll() {
	for s.container >= 0 {
		s.end()
	}
}

// space skips white space and, where they are allowed or can be read past,
// comments and characters that only look like white space.
func (s *scanner) space() bool {
	for s.pos = space(s.src, s.pos); s.pos < len(s.src); {
		from := s.pos
		switch c := s.src[s.pos]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			s.pos++
		case c == '/':
			if !s.comment() {
				return false
			}
		case c >= utf8.RuneSelf:
			s.blank()
		}
		if s.pos == from {
			return true
		}
	}
	return true
}

// blank notes characters at pos that nobody sees and that are no white space in
// JSON (RFC 8259 section 2): what word processors and web pages put into text.
func (s *scanner) blank() {
	first, _ := utf8.DecodeRune(s.src[s.pos:])
	end := s.pos
	for {
		r, size := utf8.DecodeRune(s.src[end:])
		if r != first || !isInvisible(r) {
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
			Message: fmt.Sprintf("the invisible character U+%04X is no white space in JSON; put a space in its place", first),
			Fixes:   safely("put a space in its place", Edit{Span: Span{s.pos, end}, NewText: " "}),
		})
	}
	s.pos = end
}

func (s *scanner) comment() bool {
	length := commentLength(s.src[s.pos:])
	switch length {
	case 0:
		return true // a stray slash: whoever is next says what was expected
	case -1:
		return s.fail("json-syntax", Span{s.pos, s.pos + 2}, `the comment is not closed; expected "*/"`)
	}
	at := Span{s.pos, s.pos + length}
	if n := len(s.doc.comments); n == cap(s.doc.comments) {
		s.doc.comments = slices.Grow(s.doc.comments, n+1) // twice as much, for the fewer copies
	}
	s.doc.comments = append(s.doc.comments, at)
	if s.dialect == JSON && !s.limited {
		s.note(Diagnostic{Span: at, Message: "JSON has no comments; remove it (only a .jsonc file may have them)"})
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
	if end, escaped = plainString(s.src, s.pos); end >= 0 {
		return end, escaped, true
	}
	escaped = false
	src, i := s.src, s.pos+1
	for i < len(src) {
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
		case c < ' ':
			if c == '\n' || c == '\r' {
				return 0, false, s.fail("json-syntax", Span{s.pos, i}, `the string is not closed on its line; close it with a quotation mark, or write \n for a line break`)
			}
			return 0, false, s.fail("json-syntax", Span{i, i + 1}, `the control character U+%04X must be escaped in a string, as \u%04x`, c, c)
		case c < utf8.RuneSelf:
			i++
		default:
			r, size := utf8.DecodeRune(src[i:])
			if r == utf8.RuneError && size == 1 {
				n := 1
				for i+n < len(src) && src[i+n] >= utf8.RuneSelf && !utf8.FullRune(src[i+n:]) {
					n++
				}
				what := "the byte %x is"
				if n > 1 {
					what = "the bytes % x are"
				}
				s.encoding(Span{i, i + n}, fmt.Sprintf(what+" not UTF-8; save the file as UTF-8", src[i:i+n]))
				size = n
			}
			i += size
		}
	}
	return 0, false, s.fail("json-syntax", Span{s.pos, s.pos + 1}, "the string is not closed before the end of the text")
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
		s.encoding(Span{i, i + 6}, fmt.Sprintf("%s is half of a surrogate pair and no character by itself; write both halves or the character", s.src[i:i+6]))
		return 6
	}
	length := 2
	for length < 6 && s.src[i+1] == 'u' && i+length < len(s.src) && inWord(s.src, i+length) {
		length++
	}
	_, size := utf8.DecodeRune(s.src[i+1:])
	s.fail("json-syntax", Span{i, i + max(length, 1+size)}, `%s is no JSON escape; write \\ for a backslash`, printable(s.src[i:i+max(length, 1+size)]))
	return 0
}

func hex4(src []byte) (unit rune, ok bool) {
	if len(src) < 4 {
		return 0, false
	}
	for _, c := range src[:4] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		unit = unit<<4 | rune(c)
	}
	return unit, true
}

// number reads the number at pos by the grammar of RFC 8259 section 6.
func (s *scanner) number() (end int, ok bool) {
	src, i := s.src, s.pos
	digits := func() int {
		from := i
		for i < len(src) && '0' <= src[i] && src[i] <= '9' {
			i++
		}
		return i - from
	}
	if src[i] == '-' {
		i++
	}
	whole := i
	reason := ""
	switch n := digits(); {
	case n == 0:
		reason = "a number needs a digit after the minus sign"
	case n > 1 && src[whole] == '0':
		reason = "a number has no leading zero"
	}
	if reason == "" && i < len(src) && src[i] == '.' {
		i++
		if digits() == 0 {
			reason = "a number needs a digit after the decimal point"
		}
	}
	if reason == "" && i < len(src) && src[i]|0x20 == 'e' {
		i++
		if i < len(src) && (src[i] == '+' || src[i] == '-') {
			i++
		}
		if digits() == 0 {
			reason = "a number needs a digit in its exponent"
		}
	}
	inNumber := func() bool { return i < len(src) && (inWord(src, i) || bytes.IndexByte([]byte(".-+:"), src[i]) >= 0) }
	if reason == "" && !inNumber() {
		return i, true
	}
	for inNumber() {
		i++
	}
	if reason == "" {
		reason = "text is quoted in JSON"
	}
	return 0, s.fail("json-syntax", Span{s.pos, i}, "%s is not a number: %s", printable(src[s.pos:i]), reason)
}

// duplicates notes every member of a closed object whose name has occurred
// before in it. Names are compared unescaped (RFC 8259 section 8.3).
func (s *scanner) duplicates(object int32, members int) {
	d := s.doc
	if s.limited || distinct(s.src, d.records, object) {
		return
	}
	n := Node{d, object}
	if members <= 16 {
		for a := range n.Children() {
			for b := range n.Children() {
				if b == a {
					break
				}
				if d.sameName(a, b) {
					s.duplicate(a, b)
					break
				}
			}
		}
		return
	}
	d.keys = n.nameKeys(slices.Grow(d.keys[:0], members))
	for _, pair := range n.repeated(d.keys) {
		s.duplicate(Node{d, int32(pair >> 32)}, Node{d, int32(uint32(pair))})
	}
}

func (d *Document) sameName(a, b Node) bool {
	x, y := a.record(), b.record()
	if (x.escaped|y.escaped)&escapedName != 0 {
		return a.Name() == b.Name()
	}
	return bytes.Equal(d.src[x.key:x.keyEnd()], d.src[y.key:y.keyEnd()])
}

func (s *scanner) duplicate(again, first Node) {
	if s.limited {
		return
	}
	s.fault(Diagnostic{
		Rule: "json-duplicate-name", Severity: Error, Pointer: s.path(again), Span: again.Key(),
		Message: fmt.Sprintf("the name %s stands twice in this object, and readers differ in which value they take; keep one", printable(s.src[again.Key().Start:again.Key().End])),
		Related: []Related{{Pointer: s.path(first), Span: first.Key(), Message: "first here"}},
	})
}

func (s *scanner) encoding(at Span, message string) {
	if !s.limited {
		s.fault(Diagnostic{Rule: "json-encoding", Severity: Error, Pointer: s.pointer(), Span: at, Message: message})
	}
}

// pointer names the value that is being read.
func (s *scanner) pointer() Pointer {
	switch open := (Node{s.doc, s.container}); {
	case s.container < 0:
		return ""
	case s.member >= 0:
		return s.path(Node{s.doc, s.member})
	case open.Kind() == Array:
		return s.path(open).AppendIndex(int(open.record().finish))
	default:
		return s.path(open)
	}
}

// path is Node.Pointer for a tree that still grows, where all above n is open:
// in an array, the last element is the one that is being read.
func (s *scanner) path(n Node) Pointer {
	return n.pointer(func(element Node) int { return int(element.Parent().record().finish) - 1 })
}

// fault adds a fault that does not end the scan, as long as there is room.
func (s *scanner) fault(f Diagnostic) {
	switch {
	case s.limited:
	case s.bounds.Admits(&f):
		s.doc.faults = append(s.doc.faults, f)
	default:
		s.limited = true
		s.fail("json-limit", f.Span, "more than %d faults in the text itself; the others are not listed", len(s.doc.faults))
	}
}

// note adds a json-syntax fault that can be read past, unless the scanner is
// limited.
func (s *scanner) note(f Diagnostic) {
	f.Rule, f.Severity, f.Pointer = "json-syntax", Error, s.pointer()
	s.fault(f)
	s.failed()
}

// stop adds a fault that ends the scan. It returns false.
func (s *scanner) stop(f Diagnostic) bool {
	if f.Rule == "json-syntax" {
		if at, message := notJSON(s.src, f.Span); message != "" {
			f = Diagnostic{Rule: f.Rule, Span: at, Message: message}
		}
	}
	f.Severity, f.Pointer = Error, s.pointer()
	s.doc.faults = append(s.doc.faults, f)
	s.failed()
	return false
}

// failed notes that with the last fault the text is not JSON.
func (s *scanner) failed() {
	if s.failure == 0 {
		s.failure = len(s.doc.faults)
	}
}

// fail is stop with a formatted message.
func (s *scanner) fail(rule string, at Span, format string, args ...any) bool {
	return s.stop(Diagnostic{Rule: rule, Span: at, Message: fmt.Sprintf(format, args...)})
}

// failOpen says that the text ends inside a container.
func (s *scanner) failOpen() bool {
	open := Node{s.doc, s.container}
	what := "object"
	if open.Kind() == Array {
		what = "array"
	}
	start := int(open.record().start)
	return s.stop(Diagnostic{
		Rule: "json-syntax", Span: Span{s.pos, s.pos},
		Message: fmt.Sprintf("the text ends inside an %s; expected %q", what, s.closer()),
		Related: []Related{{Pointer: s.path(open), Span: Span{start, start + 1}, Message: "opened here"}},
	})
}

// failAfter says what stands where a comma or a closing bracket is due.
func (s *scanner) failAfter() bool {
	switch c := s.src[s.pos]; {
	case s.closer() == '}' && c == '"':
		return s.fail("json-syntax", s.at(), `expected "," before the member %s`, s.found())
	case c == '}' || c == ']':
		return s.fail("json-syntax", s.at(), `expected "," or %q, found %q`, s.closer(), c)
	}
	return s.fail("json-syntax", s.at(), `expected "," or %q, found %s`, s.closer(), s.found())
}

// failName says what stands where a member name is due.
func (s *scanner) failName() bool {
	switch c := s.src[s.pos]; {
	case c == '\'':
		return s.fail("json-syntax", s.at(), "JSON names are in double quotes, not single ones")
	case s.typographic():
		return s.failTypographic()
	case inWord(s.src, s.pos):
		return s.fail("json-syntax", s.at(), `JSON names are in double quotes: write "%s"`, printable(s.src[s.at().Start:s.at().End]))
	case c == ',':
		return s.fail("json-syntax", s.at(), `expected a member name, found a second ","`)
	}
	return s.fail("json-syntax", s.at(), "expected a member name in double quotes, found %s", s.found())
}

// spellings are words that people write for a JSON literal.
var spellings = map[string]string{
	"True": "true", "TRUE": "true", "False": "false", "FALSE": "false", "$true": "true", "$false": "false",
	"None": "null", "nil": "null", "NULL": "null", "Null": "null", "$null": "null", "undefined": "null",
}

// failValue says what stands where a value is due.
func (s *scanner) failValue() bool {
	at := s.at()
	word := string(s.src[at.Start:at.End])
	switch c := s.src[s.pos]; {
	case c == '\'':
		return s.fail("json-syntax", at, "JSON strings are in double quotes, not single ones")
	case spellings[word] != "":
		return s.stop(Diagnostic{
			Rule: "json-syntax", Span: at, Suggestion: spellings[word],
			Message: fmt.Sprintf("%s is no JSON value; write %s", word, spellings[word]),
		})
	case word == "NaN" || word == "Infinity":
		return s.fail("json-syntax", at, "%s is no JSON value", word)
	case s.typographic():
		return s.failTypographic()
	case inWord(s.src, s.pos):
		return s.fail("json-syntax", at, `text is quoted in JSON: write "%s"`, printable(s.src[at.Start:at.End]))
	case s.container >= 0 && (c == ',' || c == '}' || c == ']'):
		return s.fail("json-syntax", at, "expected a value, found %q", c)
	case c == '+' || c == '.':
		return s.fail("json-syntax", at, "a number starts with a digit or a minus sign")
	}
	return s.fail("json-syntax", at, "expected a JSON value, found %s", s.found())
}

func (s *scanner) typographic() bool {
	r, _ := utf8.DecodeRune(s.src[s.pos:])
	return isTypographic(r)
}

// failTypographic says what a word processor makes of a quotation mark.
func (s *scanner) failTypographic() bool {
	quote, size := utf8.DecodeRune(s.src[s.pos:])
	return s.fail("json-syntax", Span{s.pos, s.pos + size},
		`JSON has straight double quotes ("), and this one is typographic (%c, U+%04X); type both of them anew`, quote, quote)
}

// failTrailing says what stands after the root value.
func (s *scanner) failTrailing() {
	switch c := s.src[s.pos]; c {
	case '}', ']', ',':
		s.fail("json-syntax", s.at(), "%q after the end of the payload", c)
	case '{', '[', '"':
		s.fail("json-syntax", s.at(), "a second value after the end of the payload; to send several, give each a file or a line of an .ndjson file")
	default:
		s.fail("json-syntax", s.at(), "%s after the end of the payload", s.found())
	}
}

// at is the span of the word, string or character at pos, for a message.
func (s *scanner) at() Span {
	end := s.pos
	if end == len(s.src) {
		return Span{end, end}
	}
	if s.src[end] == '"' {
		if i := bytes.IndexAny(s.src[end+1:], "\"\n"); i >= 0 && s.src[end+1+i] == '"' {
			return Span{end, end + i + 2}
		}
		return Span{end, end + 1}
	}
	for end < len(s.src) && inWord(s.src, end) {
		end++
	}
	if end == s.pos {
		_, size := utf8.DecodeRune(s.src[end:])
		end += size
	}
	return Span{s.pos, end}
}

// found quotes what stands at pos.
func (s *scanner) found() string {
	at := s.at()
	if at.Len() == 0 {
		return "the end of the text"
	}
	if s.src[at.Start] == '"' {
		return printable(s.src[at.Start:at.End])
	}
	return `"` + printable(s.src[at.Start:at.End]) + `"`
}

// wideText names the UTF-16 or UTF-32 encoding src is in, "" when it is in none.
// JSON starts with an ASCII character, so the zero bytes of the first four tell.
func wideText(src []byte) string {
	switch {
	case len(src) < 2:
		return ""
	case len(src) >= 4 && (string(src[:4]) == "\xFF\xFE\x00\x00" || src[0] != 0 && string(src[1:4]) == "\x00\x00\x00"):
		return "UTF-32 (little endian)"
	case len(src) >= 4 && (string(src[:4]) == "\x00\x00\xFE\xFF" || string(src[:3]) == "\x00\x00\x00" && src[3] != 0):
		return "UTF-32 (big endian)"
	case src[0] == 0xFF && src[1] == 0xFE, src[0] != 0 && src[1] == 0:
		return "UTF-16 (little endian)"
	case src[0] == 0xFE && src[1] == 0xFF, src[0] == 0 && src[1] != 0:
		return "UTF-16 (big endian)"
	}
	return ""
}
