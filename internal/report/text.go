package report

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/secret"
)

// newText writes for people: a line that starts with the position, as editors and terminals
// link it, the source line with the span marked, and the fix. Columns count UTF-16 units,
// as editors do. Findings are separated by an empty line.
func newText(out *output, o Options) Printer {
	if o.Statistics {
		return newStatistics(out)
	}
	printed := false
	print := func(f *File) {
		if len(f.Findings) == 0 {
			return
		}
		list, more := o.Listed(f)
		for _, d := range list {
			if printed && !o.Brief {
				out.WriteByte('\n')
			}
			printed = true
			out.finding(f, d, o)
		}
		for _, rule := range slices.Sorted(maps.Keys(more)) {
			out.printf("\n%s: %s %s\n", o.paint(bold, printable(f.Name)), Count(more[rule], "more finding", "more findings"), o.paint(dim, "["+rule+"] (listed only with --verbose)"))
		}
	}
	return Printer{out: out, print: print}
}

// Listed returns the findings of a payload that the text format lists and, by rule, the
// number of others besides minor ones.
func (o Options) Listed(f *File) (list []patchlint.Diagnostic, more map[string]int) {
	if !o.NoMinor {
		return f.Findings, nil
	}
	counted := make(map[string]int) // by rule: the findings that do not fail the run
	more = make(map[string]int)
	for _, d := range f.Findings {
		if f.Minor(d) {
			continue
		}
		if !o.Brief && d.Severity < o.FailOn {
			if counted[d.Rule]++; counted[d.Rule] > few {
				more[d.Rule]++
				continue
			}
		}
		list = append(list, d)
	}
	return list, more
}

// finding writes a finding for people.
func (out *output) finding(f *File, d patchlint.Diagnostic, o Options) {
	number, column := f.Document.PositionUTF16(d.Span.Start)
	out.printf("%s %s\n", o.oneLine(f, d, number, column), o.paint(dim, "["+d.Rule+"]"))
	if o.Brief {
		return
	}
	gutter := strconv.Itoa(number)
	margin := strings.Repeat(" ", len(gutter))
	columns := maxWide
	if o.Width > 0 {
		columns = min(columns, max(o.Width-len("   | ......")-len(gutter), 20))
	}
	line, mark := frame(f.Document, d.Span, columns)
	out.printf("  %s %s\n", o.paint(dim, gutter+" |"), line)
	out.printf("  %s %s\n", o.paint(dim, margin+" |"), o.paint(severityColor[d.Severity], mark))
	note := func(text string) { out.printf("  %s %s\n", o.paint(dim, margin+" ="), text) }
	for _, r := range d.Related {
		name, doc := f.relatedFile(r)
		number, column := doc.PositionUTF16(r.Span.Start)
		note(fmt.Sprintf("%s:%d:%d: %s", printable(name), number, column, inert.Show(r.Message)))
	}
	if len(d.Fixes) > 0 {
		kind := "fix: "
		if !d.Fixes[0].Safe {
			kind = "fix (unsafe): "
		}
		note(kind + inert.Show(d.Fixes[0].Title))
	} else if d.Suggestion != "" {
		note("suggestion: " + inert.Text(d.Suggestion))
	}
}

// few is the number of findings of a rule and payload that are shown if they do not fail
// the run. A saved response can have dozens.
const few = 3

// oneLine returns a finding on one line, with its position.
func (o Options) oneLine(f *File, d patchlint.Diagnostic, number, column int) string {
	place := fmt.Sprintf("%s:%d:%d", printable(f.Name), number, column)
	return fmt.Sprintf("%s: %s: %s", o.paint(bold, place), o.paint(severityColor[d.Severity], d.Severity.String()), inert.Show(d.Message))
}

const (
	bold    = "1"
	dim     = "2"
	red     = "1;31"
	yellow  = "1;33"
	cyan    = "1;36"
	maxWide = 120 // columns of a source line that are shown
)

var severityColor = [...]string{patchlint.Error: red, patchlint.Warning: yellow, patchlint.Info: cyan}

