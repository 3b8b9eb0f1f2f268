package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/secret"
)

var textFormat = format{"text", func(w io.Writer, o Options) Printer { return &textPrinter{w, o} }}

// textPrinter writes for people: a line that editors and terminals can follow
// to the place, the source line with the place marked, and what would mend it.
// Columns count UTF-16 units, as editors do.
type textPrinter struct {
	w io.Writer
	Options
}

func (p *textPrinter) Close(Summary) error { return nil }

func (p *textPrinter) File(f *File) error {
	if len(f.Findings) == 0 {
		return nil
	}
	var b strings.Builder
	in := places{doc: f.Document}
	for _, d := range f.Findings {
		at := in.of(d.Span.Start)
		color := severityColor[d.Severity]
		fmt.Fprintf(&b, "%s: %s: %s %s\n",
			p.paint(bold, fmt.Sprintf("%s:%d:%d", printable(f.Name), at.Line, at.Column)),
			p.paint(color, d.Severity.String()), d.Message, p.paint(dim, "["+d.Rule+"]"))
		if p.Brief {
			continue
		}
		gutter := strconv.Itoa(at.Line)
		margin := strings.Repeat(" ", len(gutter))
		line, mark := frame(f.Document, d.Span)
		fmt.Fprintf(&b, "  %s %s\n", p.paint(dim, gutter+" |"), line)
		fmt.Fprintf(&b, "  %s %s\n", p.paint(dim, margin+" |"), p.paint(color, mark))
		note := func(text string) { fmt.Fprintf(&b, "  %s %s\n", p.paint(dim, margin+" ="), text) }
		for _, r := range d.Related {
			name, doc := f.other(r)
			place := doc.PositionUTF16(r.Span.Start)
			note(fmt.Sprintf("%s:%d:%d: %s", printable(name), place.Line, place.Column, r.Message))
		}
		if len(d.Fixes) > 0 {
			kind := "fix: "
			if !d.Fixes[0].Safe {
				kind = "fix (unsafe): "
			}
			note(kind + d.Fixes[0].Title)
		} else if d.Suggestion != "" {
			note("suggestion: " + patchlint.Printable(d.Suggestion))
		}
	}
	_, err := io.WriteString(p.w, quiet(b.String()))
	return err
}

// line says on one line what was found and where.
func line(f *File, d patchlint.Diagnostic, at patchlint.Position) string {
	return fmt.Sprintf("%s:%d:%d: %s: %s", printable(f.Name), at.Line, at.Column, d.Severity, d.Message)
}

const (
	bold    = "1"
	dim     = "2"
	red     = "1;31"
	yellow  = "1;33"
	cyan    = "1;36"
	maxWide = 120 // columns of a source line that are shown
)

var severityColor = map[patchlint.Severity]string{patchlint.Error: red, patchlint.Warning: yellow, patchlint.Info: cyan}

