package patchlint

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/patchlint/patchlint/internal/inert"
)

// encoding reports text that JSON parsers decode differently.
func (s *scanner) encoding(at Span, message string) {
	if !s.limited {
		s.fault(Diagnostic{Rule: "json-encoding", Severity: Error, Pointer: s.pointer(), Span: at, Message: message})
	}
}

// pointer returns the pointer of the value that is being parsed.
func (s *scanner) pointer() Pointer {
	switch open := (Node{s.doc, s.container}); {
	case s.container < 0:
		return ""
	case s.pending() != nil:
		return openPath(Node{s.doc, int32(len(s.doc.records) - 1)})
	case open.Kind() == Array:
		return openPath(open).Append(strconv.Itoa(int(open.record().finish)))
	default:
		return openPath(open)
	}
}

// openPath is like Node.Pointer while the tree is incomplete: all ancestors of n are open,
// and n or its ancestor is the last element of each open array.
func openPath(n Node) Pointer {
	return n.pointer(func(element Node) int { return int(element.Parent().record().finish) - 1 })
}

// fault adds a fault that does not end the scan. At the limit it ends the scan instead.
func (s *scanner) fault(f Diagnostic) {
	switch {
	case s.limited:
	case s.bounds.Admits(f.Size()):
		s.doc.faults = append(s.doc.faults, f)
	default:
		s.limited = true
		s.fail(f.Span.Start, "json-limit", f.Span, "more than %d syntax errors; the others are not listed", len(s.doc.faults))
	}
}

// note adds a json-syntax fault that does not end the scan but is an error of Parse.
func (s *scanner) note(f Diagnostic) {
	f.Rule, f.Severity, f.Pointer = "json-syntax", Error, s.pointer()
	s.fault(f)
	s.failed()
}

// stop adds a fault that ends the scan at i.
func (s *scanner) stop(i int, f Diagnostic) int {
	if f.Rule == "json-syntax" {
		if at, message := notJSON(s.src, f.Span); message != "" {
			f = Diagnostic{Rule: f.Rule, Span: at, Message: message}
		}
	}
	f.Severity, f.Pointer = Error, s.pointer()
	s.doc.faults = append(s.doc.faults, f)
	s.failed()
	s.broke = i
	return -1
}

// failed records that the last fault is an error of Parse.
func (s *scanner) failed() {
	if s.failure == 0 {
		s.failure = len(s.doc.faults)
	}
}

// fail is stop with a formatted message.
func (s *scanner) fail(i int, rule string, at Span, format string, args ...any) int {
	return s.stop(i, Diagnostic{Rule: rule, Span: at, Message: fmt.Sprintf(format, args...)})
}

// closer returns the bracket that closes the open container.
func (s *scanner) closer() byte {
	if s.doc.records[s.container].kind == Object {
		return '}'
	}
	return ']'
}

// failString reports that the text ends inside the string that starts at i.
func (s *scanner) failString(i int) int {
	return s.fail(i, "json-syntax", Span{i, i + 1}, "the string is not closed before the end of the text")
}

// failOpen reports that the text ends inside a container.
func (s *scanner) failOpen(i int) int {
	open := Node{s.doc, s.container}
	start := int(open.record().start)
	return s.stop(i, Diagnostic{
		Rule: "json-syntax", Span: Span{i, i},
		Message: fmt.Sprintf("the text ends inside %s; expected \"%c\"", open.Kind(), s.closer()),
		Related: []Related{{Pointer: openPath(open), Span: Span{start, start + 1}, Message: "opened here"}},
	})
}

// failAfter reports what was found in place of a comma or a closing bracket.
func (s *scanner) failAfter(i int) int {
	if s.src[i] == '"' && s.closer() == '}' {
		return s.fail(i, "json-syntax", s.at(i), `expected "," before the member %s`, s.found(i))
	}
	return s.fail(i, "json-syntax", s.at(i), `expected "," or "%c", found %s`, s.closer(), s.found(i))
}

// failName reports what was found in place of a member name.
func (s *scanner) failName(i int) int {
	switch {
	case s.src[i] == '\'':
		return s.fail(i, "json-syntax", s.at(i), "JSON names must be in double quotes, not single quotes")
	case s.typographic(i):
		return s.failTypographic(i)
	case inWord(s.src, i):
		return s.fail(i, "json-syntax", s.at(i), `JSON names must be in double quotes; write "%s"`, inert.Text(s.src[s.at(i).Start:s.at(i).End]))
	}
	return s.fail(i, "json-syntax", s.at(i), "expected a member name in double quotes, found %s", s.found(i))
}

