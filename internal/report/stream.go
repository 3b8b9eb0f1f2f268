package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// stream writes a JSON document in which one array grows, an element a line, so
// that a report of any size takes no memory.
type stream struct {
	w      io.Writer
	head   string // the document up to the first element
	indent string // of the line that ends the array
	opened bool
	any    bool
}

func (s *stream) open() error {
	if s.opened {
		return nil
	}
	s.opened = true
	_, err := io.WriteString(s.w, s.head)
	return err
}

// add writes an element.
func (s *stream) add(v any) error {
	element, err := encode(v)
	if err != nil {
		return err
	}
	return s.addEncoded(element)
}

func (s *stream) addEncoded(element []byte) error {
	if err := s.open(); err != nil {
		return err
	}
	separator := "\n  "
	if s.any {
		separator = ",\n  "
	}
	s.any = true
	if _, err := io.WriteString(s.w, separator); err != nil {
		return err
	}
	_, err := s.w.Write(element)
	return err
}

// close writes the rest of the document, from the bracket that ends the array.
func (s *stream) close(tail string) error {
	if err := s.open(); err != nil {
		return err
	}
	if s.any {
		tail = "\n" + s.indent + tail
	}
	_, err := io.WriteString(s.w, tail)
	return err
}

// encode is json.Marshal without the escapes that only HTML needs, and with
// those that the log or terminal needs which may show the document: it must not
// be driven by a payload or the name of a file.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return inert(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), err
}

// runnerCommand starts a command of the first form that GitHub's runner still
// obeys anywhere in a line of a log. (Those that start a line with "::" have no
// place in JSON.)
const runnerCommand = "##["

// quiet takes the start of a runner command out of text for people.
func quiet(text string) string { return strings.ReplaceAll(text, runnerCommand, `#\u0023[`) }

// inert escapes in JSON what is no graphic character, which JSON itself asks
// for only below U+0020, and the start of a runner command. All of it stands in
// strings.
func inert(text []byte) []byte {
	quiet := !bytes.Contains(text, []byte(runnerCommand))
	for i := 0; quiet && i < len(text); i++ {
		quiet = text[i] < 0x7F
	}
	if quiet {
		return text
	}
	out := make([]byte, 0, len(text)+len(text)/8)
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == '#' && bytes.HasPrefix(text, []byte(runnerCommand)):
			out = append(out, `\u0023`...)
		case r < 0x7F || visible(r):
			out = append(out, text[:size]...)
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		text = text[size:]
	}
	return out
}

// visible is what patchlint.WriteRune writes as it is.
func visible(r rune) bool { return unicode.IsGraphic(r) || r == '\u200d' }
