package validate

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/inert"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "batch-method", Severity: patchlint.Error, Fixable: true, Since: "0.1.0",
		Summary: "a request in a batch with a method that Graph does not accept",
		Why:     `The method of a request in a batch is GET, PATCH, POST, PUT or DELETE. Intune has refused "Patch" where it accepted "PATCH", so another case is a warning.`,
		Bad:     sampleStart + sampleMethod + "UPDATE" + sampleURL + sampleAddress + sampleHeaders + sampleBody + sampleEnd,
		Good:    sampleStart + sampleUpdate + sampleEnd,
		Links:   []string{"https://learn.microsoft.com/graph/json-batching"},
	},
	batch: func(p *Pass) {
		for _, r := range p.requests {
			text := r.Method.Text()
			upper := strings.ToUpper(text)
			switch {
			case r.Node.Kind() != patchlint.Object:
			case !r.Method.Exists():
				p.ReportObject(r.Node, `the request has no "method"; add one of %s`, strings.Join(batchMethods, ", "))
			case r.Method.Kind() != patchlint.String:
				p.ReportValue(r.Method, "the method of a request must be a string, not %s; use one of %s", r.Method.Kind(), strings.Join(batchMethods, ", "))
			case slices.Contains(batchMethods, text):
				if (text == "GET" || text == "DELETE") && r.Body.Exists() {
					p.report(r.Body, patchlint.Diagnostic{Severity: patchlint.Warning, Span: r.Body.Key()}, "a %s has no body; remove the body, or use another method", text)
				}
			case slices.Contains(batchMethods, upper):
				d := suggest(r.Method.Span(), fixes.Quote(upper), true)
				d.Severity = patchlint.Warning
				p.report(r.Method, d, "write the method in capitals, %s; Intune has been seen to refuse other spellings", d.Suggestion)
			default:
				p.ReportValue(r.Method, "invalid method %s in a batch; must be one of %s", inert.Quote(text), strings.Join(batchMethods, ", "))
			}
		}
	},
})

// batchMethods are the methods of OData JSON Format, 19.
var batchMethods = []string{"DELETE", "GET", "PATCH", "POST", "PUT"}
