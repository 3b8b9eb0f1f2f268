package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
)

var azureFormat = format{"azure", func(w io.Writer, _ Options) Printer { return &azurePrinter{w: w} }}

// maxIssues is how many issues of each type Azure Pipelines keeps of a step (agent,
// ExecutionContext.cs).
const maxIssues = 10

// azurePrinter writes logging commands of Azure Pipelines, which become issues of the
// step, and a line of text for every finding that does not become one: infos, because
// there is no such type, and what is beyond the number that is kept. No command
// completes the task: the exit code does.
type azurePrinter struct {
	w                io.Writer
	errors, warnings issues
}

// issues are the first of a type, and how many there are.
type issues struct {
	first []issue
	n     int
}

// issue is a finding as a command, and as a line for the log.
type issue struct{ command, line string }

// azureEscape escapes what the agent reads as the end of a command, a property or a
// line (CommandStringConvertor.cs).
var azureEscape = strings.NewReplacer("%", "%AZP25", ";", "%3B", "\r", "%0D", "\n", "%0A", "]", "%5D").Replace

func logIssue(level, properties, message string) string {
	return "##vso[task.logissue type=" + level + properties + "]" + azureEscape(inert.Show(message)) + "\n"
}

func (p *azurePrinter) File(f *File) error {
	var b strings.Builder
	for _, d := range f.Findings {
		at := f.Document.PositionUTF16(d.Span.Start)
		text := line(f, d, at) + " [" + d.Rule + "]\n"
		of := &p.warnings
		switch d.Severity {
		case patchlint.Error:
			of = &p.errors
		case patchlint.Info:
			b.WriteString(text)
			continue
		}
		if of.n++; of.n > maxIssues {
			b.WriteString(text)
			continue
		}
		properties := fmt.Sprintf(";sourcepath=%s;linenumber=%d;columnnumber=%d;code=%s", azureEscape(printable(f.Root)), at.Line, at.Column, azureEscape(d.Rule))
		of.first = append(of.first, issue{logIssue(d.Severity.String(), properties, d.Message), text})
	}
	_, err := io.WriteString(p.w, b.String())
	return err
}

// Close writes the commands: what could not be done and the errors, then the warnings.
func (p *azurePrinter) Close(s Summary) error {
	failures := issues{n: len(s.Failures) + p.errors.n}
	for _, failure := range s.Failures[:min(len(s.Failures), maxIssues)] {
		failures.first = append(failures.first, issue{logIssue("error", "", failure), "error: " + inert.Show(failure) + "\n"})
	}
	failures.first = append(failures.first, p.errors.first...)
	_, err := io.WriteString(p.w, failures.text("error", "errors")+p.warnings.text("warning", "warnings"))
	return err
}

// text is the issues of a type. Where there are more than are kept, the last that is
// says so, and the log has the others.
func (i issues) text(one, many string) string {
	shown, rest := i.first, []issue(nil)
	if i.n > maxIssues {
		shown, rest = i.first[:maxIssues-1], i.first[maxIssues-1:]
	}
	var b strings.Builder
	for _, r := range rest {
		b.WriteString(r.line)
	}
	for _, s := range shown {
		b.WriteString(s.command)
	}
	if more := i.n - len(shown); more > 0 {
		b.WriteString(logIssue(one, "", "and "+Count(more, "more "+one, "more "+many)+"; the log of this step lists them"))
	}
	return b.String()
}
