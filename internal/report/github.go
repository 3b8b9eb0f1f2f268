package report

import (
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
)

var githubFormat = format{"github", func(out *output, o Options) printer { return &githubPrinter{output: out, Options: o} }, false}

// The most that GitHub accepts from one step besides maxAnnotations.
const (
	maxAnnotation = 4096    // UTF-16 units of a message
	maxSummary    = 1 << 20 // bytes; a larger summary is dropped whole
)

// githubPrinter writes workflow commands, which become annotations, and a table
// of everything for the summary of the job. Every line it writes is a command of
// its own: nothing else of it can be taken for one.
type githubPrinter struct {
	*output
	Options
	errors, warnings, notices annotations
	rows                      sections // of the table
}

// commandData and commandProperty escape what would end a command or a property
// of it, as the runner reads them.
var (
	commandData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func (p *githubPrinter) file(f *File) {
	for _, d := range f.Findings {
		start, end := span(f.Document, d.Span)
		place := fmt.Sprintf("%s:%d:%d", printable(f.Name), start.Line, start.Column)
		properties := fmt.Sprintf("file=%s,line=%d,endLine=%d", commandProperty.Replace(printable(f.Root)), start.Line, end.Line)
		if start.Line == end.Line { // columns over several lines are dropped
			properties += fmt.Sprintf(",col=%d,endColumn=%d", start.Column, end.Column)
		}
		properties += ",title=" + commandProperty.Replace("patchlint "+d.Rule)
		message := place + ": " + d.Message
		switch d.Severity {
		case patchlint.Error:
			p.errors.add(annotate("error", properties, message), "")
		case patchlint.Warning:
			p.warnings.add(annotate("warning", properties, message), "")
		default:
			p.notices.add(annotate("notice", properties, message), "")
		}
		if p.Summary != nil {
			p.rows.add(maxSummary, func() string {
				return fmt.Sprintf("| %s | %s | [%s](%s) | %s |\n", d.Severity, code(place), markdown(d.Rule), RulePage(d.Rule), prose(d.Message))
			})
		}
	}
}

// annotate returns a command that makes an annotation.
func annotate(command, properties, message string) string {
	message = inert.Show(message)
	if len(message) > maxAnnotation {
		if units := utf16.Encode([]rune(message)); len(units) > maxAnnotation {
			message = strings.TrimSuffix(string(utf16.Decode(units[:maxAnnotation-3])), "\uFFFD") + "..."
		}
	}
	return "::" + command + " " + properties + "::" + commandData.Replace(message) + "\n"
}

// markdown writes text so that it stays text in a cell of a table: what has a
// meaning in HTML or GitHub's Markdown becomes a character reference, which has
// none (CommonMark 0.31.2, 2.5).
var markdown = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "`", "&#96;", `\`, "&#92;", "*", "&#42;", "_", "&#95;", "~", "&#126;",
	"[", "&#91;", "]", "&#93;", "$", "&#36;", "@", "&#64;", "://", "&#58;//", "www.", "www&#46;",
).Replace

func (p *githubPrinter) close(s Summary) {
	var failures annotations
	for _, failure := range s.Failures {
		failures.add(annotate("error", "title=patchlint", failure), "")
	}
	where := ", which GitHub does not show here"
	if p.Summary != nil {
		where = "; the summary of the job has them"
	}
	more := func(command, one, many string) func(int) string {
		return func(n int) string {
			return annotate(command, "title=patchlint", "and "+Count(n, one, many)+" more"+where)
		}
	}
	p.WriteString(failures.before(p.errors).text(more("error", "error", "errors")))
	p.WriteString(p.warnings.text(more("warning", "warning", "warnings")))
	p.WriteString(p.notices.text(more("notice", "info", "infos")))
	if p.Summary != nil && p.flush() == nil {
		_, p.err = p.Summary.Write(p.summary(s))
	}
}

// summary is what there is to say of a run, no longer than there is room for.
func (p *githubPrinter) summary(s Summary) []byte {
	var b strings.Builder // and in the end all of it
	if p.SummaryUsed > 0 {
		b.WriteString("\n\n") // start a paragraph, whatever comes before
	}
	fmt.Fprintf(&b, "### patchlint: %s, %s, %s in %s\n\n", Count(s.Errors, "error", "errors"), Count(s.Warnings, "warning", "warnings"),
		Count(s.Infos, "info", "infos"), Count(s.Files, "file", "files"))
	b.WriteString(notDone(s.Failures, len(s.Failures), 1000))
	const table, sentence = "| severity | place | rule | message |\n| --- | --- | --- | --- |\n", 80
	room := maxSummary - p.SummaryUsed - b.Len() - sentence
	if room < 0 {
		return nil
	}
	rows, more := p.rows.within(room - len(table))
	if rows != "" {
		b.WriteString(table + rows + "\n")
	}
	if more > 0 {
		fmt.Fprintf(&b, "and %s more, for which a summary has no room\n\n", Count(more, "finding", "findings"))
	}
	return []byte(b.String())
}
