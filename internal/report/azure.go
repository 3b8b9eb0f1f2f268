package report

import (
	"fmt"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
)

// newAzure writes logging commands of Azure Pipelines, which become issues of the
// step. Findings that do not become issues are written as lines of text: infos, because
// Azure has no such issue type, and those that annotations leave out. The result of the task
// is left to the exit code.
func newAzure(out *output, _ Options) Printer {
	var issues annotations
	print := func(f *File) {
		for _, d := range f.Findings {
			number, column := f.Document.PositionUTF16(d.Span.Start)
			text := Options{}.oneLine(f, d, number, column) + " [" + d.Rule + "]\n"
			properties := fmt.Sprintf(";sourcepath=%s;linenumber=%d;columnnumber=%d;code=%s", azureEscape(printable(f.Root)), number, column, azureEscape(d.Rule))
			if d.Severity > patchlint.Info && issues.add(d.Severity) {
				text = logIssue(d.Severity, properties, d.Message)
			}
			out.WriteString(text)
		}
	}
	end := func(s Summary) {
		issues.finish(s, "; the log of this step lists them", func(severity patchlint.Severity, text string) {
			out.WriteString(logIssue(severity, "", text))
		})
	}
	return Printer{out, print, end}
}

// azureEscape escapes the characters that end a command, a property or a line for the
// agent (CommandStringConvertor.cs).
var azureEscape = strings.NewReplacer("%", "%AZP25", ";", "%3B", "\r", "%0D", "\n", "%0A", "]", "%5D").Replace

func logIssue(severity patchlint.Severity, properties, message string) string {
	return "##vso[task.logissue type=" + severity.String() + properties + "]" + azureEscape(inert.Show(message)) + "\n"
}
