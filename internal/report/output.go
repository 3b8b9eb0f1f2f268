package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/ordered"
)

// output is the writer of a format. It keeps the first error for Flush, so that formats
// need not check for errors.
type output struct{ *bufio.Writer }

func newOutput(w io.Writer) *output { return &output{bufio.NewWriter(w)} }

// Reporter writes a report of parts.
type Reporter[Part, Summary any] struct {
	out   *output
	print func(Part)
	end   func(Summary) // may be nil
}

// Print adds a part to the report.
func (r Reporter[Part, Summary]) Print(p Part) error {
	r.print(p)
	return r.out.Flush()
}

// Close ends the report. It must be called after a failure, too.
func (r Reporter[Part, Summary]) Close(s Summary) error {
	if r.end != nil {
		r.end(s)
	}
	return r.out.Flush()
}

func (o *output) printf(format string, args ...any) { fmt.Fprintf(o, format, args...) }

// json writes a value as JSON, without a newline.
func (o *output) json(v any) { o.Write(encode(v)) }

// line writes a value as JSON and a newline.
func (o *output) line(v any) {
	o.json(v)
	o.WriteString("\n")
}

// list writes a JSON array one element at a time, each on a line, so that memory does
// not grow with the report.
type list struct {
	*output
	separator string // before the next element; "" before the first
}

// list starts a list.
func (o *output) list() *list {
	o.WriteString("[")
	return &list{output: o}
}

// add writes an element.
func (l *list) add(v any) {
	l.WriteString(l.separator + "\n  ")
	l.json(v)
	l.separator = ","
}

// end ends the list, on a line with an indentation if it has elements, and writes the text
// after it.
func (l *list) end(indent, after string) {
	if l.separator != "" {
		l.WriteString("\n" + indent)
	}
	l.WriteString("]" + after)
}

type object = ordered.Object

// encode returns a value as JSON, and escapes as Inert does. All values of reports can be
// encoded.
func encode(v any) json.RawMessage { return Inert(ordered.Encode(v)) }

// Inert escapes the characters in the strings of a JSON text that a build service or
// terminal would act on or not show. The value of the text stays the same.
func Inert(text []byte) []byte {
	var out []byte
	last := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		// A control character is white space between tokens: no JSON string contains one.
		if (r < ' ' || inert.Visible(text, i)) && !inert.Obeyed(text, i) {
			i += size
			continue
		}
		out = append(out, text[last:i]...)
		for _, unit := range utf16.AppendRune(nil, r) {
			out = fmt.Appendf(out, `\u%04x`, unit)
		}
		i += size
		last = i
	}
	if last == 0 {
		return text
	}
	return append(out, text[last:]...)
}
