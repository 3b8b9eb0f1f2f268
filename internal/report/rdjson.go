package report

import (
	"fmt"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/secret"
)

// newRDJSON writes the Reviewdog Diagnostic Format, one DiagnosticResult. Columns count
// UTF-8 bytes. Paths are relative to the working directory, as reviewdog expects. Failures
// are diagnostics, too, because reviewdog does not see the exit code.
func newRDJSON(out *output, _ Options) Printer {
	out.WriteString(`{"source": `)
	out.json(object{{"name", "patchlint"}, {"url", project}})
	out.WriteString(",\n \"diagnostics\": ")
	list := out.list()
	print := func(f *File) {
		for _, d := range f.Findings {
			var suggestions, related []object
			for _, fix := range f.Applicable(d) {
				if s := suggestion(f.Document, fix); s != nil {
					suggestions = append(suggestions, s)
				}
			}
			for _, r := range d.Related {
				name, doc := f.relatedFile(r)
				related = append(related, object{{"message", r.Message}, {"location", rdPlace(name, doc, r.Span)}})
			}
			number, column := f.Document.Position(d.Span.Start)
			list.add(object{
				{"message", d.Message},
				{"location", rdPlace(f.Name, f.Document, d.Span)},
				{"severity", strings.ToUpper(d.Severity.String())},
				{"code", object{{"value", d.Rule}, {"url", RulePage(d.Rule)}}},
				{"suggestions", suggestions},
				{"relatedLocations", related},
				// reviewdog prints originalOutput if it has no service to report to.
				{"originalOutput", fmt.Sprintf("%s [%s]", Options{}.oneLine(f, d, number, column), d.Rule)},
			})
		}
	}
	end := func(s Summary) {
		for _, failure := range s.Failures {
			list.add(object{{"message", failure}, {"location", object{{"path", "."}}}, {"severity", "ERROR"}, {"originalOutput", "patchlint: " + inert.Show(failure)}})
		}
		list.end(" ", "}\n")
	}
	return Printer{out, print, end}
}

// suggestion returns a fix as one range and its new text, which includes the text
// between the edits. It returns nil if that text contains a secret.
func suggestion(doc *patchlint.Document, fix patchlint.Fix) object {
	whole := patchlint.Span{Start: fix.Edits[0].Span.Start, End: fix.Edits[len(fix.Edits)-1].Span.End}
	var text strings.Builder
	last := whole.Start
	for _, e := range fix.Edits {
		between := patchlint.Span{Start: last, End: e.Span.Start}
		if len(secret.In(doc, between)) > 0 {
			return nil
		}
		text.Write(doc.Source()[between.Start:between.End])
		text.WriteString(e.NewText)
		last = e.Span.End
	}
	return object{{"range", rdSpan(doc, whole)}, {"text", text.String()}}
}

func rdPlace(name string, doc *patchlint.Document, at patchlint.Span) object {
	return object{{"path", name}, {"range", rdSpan(doc, at)}}
}

// rdSpan returns a range, whose end is exclusive.
func rdSpan(doc *patchlint.Document, at patchlint.Span) object {
	position := func(offset int) object {
		line, column := doc.Position(offset)
		return object{{"line", line}, {"column", column}}
	}
	return object{{"start", position(at.Start)}, {"end", position(at.End)}}
}
