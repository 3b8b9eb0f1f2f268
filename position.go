package patchlint

import (
	"bytes"
	"encoding/binary"
	"sort"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/patchlint/patchlint/internal/lazy"
)

// Span is the half-open range [Start, End) of byte offsets in the source.
type Span struct{ Start, End int }

// Len returns the length of the span in bytes.
func (s Span) Len() int { return s.End - s.Start }

// Position returns the 1-based line and column of a byte offset in the source, with the
// column counted in bytes. A line ends with "\n"; a byte order mark at the start of
// the file does not count as a column. An offset outside the source is moved to its
// nearer end.
func (d *Document) Position(offset int) (line, column int) {
	at := d.landmark(offset)
	return d.memo.Lines + at.lines + 1, at.offset - min(at.start, at.offset) + 1
}

// PositionUTF16 is like Position but counts the column in UTF-16 code units, as editors,
// the Language Server Protocol and SARIF do. An invalid byte counts as one unit.
func (d *Document) PositionUTF16(offset int) (line, column int) {
	line, column = d.Position(offset)
	at := d.landmark(offset)
	return line, at.units - d.landmark(at.offset-(column-1)).units + 1
}

// units counts the UTF-16 code units of a text.
func units(text []byte) (n int) {
	for len(text) > 0 {
		if len(text) >= 8 && binary.LittleEndian.Uint64(text)&highs == 0 { // ASCII
			n += 8
			text = text[8:]
			continue
		}
		r, size := utf8.DecodeRune(text)
		n += max(utf16.RuneLen(r), 1)
		text = text[size:]
	}
	return n
}

// landmark describes the text before a byte offset.
type landmark struct {
	offset int
	lines  int // whole lines
	start  int // where the line at the offset starts
	units  int // UTF-16 code units
}

// stride is the distance in bytes between two landmarks, rounded up to whole characters.
const stride = 2 << 10

// landmark describes the text before an offset, which is moved like that of Position. It
// starts from the nearest earlier entry of a table, so that the time does not depend on the
// length of the document or of a line.
func (d *Document) landmark(offset int) landmark {
	offset = max(0, min(offset, len(d.src)))
	at := landmark{start: len(d.mark())}
	if offset < stride { // most documents need no table
		return at.advance(d.src, offset)
	}
	type key struct{}
	marks := lazy.Get(&d.memo, key{}, func() []landmark {
		marks := []landmark{at}
		for next := stride; next < len(d.src); next += stride {
			for i := 1; i < utf8.UTFMax && next < len(d.src) && !utf8.RuneStart(d.src[next]); i++ {
				next++
			}
			at = at.advance(d.src, next)
			marks = append(marks, at)
		}
		return marks
	})
	i := sort.Search(len(marks), func(i int) bool { return marks[i].offset > offset }) - 1
	return marks[i].advance(d.src, offset)
}

// advance returns the landmark at an offset after m.
func (m landmark) advance(src []byte, offset int) landmark {
	text := src[m.offset:offset]
	if n := bytes.Count(text, []byte{'\n'}); n > 0 {
		m.lines += n
		m.start = m.offset + bytes.LastIndexByte(text, '\n') + 1
	}
	m.offset = offset
	m.units += units(text)
	return m
}