// literal returns the JSON literal that a literal of another language, or the start of a
// literal, means, or "".
func literal(word string) string {
	lower := strings.ToLower(strings.TrimPrefix(word, "$"))
	for _, name := range []string{"true", "false", "null"} {
		if len(lower) > 2 && strings.HasPrefix(name, lower) {
			return name
		}
	}
	if word == "None" || word == "nil" || word == "undefined" {
		return "null"
	}
	return ""
}

// failValue reports what was found in place of a value.
func (s *scanner) failValue(i int) int {
	at := s.at(i)
	word := string(s.src[at.Start:at.End])
	meant := literal(word)
	switch c := s.src[i]; {
	case c == '\'':
		return s.fail(i, "json-syntax", at, "JSON strings must be in double quotes, not single quotes")
	case meant != "":
		return s.stop(i, Diagnostic{
			Rule: "json-syntax", Span: at, Suggestion: meant,
			Message: fmt.Sprintf("%s is not a JSON value; write %s", word, meant),
		})
	case word == "NaN" || word == "Infinity":
		return s.fail(i, "json-syntax", at, "%s is not a JSON value", word)
	case (c == '+' || c == '.') && skipDigits(s.src, i+1) > i+1:
		return s.fail(i, "json-syntax", at, "a number starts with a digit or a minus sign, not %s", s.found(i))
	case s.typographic(i):
		return s.failTypographic(i)
	case inWord(s.src, i):
		return s.fail(i, "json-syntax", at, `text must be in double quotes; write "%s"`, inert.Text(s.src[at.Start:at.End]))
	}
	return s.fail(i, "json-syntax", at, "expected a JSON value, found %s", s.found(i))
}

func (s *scanner) typographic(i int) bool {
	r, _ := utf8.DecodeRune(s.src[i:])
	return inert.Typographic(r)
}

// failTypographic reports a typographic quotation mark in place of a straight one.
func (s *scanner) failTypographic(i int) int {
	quote, size := utf8.DecodeRune(s.src[i:])
	return s.fail(i, "json-syntax", Span{i, i + size},
		`JSON strings must be in straight double quotes ("), but this quotation mark is typographic (%c, U+%04X); retype both`, quote, quote)
}

// failTrailing reports what follows the root value.
func (s *scanner) failTrailing(i int) {
	switch s.src[i] {
	case '{', '[', '"':
		s.fail(i, "json-syntax", s.at(i), "a second value after the end of the payload; put each value in its own file, or on its own line of an .ndjson file")
	default:
		s.fail(i, "json-syntax", s.at(i), "%s after the end of the payload", s.found(i))
	}
}

// at returns the span of the word, string or character at i, for a message. It is empty at the
// end of the text.
func (s *scanner) at(i int) Span {
	end := i
	if s.sees(i, '"') {
		end++
		if length := bytes.IndexAny(s.src[end:], "\"\n"); length >= 0 && s.src[end+length] == '"' {
			end += length + 1
		}
		return Span{i, end}
	}
	for end < len(s.src) && inWord(s.src, end) {
		end++
	}
	if end == i {
		_, size := utf8.DecodeRune(s.src[i:])
		end += size
	}
	return Span{i, end}
}

// found returns the text at i, quoted for a message.
func (s *scanner) found(i int) string {
	at := s.at(i)
	if at.Len() == 0 {
		return "the end of the text"
	}
	if s.src[at.Start] == '"' {
		return inert.Text(s.src[at.Start:at.End])
	}
	return `"` + inert.Text(s.src[at.Start:at.End]) + `"`
}

// safeFix returns a safe fix with one edit.
func safeFix(title string, edit Edit) []Fix {
	return []Fix{{Title: title, Safe: true, Edits: []Edit{edit}}}
}

// inWord reports whether the byte at i is part of a word.
func inWord(src []byte, i int) bool {
	c := src[i]
	if c >= utf8.RuneSelf {
		r, _ := utf8.DecodeRune(src[i:])
		return !inert.Invisible(r) && !inert.Typographic(r)
	}
	return c == '_' || c == '$' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