func (o Options) paint(color, text string) string {
	if !o.Color || text == "" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// frame returns the source line in which a span starts and a line that marks the span in
// it. It cuts a line that is longer than columns to the part around the span, and masks
// secrets.
func frame(doc *patchlint.Document, span patchlint.Span, columns int) (line, mark string) {
	const reach = 4 * maxWide // the number of bytes on either side that can be shown
	src := doc.Source()
	_, column := doc.Position(span.Start)
	lineStart := span.Start - column + 1
	from := max(lineStart, span.Start-reach)
	for from > lineStart && !utf8.RuneStart(src[from]) {
		from--
	}
	to := min(span.End, span.Start+reach)
	rest, _, _ := bytes.Cut(src[span.Start:min(len(src), to+reach)], []byte{'\n'})
	lineEnd := span.Start + len(bytes.TrimSuffix(rest, []byte{'\r'}))
	source := slices.Clone(src[from:lineEnd])
	for _, s := range secret.In(doc, patchlint.Span{Start: from, End: lineEnd}) {
		for i := max(s.Start-from, 0); i < min(s.End-from, len(source)); i++ {
			source[i] = '*'
		}
	}
	start := span.Start - from
	end := min(to-from, len(source))
	if end <= start { // an empty span marks the character after it
		_, size := utf8.DecodeRune(source[start:])
		end = start + size
	}
	before, marked, after := show(source, 0, start), show(source, start, end), show(source, end, len(source))
	fit := func(text string, columns int) string {
		for i, r := range text {
			if columns -= runeWidth(r); columns < 0 {
				return text[:i] + "..."
			}
		}
		return text
	}
	if lead := width(before); lead > columns/2 || from > lineStart {
		// Keep the end of the text before the span.
		for excess := lead - columns/2; excess > 0; {
			r, size := utf8.DecodeRuneInString(before)
			excess -= runeWidth(r)
			before = before[size:]
		}
		before = "..." + before
	}
	if room := columns - width(before); width(marked) > room {
		marked, after = fit(marked, room), ""
	}
	after = fit(after, columns-width(before)-width(marked))
	line = strings.TrimRight(before+marked+after, " ")
	return line, strings.Repeat(" ", width(before)) + strings.Repeat("^", max(1, width(marked)))
}

// show returns part of a source line as inert.Show does, with tabs as two spaces.
func show(source []byte, start, end int) string {
	var b strings.Builder
	for i := start; i < end; {
		if source[i] == '\t' {
			b.WriteString("  ")
			i++
		} else {
			i += inert.Write(&b, source, i)
		}
	}
	return b.String()
}

// lineCommands are the prefixes that make a line a command: GitHub's runner obeys the
// first, even after white space, and Buildkite the others, which open and close groups.
var lineCommands = []string{"::", "---", "+++", "~~~", "^^^", "***"}

// printable returns a file name in a form that can start a line.
func printable(name string) string {
	starts := func(command string) bool {
		return strings.HasPrefix(strings.TrimLeftFunc(name, unicode.IsSpace), command)
	}
	if slices.ContainsFunc(lineCommands, starts) {
		name = "./" + name
	}
	return inert.Show(name)
}

func width(text string) int {
	n := 0
	for _, r := range text {
		n += runeWidth(r)
	}
	return n
}

// runeWidth returns the number of columns that a character takes in a terminal: none for
// a combining mark, two for the wide scripts and emoji of UAX #11.
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

// statistic is the number of findings of a rule and severity.
type statistic struct {
	rule              string
	severity          patchlint.Severity
	findings, fixable int // fixable: with a safe fix
}

// newStatistics prints the number of findings by rule and severity, the most frequent first.
func newStatistics(out *output) Printer {
	var all []statistic
	print := func(f *File) {
		for _, d := range f.Findings {
			i := slices.IndexFunc(all, func(s statistic) bool { return s.rule == d.Rule && s.severity == d.Severity })
			if i < 0 {
				i, all = len(all), append(all, statistic{rule: d.Rule, severity: d.Severity})
			}
			all[i].findings++
			if slices.ContainsFunc(d.Fixes, func(fix patchlint.Fix) bool { return fix.Safe }) {
				all[i].fixable++
			}
		}
	}
	end := func(Summary) {
		slices.SortFunc(all, func(a, b statistic) int {
			return cmp.Or(b.findings-a.findings, int(b.severity)-int(a.severity), cmp.Compare(a.rule, b.rule))
		})
		widest := 0
		for _, s := range all {
			widest = max(widest, len(s.rule))
		}
		for _, s := range all {
			line := fmt.Sprintf("%6d  %-7s  %-*s", s.findings, s.severity, widest, s.rule)
			if s.fixable > 0 {
				line += fmt.Sprintf("  %d fixable", s.fixable)
			}
			out.WriteString(strings.TrimRight(line, " ") + "\n")
		}
	}
	return Printer{out, print, end}
}
