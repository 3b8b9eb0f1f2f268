package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
)

var githubFormat = format{"github", func(w io.Writer, o Options) Printer { return &githubPrinter{w: w, Options: o} }}

// The most that GitHub accepts from one step; it drops the rest without a word.
const (
	maxAnnotations = 10      // of each level
	maxAnnotation  = 4096    // UTF-16 units of a message
	maxSummary     = 1 << 20 // bytes; a larger summary is dropped whole
)

// githubPrinter writes workflow commands, which become annotations, and a table
// of everything for the summary of the job. Every line it writes is a command of
// its own: nothing else of it can be taken for one.
type githubPrinter struct {
	w io.Writer
	Options
	errors, warnings, notices annotations
	rows                      bytes.Buffer // of the table
	more                      int          // findings that have no row
}

// annotations are the annotations of one level: the first few, and how many there are.
type annotations struct {
	commands []string
	n        int
}

// commandData and commandProperty escape what would end a command or a property
// of it, as the runner reads them.
var (
	commandData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func (p *githubPrinter) File(f *File) error {
	for _, d := range f.Findings {
		start, end := span(f.Document, d.Span)
		place := fmt.Sprintf("%s:%d:%d", printable(f.Name), start.Line, start.Column)
		level, command := p.level(d.Severity)
		level.n++
		if level.n <= maxAnnotations {
			properties := fmt.Sprintf("file=%s,line=%d,endLine=%d", commandProperty.Replace(printable(f.Root)), start.Line, end.Line)
			if start.Line == end.Line { // columns over several lines are dropped
				properties += fmt.Sprintf(",col=%d,endColumn=%d", start.Column, end.Column)
			}
			properties += ",title=" + commandProperty.Replace("patchlint "+d.Rule)
			level.commands = append(level.commands, annotation(command, properties, place+": "+d.Message))
		}
		if p.Summary != nil {
			p.row(d, place)
		}
	}
	return nil
}

func (p *githubPrinter) level(s patchlint.Severity) (a *annotations, command string) {
	switch s {
	case patchlint.Error:
		return &p.errors, "error"
	case patchlint.Warning:
		return &p.warnings, "warning"
	}
	return &p.notices, "notice"
}

func annotation(command, properties, message string) string {
	message = inert.Show(message)
	if len(message) > maxAnnotation {
		if units := utf16.Encode([]rune(message)); len(units) > maxAnnotation {
			message = strings.TrimSuffix(string(utf16.Decode(units[:maxAnnotation-3])), "\uFFFD") + "..."
		}
	}
	return "::" + command + " " + properties + "::" + commandData.Replace(message) + "\n"
}

// row adds a row to the table, as long as there may be room for it.
func (p *githubPrinter) row(d patchlint.Diagnostic, place string) {
	if p.more > 0 || p.rows.Len() > maxSummary {
		p.more++
		return
	}
	fmt.Fprintf(&p.rows, "| %s | %s | [%s](%s) | %s |\n", d.Severity, code(place), markdown(d.Rule), RulePage(d.Rule), prose(d.Message))
}

// markdown writes text so that it stays text in a cell of a table: what has a
// meaning in HTML or GitHub's Markdown becomes a character reference, which has
// none (CommonMark 0.31.2, 2.5).
var markdown = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "`", "&#96;", `\`, "&#92;", "*", "&#42;", "_", "&#95;", "~", "&#126;",
	"[", "&#91;", "]", "&#93;", "$", "&#36;", "@", "&#64;", "://", "&#58;//", "www.", "www&#46;",
).Replace

func (p *githubPrinter) Close(s Summary) error {
	failures := annotations{n: len(s.Failures)}
	for _, failure := range s.Failures[:min(len(s.Failures), maxAnnotations)] {
		failures.commands = append(failures.commands, annotation("error", "title=patchlint", failure))
	}
	failures.n += p.errors.n
	failures.commands = append(failures.commands, p.errors.commands...)
	var b strings.Builder
	b.WriteString(p.commands(failures, "error", "error", "errors"))
	b.WriteString(p.commands(p.warnings, "warning", "warning", "warnings"))
	b.WriteString(p.commands(p.notices, "notice", "info", "infos"))
	if _, err := io.WriteString(p.w, b.String()); err != nil || p.Summary == nil {
		return err
	}
	_, err := p.Summary.Write(p.summary(s))
	return err
}

// commands are the annotations of a level. Where there are more than GitHub
// takes, the last one says so.
func (p *githubPrinter) commands(a annotations, command, one, many string) string {
	if a.n <= maxAnnotations {
		return strings.Join(a.commands, "")
	}
	const shown = maxAnnotations - 1
	text := fmt.Sprintf("and %s more, which GitHub does not show here", Count(a.n-shown, one, many))
	if p.Summary != nil {
		text = fmt.Sprintf("and %s more; the summary of the job has them", Count(a.n-shown, one, many))
	}
	return strings.Join(a.commands[:shown], "") + annotation(command, "title=patchlint", text)
}

// summary is what there is to say of a run, no longer than there is room for.
func (p *githubPrinter) summary(s Summary) []byte {
	var b strings.Builder // and in the end all of it
	if p.SummaryUsed > 0 {
		b.WriteString("\n\n") // start a paragraph, whatever comes before
	}
	fmt.Fprintf(&b, "### patchlint: %s, %s, %s in %s\n\n", Count(s.Errors, "error", "errors"), Count(s.Warnings, "warning", "warnings"),
		Count(s.Infos, "info", "infos"), Count(s.Files, "file", "files"))
	for _, failure := range s.Failures {
		fmt.Fprintf(&b, "- could not be done: %s\n", prose(cut(failure, 1000)))
	}
	if len(s.Failures) > 0 {
		b.WriteString("\n")
	}
	const table, sentence = "| severity | place | rule | message |\n| --- | --- | --- | --- |\n", 80
	room := maxSummary - p.SummaryUsed - b.Len() - sentence
	if room < 0 {
		return nil
	}
	rows, more := p.rows.Bytes(), p.more
	for len(rows) > 0 && len(table)+len(rows) > room {
		rows = rows[:bytes.LastIndexByte(rows[:len(rows)-1], '\n')+1]
		more++
	}
	if len(rows) > 0 {
		b.WriteString(table + string(rows) + "\n")
	}
	if more > 0 {
		fmt.Fprintf(&b, "and %s more, for which a summary has no room\n\n", Count(more, "finding", "findings"))
	}
	return []byte(b.String())
}
