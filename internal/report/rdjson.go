package report

import (
	"fmt"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/secret"
)

var rdjsonFormat = format{"rdjson", func(out *output, o Options) printer {
	out.WriteString(`{"source": `)
	out.json(rdSource{o.Tool.Name, project})
	out.WriteString(",\n \"diagnostics\": ")
	return &rdjsonPrinter{out.list(" ")}
}, true}

// rdjsonPrinter writes the Reviewdog Diagnostic Format, one DiagnosticResult.
// Its columns count UTF-8 bytes. Paths are as the user knows them: reviewdog
// takes them from where it is run.
type rdjsonPrinter struct{ list }

type rdSource struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type rdDiagnostic struct {
	Message     string         `json:"message"`
	Location    rdLocation     `json:"location"`
	Severity    string         `json:"severity"`
	Code        *rdCode        `json:"code,omitempty"`
	Suggestions []rdSuggestion `json:"suggestions,omitempty"`
	Related     []rdRelated    `json:"relatedLocations,omitempty"`
	// Original is what reviewdog prints where it has no other place to report to.
	Original string `json:"originalOutput"`
}

type rdLocation struct {
	Path  string   `json:"path"`
	Range *rdRange `json:"range,omitempty"`
}

type rdRange struct {
	Start rdPosition `json:"start"`
	End   rdPosition `json:"end"` // the place after the last
}

type rdPosition struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

type rdCode struct {
	Value string `json:"value"`
	URL   string `json:"url"`
}

type rdSuggestion struct {
	Range rdRange `json:"range"`
	Text  string  `json:"text"`
}

type rdRelated struct {
	Message  string     `json:"message"`
	Location rdLocation `json:"location"`
}

func (p *rdjsonPrinter) file(f *File) {
	for _, d := range f.Findings {
		at := rdRangeOf(f.Document, d.Span)
		diagnostic := rdDiagnostic{
			Message: d.Message, Location: rdLocation{f.Name, &at}, Severity: strings.ToUpper(d.Severity.String()),
			Code: &rdCode{d.Rule, RulePage(d.Rule)}, Original: fmt.Sprintf("%s [%s]", line(f, d, f.Document.Position(d.Span.Start)), d.Rule),
		}
		for _, fix := range f.Applicable(d) {
			if s, ok := suggestion(f.Document, fix); ok {
				diagnostic.Suggestions = append(diagnostic.Suggestions, s)
			}
		}
		for _, r := range d.Related {
			name, doc := f.other(r)
			at := rdRangeOf(doc, r.Span)
			diagnostic.Related = append(diagnostic.Related, rdRelated{r.Message, rdLocation{name, &at}})
		}
		p.add(diagnostic)
	}
}

// suggestion is a fix as one range with the text to be there, which is all that
// a suggestion can be. The text between the edits becomes part of it, unless
// it is a secret.
func suggestion(doc *patchlint.Document, fix patchlint.Fix) (s rdSuggestion, ok bool) {
	if len(fix.Edits) == 0 {
		return s, false
	}
	whole := patchlint.Span{Start: fix.Edits[0].Span.Start, End: fix.Edits[len(fix.Edits)-1].Span.End}
	var text strings.Builder
	last := whole.Start
	for _, e := range fix.Edits {
		between := patchlint.Span{Start: last, End: e.Span.Start}
		if len(secret.In(doc, between)) > 0 {
			return s, false
		}
		text.Write(doc.Source()[between.Start:between.End])
		text.WriteString(e.NewText)
		last = e.Span.End
	}
	return rdSuggestion{rdRangeOf(doc, whole), text.String()}, true
}

func rdRangeOf(doc *patchlint.Document, s patchlint.Span) rdRange {
	start, end := doc.Position(s.Start), doc.Position(s.End)
	return rdRange{rdPosition{start.Line, start.Column}, rdPosition{end.Line, end.Column}}
}

// close also reports what could not be done: reviewdog sees the report and not
// the exit code. Such an entry is about no file.
func (p *rdjsonPrinter) close(s Summary) {
	for _, failure := range s.Failures {
		p.add(rdDiagnostic{Message: failure, Location: rdLocation{Path: "."}, Severity: "ERROR", Original: "patchlint: " + inert.Show(failure)})
	}
	p.end()
	p.WriteString("}\n")
}
