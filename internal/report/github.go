package report

import (
	"fmt"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
)

// Limits of GitHub besides maxAnnotations.
const (
	maxAnnotation = 4096    // UTF-16 units of a message
	maxSummary    = 1 << 20 // bytes; a larger summary is dropped whole
)

// newGitHub writes workflow commands, which become annotations, and a table of all findings
// for the summary of the job. Every line it writes is a command, so no text of a payload can
// start one.
func newGitHub(out *output, o Options) Printer {
	var shown annotations
	var rows [patchlint.Error]sections // of the table in the summary, the most severe first
	print := func(f *File) {
		for _, d := range f.Findings {
			line, column := f.Document.PositionUTF16(d.Span.Start)
			endLine, endColumn := f.Document.PositionUTF16(d.Span.End)
			place := fmt.Sprintf("%s:%d:%d", printable(f.Name), line, column)
			properties := fmt.Sprintf("file=%s,line=%d,endLine=%d", commandProperty.Replace(printable(f.Root)), line, endLine)
			if line == endLine { // GitHub ignores columns if there are several lines
				properties += fmt.Sprintf(",col=%d,endColumn=%d", column, endColumn)
			}
			properties += ",title=" + commandProperty.Replace("patchlint "+d.Rule)
			if shown.add(d.Severity) {
				out.WriteString(annotate(d.Severity, properties, place+": "+d.Message))
			}
			if o.Summary != nil {
				rows[patchlint.Error-d.Severity].add(maxSummary, func() string {
					return fmt.Sprintf("| %s | %s | [%s](%s) | %s |\n", d.Severity, code(place), escapeMarkdown(d.Rule), RulePage(d.Rule), prose(d.Message))
				})
			}
		}
	}
	end := func(s Summary) {
		where := ", which GitHub does not show here"
		if o.Summary != nil {
			where = "; the summary of the job has them"
		}
		shown.finish(s, where, func(severity patchlint.Severity, text string) {
			out.WriteString(annotate(severity, "title=patchlint", text))
		})
		if o.Summary != nil && out.Flush() == nil {
			out.Reset(o.Summary)
			out.WriteString(summaryOf(s, rows[:], o.SummaryUsed))
		}
	}
	return Printer{out, print, end}
}

// commandData and commandProperty escape the characters that would end the message or a
// property of a workflow command.
var (
	commandData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// annotate returns the workflow command for an annotation.
func annotate(severity patchlint.Severity, properties, message string) string {
	command := severity.String()
	if severity == patchlint.Info {
		command = "notice"
	}
	return "::" + command + " " + properties + "::" + commandData.Replace(cut(inert.Show(message), maxAnnotation)) + "\n"
}

// escapeMarkdown escapes text for a cell of a table: characters with a meaning in HTML
// or GitHub's Markdown become character references (CommonMark 0.31.2, 2.5).
var escapeMarkdown = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "`", "&#96;", `\`, "&#92;", "*", "&#42;", "_", "&#95;", "~", "&#126;",
	"[", "&#91;", "]", "&#93;", "$", "&#36;", "@", "&#64;", "://", "&#58;//", "www.", "www&#46;",
).Replace

// summaryOf returns the text for the summary of the job, cut to the space that is left there
// after the bytes used, or "" if none of it fits.
func summaryOf(s Summary, rows []sections, used int) string {
	var b strings.Builder
	if used > 0 {
		b.WriteString("\n\n") // start a new paragraph
	}
	fmt.Fprintf(&b, "### patchlint: %s, %s, %s in %s", Count(s.Errors, "error", "errors"), Count(s.Warnings, "warning", "warnings"),
		Count(s.Infos, "info", "infos"), Count(s.Files, "file", "files"))
	if s.Skipped > 0 {
		fmt.Fprintf(&b, ", %d skipped", s.Skipped)
	}
	b.WriteString("\n\n")
	b.WriteString(failureList(s.Failures, maxSummary/4))
	const table, sentence = "| severity | place | rule | message |\n| --- | --- | --- | --- |\n", 100
	room := maxSummary - used - b.Len() - sentence
	if room < 0 {
		return ""
	}
	shown, more := within(room-len(table), rows)
	if shown != "" {
		b.WriteString(table + shown + "\n")
	}
	if more > 0 {
		fmt.Fprintf(&b, "and %s, left out because GitHub limits the length of a summary\n\n", Count(more, "more finding", "more findings"))
	}
	return b.String()
}
