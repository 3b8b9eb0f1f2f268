package input

import (
	"bufio"
	"bytes"
	"io"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/charset"
)

// ndjson holds a payload on each line. It is read a line at a time, so that a
// stream may be of any length.
var ndjson = &Format{Name: "ndjson", Extensions: []string{".ndjson", ".jsonl"}, Several: true, read: readLines}

func readLines(r *Reader, from io.Reader, yield func(*Payload, error) bool) {
	lines := bufio.NewReaderSize(from, 64<<10)
	encoding := ""
	if start, _ := lines.Peek(4); charset.Of(start) != "" {
		file := r.payload()
		whole, err := file.fill(lines, r.Limit)
		if err != nil {
			yield(nil, err)
			return
		}
		if !whole { // where its lines end cannot be told
			file.tooLarge(r.Limit)
			yield(file, nil)
			return
		}
		encoding = file.Encoding
		lines = bufio.NewReader(bytes.NewReader(file.buffer))
	}
	var origin patchlint.Origin
	var before []byte // the end of the lines before that do not parse
	for record := 0; ; origin.Line++ {
		p := r.payload()
		length, err := p.line(lines, r.Limit)
		if err != nil && err != io.EOF {
			yield(nil, err)
			return
		}
		if len(bytes.TrimSpace(p.buffer)) > 0 {
			if int64(len(p.buffer)) > r.Limit {
				p.tooLarge(r.Limit)
			} else {
				p.parse(patchlint.JSON)
			}
			p.Document.SetOrigin(origin)
			p.Record, p.isLine, p.Encoding = record, true, encoding
			before = p.after(before)
			record++
			// The other lines of such a text begin in the middle of a character.
			if done := charset.Of(p.buffer) != ""; !yield(p, nil) || done {
				return
			}
		} else {
			r.Release(p)
		}
		if err == io.EOF {
			return
		}
		origin.Offset += length
	}
}

// maxBefore is how many bytes before a record are looked at.
const maxBefore = 4 << 10

// after gives a record the text before it, and returns the text before the next
// one: none where this is a whole object, so that most records take no memory.
func (p *Payload) after(before []byte) []byte {
	whole := p.Document.Whole() && p.Document.Root().Kind() == patchlint.Object
	if whole && before == nil {
		return nil
	}
	text := append(slices.Concat(before, p.buffer), '\n')
	if before != nil {
		p.File = patchlint.Unparsed(text)
	}
	if whole {
		return nil
	}
	return text[max(0, len(text)-maxBefore):]
}

// line reads the next line into the buffer, without its end. Of one longer than
// limit the buffer holds more than limit bytes and less than all. The length
// includes the end of the line.
func (p *Payload) line(from *bufio.Reader, limit int64) (length int64, err error) {
	for {
		part, err := from.ReadSlice('\n')
		length += int64(len(part))
		if int64(len(p.buffer)) <= limit {
			p.buffer = append(p.buffer, part...)
		}
		if err != bufio.ErrBufferFull {
			p.buffer = bytes.TrimSuffix(p.buffer, []byte{'\n'})
			p.buffer = bytes.TrimSuffix(p.buffer, []byte{'\r'})
			return length, err
		}
	}
}
