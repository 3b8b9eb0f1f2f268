package lsp

import (
	"slices"
	"sort"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/patchlint/patchlint"
)

// encoding is how the characters of a position are counted.
type encoding string

const (
	utf8Units  encoding = "utf-8"
	utf16Units encoding = "utf-16"
)

// text is one version of a document. Only one that nobody else has may be changed.
type text struct {
	src   []byte
	lines []int32 // where lines start: after "\n", "\r\n" and "\r" (LSP, EOL)
	ascii bool    // all of it

	once  sync.Once
	units *patchlint.Document // which counts UTF-16 units
}

func newText(src []byte) *text {
	return &text{src: src, lines: lineStarts([]int32{0}, src, 0, len(src)), ascii: isASCII(src)}
}

// lineStarts appends where the lines start that the bytes from start to end break.
func lineStarts(lines []int32, src []byte, start, end int) []int32 {
	for i := start; i < end; i++ {
		switch c := src[i]; {
		case c > '\r':
		case c == '\n', c == '\r' && (i+1 == len(src) || src[i+1] != '\n'):
			lines = append(lines, int32(i+1))
		}
	}
	return lines
}

func isASCII[T string | []byte](text T) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// clone returns a copy that may be changed.
func (t *text) clone() *text {
	return &text{src: slices.Clone(t.src), lines: t.lines, ascii: t.ascii}
}

// replace puts a text in place of the bytes from start to end.
func (t *text) replace(start, end int, by string) {
	// Whether the byte before breaks a line depends on what comes now.
	line := lineAt(t.lines, max(start-1, 0))
	rest := t.lines[sort.Search(len(t.lines), func(i int) bool { return int(t.lines[i]) > end }):]
	t.src = slices.Replace(t.src, start, end, []byte(by)...)
	t.ascii = t.ascii && isASCII(by)
	after := start + len(by)
	t.lines = lineStarts(slices.Clone(t.lines[:line+1]), t.src, int(t.lines[line]), after)
	for _, s := range rest {
		t.lines = append(t.lines, s+int32(after-end))
	}
}

// lineAt returns the line that holds an offset.
func lineAt(lines []int32, offset int) int {
	return sort.Search(len(lines), func(i int) bool { return int(lines[i]) > offset }) - 1
}

// endOf returns where a line ends, without what breaks it.
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

// offset returns where a position is in bytes. One beyond the end of its line is
// taken as that end, and one beyond the last line as the end of the text.
func (t *text) offset(p position, in encoding) int {
	switch {
	case p.Line < 0:
		return 0
	case p.Line >= len(t.lines):
		return len(t.src)
	}
	start, end := int(t.lines[p.Line]), t.endOf(p.Line)
	wanted := max(p.Character, 0)
	if in == utf8Units || t.ascii {
		offset := min(start+min(wanted, end-start), end)
		for offset > start && offset < end && !utf8.RuneStart(t.src[offset]) {
			offset--
		}
		return offset
	}
	for units := 0; start < end; {
		r, size := utf8.DecodeRune(t.src[start:end])
		if units += max(utf16.RuneLen(r), 1); units > wanted {
			break
		}
		start += size
	}
	return start
}

// position returns the position of a byte.
func (t *text) position(offset int, in encoding) position {
	offset = max(0, min(offset, len(t.src)))
	line := lineAt(t.lines, offset)
	start := int(t.lines[line])
	if in == utf8Units || t.ascii {
		return position{line, offset - start}
	}
	// Document counts the units of a long line without walking through it, and does
	// not count a byte order mark, which is a character to an editor.
	t.once.Do(func() { t.units = patchlint.Unparsed(t.src) })
	units := t.units.PositionUTF16(offset).Column - t.units.PositionUTF16(start).Column
	if start == 0 && offset >= len(mark) && string(t.src[:len(mark)]) == mark {
		units++
	}
	return position{line, units}
}

const mark = "\ufeff"

// span returns the bytes of a range, whichever of its ends comes first.
func (t *text) span(r textRange, in encoding) patchlint.Span {
	start, end := t.offset(r.Start, in), t.offset(r.End, in)
	return patchlint.Span{Start: min(start, end), End: max(start, end)}
}

// textRange returns the range of a span.
func (t *text) textRange(s patchlint.Span, in encoding) textRange {
	return textRange{t.position(s.Start, in), t.position(s.End, in)}
}
