package report

import (
	_ "embed"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/secret"
)

var jsonFormat = format{"json", func(out *output, o Options) printer {
	out.WriteString(`{"version": 1, "tool": `)
	out.json(o.Tool)
	out.WriteString(",\n \"findings\": ")
	return &jsonPrinter{list: out.list(" ")}
}, true}

//go:embed report.schema.json
var jsonSchema []byte

// Schema returns the JSON Schema of what the json format prints.
func Schema() []byte { return jsonSchema }

type jsonPrinter struct {
	list
	prints Fingerprints
}

type jsonFinding struct {
	File        string        `json:"file"`
	Record      int           `json:"record"`
	Rule        string        `json:"rule"`
	Severity    string        `json:"severity"`
	Message     string        `json:"message"`
	Pointer     string        `json:"pointer"`
	jsonPlace                 // line ... endOffset
	Suggestion  string        `json:"suggestion"`
	Related     []jsonRelated `json:"related"`
	Fixes       []jsonFix     `json:"fixes"`
	Fingerprint string        `json:"fingerprint"`
}

type jsonPlace struct {
	Line      int   `json:"line"`
	Column    int   `json:"column"`
	EndLine   int   `json:"endLine"`
	EndColumn int   `json:"endColumn"`
	Offset    int64 `json:"offset"`
	EndOffset int64 `json:"endOffset"`
}

type jsonRelated struct {
	File    string `json:"file"`
	Pointer string `json:"pointer"`
	jsonPlace
	Message string `json:"message"`
}

type jsonFix struct {
	Title string     `json:"title"`
	Safe  bool       `json:"safe"`
	Edits []jsonEdit `json:"edits"`
}

type jsonEdit struct {
	Offset    int64  `json:"offset"`
	EndOffset int64  `json:"endOffset"`
	NewText   string `json:"newText"`
}

func place(doc *patchlint.Document, span patchlint.Span) jsonPlace {
	start, end := doc.Position(span.Start), doc.Position(span.End)
	before := doc.Origin().Offset
	return jsonPlace{start.Line, start.Column, end.Line, end.Column, before + int64(span.Start), before + int64(span.End)}
}

func (p *jsonPrinter) file(f *File) {
	for _, finding := range jsonFindings(f, p.prints.Of(f)) {
		p.add(finding)
	}
}

// jsonFindings renders the findings of one payload, which have these
// fingerprints.
func jsonFindings(f *File, prints []string) []jsonFinding {
	list := make([]jsonFinding, len(f.Findings))
	for i, d := range f.Findings {
		at := f.Document.Origin().Offset
		finding := &list[i]
		*finding = jsonFinding{
			File: f.Name, Record: f.Record, Rule: d.Rule, Severity: d.Severity.String(), Message: d.Message,
			Pointer: string(secret.MaskPointer(f.Document, d.Pointer)), jsonPlace: place(f.Document, d.Span), Suggestion: d.Suggestion,
			Related: []jsonRelated{}, Fixes: []jsonFix{}, Fingerprint: prints[i],
		}
		for _, r := range d.Related {
			name, doc := f.other(r)
			finding.Related = append(finding.Related, jsonRelated{name, string(secret.MaskPointer(doc, r.Pointer)), place(doc, r.Span), r.Message})
		}
		for _, fix := range f.Applicable(d) {
			edits := []jsonEdit{}
			for _, e := range fix.Edits {
				edits = append(edits, jsonEdit{at + int64(e.Span.Start), at + int64(e.Span.End), e.NewText})
			}
			finding.Fixes = append(finding.Fixes, jsonFix{fix.Title, fix.Safe, edits})
		}
	}
	return list
}

func (p *jsonPrinter) close(s Summary) {
	s.Failures = orEmpty(s.Failures)
	p.end()
	p.WriteString(",\n \"summary\": ")
	p.json(s)
	p.WriteString("}\n")
}
