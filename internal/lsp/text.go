package lsp

import (
	"sort"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/patchlint/patchlint"
)

// encoding is the unit in which positions count characters.
type encoding string

const (
	utf8Units  encoding = "utf-8"
	utf16Units encoding = "utf-16"
)

// text is the immutable text of one version of a document.
type text struct {
	src   []byte
	lines []int32  // the starts of lines: after "\n", "\r\n" and "\r" (LSP, EOL)
	in    encoding // of positions; utf8Units if the text is ASCII

	units *patchlint.Document // counts UTF-16 units
}

func newText(src []byte, in encoding) *text {
	t := &text{src: src, lines: []int32{0}, in: utf8Units, units: patchlint.Unparsed(src)}
	for i, c := range src {
		switch {
		case c > '\r' && c < utf8.RuneSelf: // nearly every byte
		case c > '\r':
			t.in = in
		case c == '\n', c == '\r' && (i+1 == len(src) || src[i+1] != '\n'):
			t.lines = append(t.lines, int32(i+1))
		}
	}
	return t
}

// line returns the line of an offset.
func (t *text) line(offset int) int {
	return sort.Search(len(t.lines), func(i int) bool { return int(t.lines[i]) > offset }) - 1
}

// endOf returns the end of a line, without its line break.
func (t *text) endOf(line int) int {
	if line+1 == len(t.lines) {
		return len(t.src)
	}
	end := int(t.lines[line+1]) - 1
	if t.src[end] == '\n' && end > int(t.lines[line]) && t.src[end-1] == '\r' {
		end--
	}
	return end
}

// offset returns the byte offset of a position. A position beyond the end of its line is
// moved to that end, and one beyond the last line to the end of the text.
func (t *text) offset(p position) int {
	switch {
	case p.Line < 0:
		return 0
	case p.Line >= len(t.lines):
		return len(t.src)
	}
	start, end := int(t.lines[p.Line]), t.endOf(p.Line)
	for units := 0; start < end; {
		r, size := utf8.DecodeRune(t.src[start:end])
		if t.in == utf8Units {
			units += size
		} else {
			units += max(utf16.RuneLen(r), 1)
		}
		if units > p.Character {
			break
		}
		start += size
	}
	return start
}

// position returns the position of a byte offset.
func (t *text) position(offset int) position {
	offset = max(0, min(offset, len(t.src)))
	line := t.line(offset)
	start := int(t.lines[line])
	if t.in == utf8Units {
		return position{line, offset - start}
	}
	// A Document finds the units of a long line quickly. It does not count a byte order
	// mark, which editors count as a character.
	_, before := t.units.PositionUTF16(start)
	_, units := t.units.PositionUTF16(offset)
	units -= before
	if start == 0 && offset >= len(byteOrderMark) && string(t.src[:len(byteOrderMark)]) == byteOrderMark {
		units++
	}
	return position{line, units}
}

const byteOrderMark = "\ufeff"

// span returns the span of a range, whose ends may be in either order.
func (t *text) span(r textRange) patchlint.Span {
	start, end := t.offset(r.Start), t.offset(r.End)
	return patchlint.Span{Start: min(start, end), End: max(start, end)}
}

// textRange returns the range of a span.
func (t *text) textRange(s patchlint.Span) textRange {
	return textRange{t.position(s.Start), t.position(s.End)}
}
