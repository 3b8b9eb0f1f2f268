package validate

import (
	"cmp"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "batch-id", Severity: patchlint.Error, Fixable: true, Since: "0.1.0",
		Summary: "a request in a batch whose id is missing or not unique",
		Why:     `The responses to a batch come in any order, and each response has the id of its request, which is a string. Graph ignores the case of ids, and refuses the whole batch if an id is missing or occurs twice.`,
		Bad:     sampleStart + sampleUpdate + sampleNext + sampleRead + "1" + samplePath + sampleEnd,
		Good:    sampleStart + sampleUpdate + sampleNext + sampleRead + "2" + samplePath + sampleEnd,
		Links:   []string{"https://learn.microsoft.com/graph/json-batching"},
	},
	batch: func(p *Pass) {
		first := make(map[string]patchlint.Node)
		written := make(map[string]int) // how often each id is written, as a string or a number
		for _, r := range p.requests {
			written[strings.ToLower(cmp.Or(r.ID.Text(), string(r.ID.Raw())))]++
		}
		for _, r := range p.requests {
			text := r.ID.Text()
			other, again := first[strings.ToLower(text)]
			switch {
			case r.Node.Kind() != patchlint.Object: // payload-shape
			case !r.ID.Exists():
				p.ReportObject(r.Node, `the request has no "id", so its response cannot be identified; add one that no other request has`)
			case r.ID.Kind() == patchlint.Number:
				p.report(r.ID, suggest(r.ID.Span(), `"`+string(r.ID.Raw())+`"`, written[strings.ToLower(string(r.ID.Raw()))] == 1), "the id of a request must be a string, not a number")
			case r.ID.Kind() != patchlint.String:
				p.ReportValue(r.ID, "the id of a request must be a string, not %s", r.ID.Kind())
			case text == "":
				p.ReportValue(r.ID, "the id of a request must not be empty")
			case again:
				p.report(r.ID, patchlint.Diagnostic{Related: seeAlso(other, "first occurrence")},
					"the id %s is used twice (case is ignored), so Graph refuses the batch; use a different one", inert.Quote(text))
			default:
				first[strings.ToLower(text)] = r.ID
			}
		}
	},
})
