package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/patchlint/patchlint/internal/inert"
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
	return Inert(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), err
}

// Inert escapes in a JSON text the characters of strings that a log or terminal
// would act on, or not show. The text stays equal in value.
func Inert(text []byte) []byte {
	var out []byte
	last := 0
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
		}
		// White space between tokens is a control character, too.
		if (r < ' ' || inert.Visible(text, i)) && !inert.Obeyed(text, i) {
			i += size
			continue
		}
		out = append(out, text[last:i]...)
		if high, low := utf16.EncodeRune(r); high != unicode.ReplacementChar {
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		} else {
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += size
		last = i
	}
	if last == 0 {
		return text
	}
	return append(out, text[last:]...)
}
