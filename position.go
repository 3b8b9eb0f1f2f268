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
	offset = max(0, min(offset, len(d.src)))
	at := d.landmark(offset).advance(d.src, offset)
	return d.memo.Lines + at.lines + 1, offset - min(at.start, offset) + 1
}

// PositionUTF16 is like Position but counts the column in UTF-16 code units, as editors,
// the Language Server Protocol and SARIF do. An invalid byte counts as one unit.
func (d *Document) PositionUTF16(offset int) (line, column int) {
	line, column = d.Position(offset)
	offset = max(0, min(offset, len(d.src)))
	return line, d.units(offset) - d.units(offset-(column-1)) + 1
}

// units counts the UTF-16 code units before an offset.
func (d *Document) units(offset int) int {
	at := d.landmark(offset)
	return at.units + units(d.src[at.offset:offset])
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
	units  int // UTF-16 code units; advance does not count them
}

// stride is the distance in bytes between two landmarks, rounded up to whole characters.
const stride = 2 << 10

// landmark returns the last entry of a table at or before an offset, so that the time to
// reach the offset does not depend on the length of the document or of a line.
func (d *Document) landmark(offset int) landmark {
	at := landmark{start: len(d.mark())}
	if offset < stride { // most documents need no table
		return at
	}
	type key struct{}
	marks := lazy.Get(&d.memo, key{}, func() []landmark {
		marks := []landmark{at}
		for next := stride; next < len(d.src); next += stride {
			for i := 1; i < utf8.UTFMax && next < len(d.src) && !utf8.RuneStart(d.src[next]); i++ {
				next++
			}
			counted := at.units + units(d.src[at.offset:next])
			at = at.advance(d.src, next)
			at.units = counted
			marks = append(marks, at)
		}
		return marks
	})
	return marks[sort.Search(len(marks), func(i int) bool { return marks[i].offset > offset })-1]
}

// advance returns the landmark at an offset after m.
func (m landmark) advance(src []byte, offset int) landmark {
	text := src[m.offset:offset]
	if n := bytes.Count(text, []byte{'\n'}); n > 0 {
		m.lines += n
		m.start = m.offset + bytes.LastIndexByte(text, '\n') + 1
	}
	m.offset = offset
	return m
}
