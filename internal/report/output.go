package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/patchlint/patchlint/internal/inert"
)

// output is what a format writes to. It keeps the first error for flush, so that a
// format can go on as if there were none.
type output struct {
	*bufio.Writer
	err error // of a value that cannot be written
}

func newOutput(w io.Writer) *output { return &output{Writer: bufio.NewWriter(w)} }

// flush writes what is buffered, and returns the first error since the start.
func (o *output) flush() error {
	if err := o.Flush(); o.err == nil {
		o.err = err
	}
	return o.err
}

func (o *output) printf(format string, args ...any) { fmt.Fprintf(o, format, args...) }

// json writes a value, without an end of line.
func (o *output) json(v any) { o.Write(o.encode(v)) }

// line writes a value on a line.
func (o *output) line(v any) {
	o.json(v)
	o.WriteString("\n")
}

// encode is encode for a value that is to be written.
func (o *output) encode(v any) json.RawMessage {
	text, err := encode(v)
	if o.err == nil {
		o.err = err
	}
	return text
}

// list writes an array that grows, an element a line, so that a report of any size
// takes no memory.
type list struct {
	*output
	indent string // of the line that ends the array
	any    bool
}

// list writes the bracket that starts the array.
func (o *output) list(indent string) list {
	o.WriteString("[")
	return list{output: o, indent: indent}
}

// add writes an element.
func (l *list) add(v any) {
	separator := "\n  "
	if l.any {
		separator = ",\n  "
	}
	l.any = true
	l.WriteString(separator)
	l.json(v)
}

// end writes the bracket that ends the array.
func (l *list) end() {
	if l.any {
		l.WriteString("\n" + l.indent)
	}
	l.WriteString("]")
}

// object is a JSON object whose members are written in this order. Only encode writes it
// as one, and not inside of values that it gives to encoding/json: there may be objects in
// an object and in a []object.
type object []member

type member struct {
	name  string
	value any
}

// encode is json.Marshal, for objects too, without the escapes that only HTML needs, and
// with those that the log or terminal needs which may show the document: it must not
// be driven by a payload or the name of a file.
func encode(v any) ([]byte, error) {
	var e encoder
	e.other = json.NewEncoder(&e)
	e.other.SetEscapeHTML(false)
	e.value(v)
	return Inert(e.Bytes()), e.err
}

type encoder struct {
	bytes.Buffer
	other *json.Encoder // of all other values
	err   error
}

func (e *encoder) value(v any) {
	switch v := v.(type) {
	case object:
		for i, m := range v {
			e.WriteByte("{,"[min(i, 1)])
			e.value(m.name)
			e.WriteByte(':')
			e.value(m.value)
		}
		e.WriteByte('}')
	case []object:
		e.WriteByte('[')
		for i, o := range v {
			if i > 0 {
				e.WriteByte(',')
			}
			e.value(o)
		}
		e.WriteByte(']')
	default:
		if err := e.other.Encode(v); err != nil {
			e.err = err
		} else {
			e.Truncate(e.Len() - 1) // the end of the line
		}
	}
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