func (o Options) paint(color, text string) string {
	if !o.Color || text == "" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// frame returns the source line in which a span starts and a line that marks
// the span in it. Of a long line only the part around the span is looked at.
// Secrets are masked.
func frame(doc *patchlint.Document, span patchlint.Span) (line, mark string) {
	const reach = 4 * maxWide // bytes to either side that can come to be seen
	src := doc.Source()
	lineStart := span.Start - doc.Position(span.Start).Column + 1
	from := max(lineStart, span.Start-reach)
	for from > lineStart && !utf8.RuneStart(src[from]) {
		from--
	}
	to := min(span.End, span.Start+reach)
	rest := src[span.Start:min(len(src), to+reach)]
	lineEnd := span.Start + len(rest)
	if i := bytes.IndexByte(rest, '\n'); i >= 0 {
		lineEnd = span.Start + len(bytes.TrimSuffix(rest[:i], []byte{'\r'}))
	}
	source := slices.Clone(src[from:lineEnd])
	for _, s := range secret.In(doc, patchlint.Span{Start: from, End: lineEnd}) {
		for i := max(s.Start-from, 0); i < min(s.End-from, len(source)); i++ {
			source[i] = '*'
		}
	}
	start := span.Start - from
	end := min(max(to-from, start+1), len(source))
	before, marked, after := show(source[:start]), show(source[start:max(start, end)]), show(source[max(start, end):])
	cut := func(text string, columns int) (string, bool) {
		n := 0
		for i, r := range text {
			if n += runeWidth(r); n > columns {
				return text[:i], true
			}
		}
		return text, false
	}
	if lead := width(before); lead > maxWide/2 || from > lineStart {
		// Keep the end of what stands before.
		for excess := lead - maxWide/2; excess > 0; {
			r, size := utf8.DecodeRuneInString(before)
			excess -= runeWidth(r)
			before = before[size:]
		}
		before = "..." + before
	}
	if shorter, ok := cut(marked, maxWide-width(before)); ok {
		marked, after = shorter+"...", ""
	} else if shorter, ok := cut(after, maxWide-width(before)-width(marked)); ok {
		after = shorter + "..."
	}
	line = strings.TrimRight(before+marked+after, " ")
	return line, strings.Repeat(" ", width(before)) + strings.Repeat("^", max(1, width(marked)))
}

// places gives UTF-16 positions for offsets that mostly lie near each other,
// without counting a long line from its start each time.
type places struct {
	doc        *patchlint.Document
	line       int
	offset, at int // a place on that line: its offset and column
}

func (p *places) of(offset int) patchlint.Position {
	offset = min(offset, len(p.doc.Source()))
	line := p.doc.Position(offset).Line
	if line != p.line {
		p.line, p.at = line, p.doc.PositionUTF16(offset).Column
	} else {
		to := max(offset, p.offset)
		start := to - p.doc.Position(to).Column + 1 // behind a byte order mark
		between := units(p.doc.Source()[max(min(offset, p.offset), start):to])
		if offset < p.offset {
			between = -between
		}
		p.at += between
	}
	p.offset = offset
	return patchlint.Position{Line: line, Column: p.at}
}

// span gives the places where a span starts and ends.
func (p *places) span(s patchlint.Span) (start, end patchlint.Position) {
	start = p.of(s.Start)
	beyond := *p // what comes next is nearer to the start than to the end
	return start, beyond.of(s.End)
}

// units counts the UTF-16 code units of a text; an invalid byte is one.
func units(text []byte) int {
	n := 0
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		n += max(utf16.RuneLen(r), 1)
		text = text[size:]
	}
	return n
}

// show returns source text as one line fit for a terminal: tabs become two
// spaces, and what a terminal would act on is escaped.
func show(source []byte) string {
	var b strings.Builder
	for len(source) > 0 {
		r, size := utf8.DecodeRune(source)
		switch {
		case r == '\t':
			b.WriteString("  ")
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, source[0])
		default:
			patchlint.WriteRune(&b, r)
		}
		source = source[size:]
	}
	return b.String()
}

// printable is show for a file name. One that would make the line it starts a
// command for GitHub's runner, which overlooks white space there, starts with
// "./".
func printable(name string) string {
	if strings.HasPrefix(strings.TrimLeftFunc(name, unicode.IsSpace), "::") {
		name = "./" + name
	}
	return show([]byte(name))
}

func width(text string) int {
	n := 0
	for _, r := range text {
		n += runeWidth(r)
	}
	return n
}

// runeWidth is how many columns a terminal gives a character: none to a
// combining mark, two to the wide scripts and emoji of UAX #11.
func runeWidth(r rune) int {
	switch {
	case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) || r == '\u200d':
		return 0
	case r >= 0x1100 && r <= 0x115F, r >= 0x2E80 && r <= 0xA4CF, r >= 0xAC00 && r <= 0xD7A3, r >= 0xF900 && r <= 0xFAFF,
		r >= 0xFE30 && r <= 0xFE6F, r >= 0xFF00 && r <= 0xFF60, r >= 0xFFE0 && r <= 0xFFE6, r >= 0x1F300 && r <= 0x1FAFF, r >= 0x20000 && r <= 0x3FFFD:
		return 2
	}
	return 1
}
