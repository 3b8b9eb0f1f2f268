package input

import (
	"bufio"
	"bytes"
	"io"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/charset"
	"github.com/patchlint/patchlint/internal/lazy"
)

// readLines yields a payload for each line. It reads line by line, so that a stream can be of
// any length.
func (r *Reader) readLines(from io.Reader, yield func(*Payload, error) bool) {
	lines := bufio.NewReaderSize(from, 64<<10)
	encoding := ""
	if start, _ := lines.Peek(4); charset.Of(start) != "" {
		file := r.payload()
		if err := file.fill(lines); err != nil {
			yield(nil, err)
			return
		}
		if file.TooLarge { // line ends cannot be found without decoding the file
			file.parse(patchlint.JSON)
			yield(file, nil)
			return
		}
		encoding = file.Encoding
		lines = bufio.NewReader(bytes.NewReader(file.buffer))
	}
	var offset int64   // of the line
	var context []byte // the end of the preceding lines that do not parse
	for record, line := 0, 0; ; line++ {
		p := r.payload()
		length, err := p.line(lines, r.Limit)
		if err != nil && err != io.EOF {
			yield(nil, err)
			return
		}
		if len(bytes.TrimSpace(p.buffer)) > 0 {
			p.TooLarge = int64(len(p.buffer)) > r.Limit
			p.parse(patchlint.JSON)
			memo := lazy.MemoOf(p.Document)
			memo.Offset, memo.Lines = offset, line
			p.Record, p.isLine, p.Encoding = record, true, encoding
			context = p.addContext(context)
			record++
			// The remaining lines of such a text start in the middle of a character.
			if done := charset.Of(p.buffer) != ""; !yield(p, nil) || done {
				return
			}
		} else {
			r.Release(p)
		}
		if err == io.EOF {
			return
		}
		offset += length
	}
}

// maxContext is the maximum size of the text before a record that is kept.
const maxContext = 4 << 10

// addContext sets File to the record and the text before it, if any, and returns the
// text before the next record. That is nil after a complete object, so that most
// records need no memory.
func (p *Payload) addContext(before []byte) (next []byte) {
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
	return text[max(0, len(text)-maxContext):]
}

// line reads the next line into the buffer, without its line end, and returns its
// length including it. It stops filling the buffer once that exceeds limit.
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
