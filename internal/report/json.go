package report

import (
	_ "embed"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/ordered"
	"github.com/patchlint/patchlint/internal/secret"
)

//go:embed report.schema.json
var jsonSchema []byte

// Schema returns the JSON Schema of the json format.
func Schema() []byte { return jsonSchema }

func newJSON(out *output, o Options) Printer {
	out.WriteString(`{"version": 1, "tool": `)
	out.json(object{{"name", "patchlint"}, {"version", o.Version}, {"apiVersion", o.APIVersion}})
	out.WriteString(",\n \"findings\": ")
	list, prints := out.list(), new(Fingerprints)
	print := func(f *File) {
		for _, finding := range jsonFindings(f, prints.Of(f)) {
			list.add(finding)
		}
	}
	end := func(s Summary) {
		s.Failures = append([]string{}, s.Failures...)
		list.end(" ", ",\n \"summary\": ")
		out.json(s)
		out.WriteString("}\n")
	}
	return Printer{out, print, end}
}

// jsonFindings encodes the findings of a payload, whose fingerprints are prints.
func jsonFindings(f *File, prints []string) []object {
	list := make([]object, len(f.Findings))
	for i, d := range f.Findings {
		related, fixes := []object{}, []object{}
		for _, r := range d.Related {
			name, doc := f.relatedFile(r)
			related = append(related, slices.Concat(
				object{{"file", name}, {"pointer", secret.MaskPointer(doc, r.Pointer)}}, place(doc, r.Span), object{{"message", r.Message}},
			))
		}
		for _, fix := range f.Applicable(d) {
			edits := []object{}
			for _, e := range fix.Edits {
				edits = append(edits, append(offsets(f.Document, e.Span), ordered.Member{"newText", e.NewText}))
			}
			fixes = append(fixes, object{{"title", fix.Title}, {"safe", fix.Safe}, {"edits", edits}})
		}
		list[i] = slices.Concat(
			object{
				{"file", f.Name}, {"record", f.Record}, {"rule", d.Rule}, {"severity", d.Severity.String()}, {"message", d.Message},
				{"pointer", secret.MaskPointer(f.Document, d.Pointer)},
			},
			place(f.Document, d.Span),
			object{{"suggestion", d.Suggestion}, {"related", related}, {"fixes", fixes}, {"fingerprint", prints[i]}},
		)
	}
	return list
}

func place(doc *patchlint.Document, at patchlint.Span) object {
	line, column := doc.Position(at.Start)
	endLine, endColumn := doc.Position(at.End)
	return append(object{{"line", line}, {"column", column}, {"endLine", endLine}, {"endColumn", endColumn}}, offsets(doc, at)...)
}

func offsets(doc *patchlint.Document, at patchlint.Span) object {
	before := lazy.MemoOf(doc).Offset
	return object{{"offset", before + int64(at.Start)}, {"endOffset", before + int64(at.End)}}
}
