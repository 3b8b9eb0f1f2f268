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
	line, start := d.line(offset)
	return d.memo.Lines + line, offset - start + 1
}

// PositionUTF16 is like Position but counts the column in UTF-16 code units, as editors,
// the Language Server Protocol and SARIF do. An invalid byte counts as one unit.
func (d *Document) PositionUTF16(offset int) (line, column int) {
	offset = max(0, min(offset, len(d.src)))
	line, start := d.line(offset)
	if offset-start < unitStride {
		return d.memo.Lines + line, units(d.src[start:offset]) + 1
	}
	return d.memo.Lines + line, d.unitsBefore(offset) - d.unitsBefore(start) + 1
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

// unitMark records how many UTF-16 code units precede a byte offset.
type unitMark struct{ offset, units int32 }

// unitStride is the distance in bytes between two marks, rounded up to whole characters.
const unitStride = 4 << 10

// unitsBefore returns the number of UTF-16 code units before an offset. Its time does
// not depend on the length of the line.
func (d *Document) unitsBefore(offset int) int {
	type key struct{}
	marks := lazy.Get(&d.memo, key{}, func() []unitMark {
		var mark unitMark
		marks := []unitMark{mark}
		for at := unitStride; at < len(d.src); at += unitStride {
			for i := 1; i < utf8.UTFMax && at < len(d.src) && !utf8.RuneStart(d.src[at]); i++ {
				at++
			}
			mark.units += int32(units(d.src[mark.offset:at]))
			mark.offset = int32(at)
			marks = append(marks, mark)
		}
		return marks
	})
	mark := marks[sort.Search(len(marks), func(i int) bool { return int(marks[i].offset) > offset })-1]
	return int(mark.units) + units(d.src[mark.offset:offset])
}

// line returns the 1-based number of the line that contains offset, and the offset
// where the line starts.
func (d *Document) line(offset int) (number, start int) {
	type key struct{}
	starts := lazy.Get(&d.memo, key{}, func() []int32 { // a document without findings does not need it
		starts := make([]int32, 0, bytes.Count(d.src, []byte{'\n'})+1)
		for i := len(d.mark()); ; {
			starts = append(starts, int32(i))
			n := bytes.IndexByte(d.src[i:], '\n')
			if n < 0 {
				return starts
			}
			i += n + 1
		}
	})
	i := max(0, sort.Search(len(starts), func(i int) bool { return int(starts[i]) > offset })-1)
	return i + 1, min(int(starts[i]), offset)
}
