package validate

import (
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/inert"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "batch-header", Severity: patchlint.Error, Fixable: true, Since: "0.1.0",
		Summary: "a request in a batch with a body but no content type",
		Why:     `In a batch, a request with a body needs a Content-Type header, or Graph refuses it. For a PATCH it is application/json. Header values are strings.`,
		Bad:     sampleStart + sampleMethod + "PATCH" + sampleURL + sampleAddress + sampleBody + sampleEnd,
		Good:    sampleStart + sampleUpdate + sampleEnd,
		Links:   []string{"https://learn.microsoft.com/graph/json-batching"},
	},
	batch: func(p *Pass) {
		for _, r := range p.requests {
			if r.Node.Kind() != patchlint.Object {
				continue
			}
			if r.Headers.Exists() && r.Headers.Kind() != patchlint.Object {
				p.ReportValue(r.Headers, `the headers of a request must be an object, such as {"Content-Type": "application/json"}, not %s`, r.Headers.Kind())
				continue
			}
			contentType := r.ContentType()
			for header := range r.Headers.Children() {
				if header.Kind() != patchlint.String {
					p.ReportValue(header, "the value of a header must be a string, not %s", header.Kind())
				}
			}
			if text := r.Method.Text(); !r.Body.Exists() || strings.EqualFold(text, "GET") || strings.EqualFold(text, "DELETE") {
				continue // batch-method reports the body
			}
			switch {
			case !contentType.Exists():
				const header = `"Content-Type": "application/json"`
				at, text := r.Body.Key().Start, `"headers": {`+header+`}, `
				if r.Headers.Exists() {
					at, text = r.Headers.Opening().End, header
					if !r.Headers.Empty() {
						text += ", "
					}
				}
				d := patchlint.Diagnostic{Span: r.Node.Opening()}
				if r.Body.Kind() == patchlint.Object {
					d.Fixes = []patchlint.Fix{{Title: "add " + header, Safe: true, Edits: []patchlint.Edit{{Span: patchlint.Span{Start: at, End: at}, NewText: text}}}}
				}
				p.report(r.Node, d, `the request has a body but no Content-Type, so Graph refuses it; add "headers": {%s}`, header)
			case contentType.Kind() != patchlint.String || r.Body.Kind() != patchlint.Object:
			case !graph.IsJSON(contentType.Text()):
				d := suggest(contentType.Span(), `"application/json"`, true)
				p.report(contentType, d, "the body is a JSON object, but its Content-Type is %s; write %s", inert.Quote(contentType.Text()), d.Suggestion)
			}
		}
	},
})
