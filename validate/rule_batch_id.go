package validate

import (
	"strconv"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "batch-id", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "a request of a batch without an id of its own",
		Why:     `The responses to a batch come in any order, and the ids of the requests, which are strings, tell them apart. Graph ignores the case of ids, and refuses the whole batch if an id is missing or occurs twice.`,
		Bad:     sampleStart + sampleUpdate + sampleNext + sampleRead + "1" + samplePath + sampleEnd,
		Good:    sampleStart + sampleUpdate + sampleNext + sampleRead + "2" + samplePath + sampleEnd,
		Links:   []string{"https://learn.microsoft.com/graph/json-batching"},
	},
	batch: func(p *Pass) {
		first := make(map[string]patchlint.Node)
		given := make(map[string]int) // by id in lower case; a number counts as its text
		for _, r := range p.requests {
			id := r.ID.Text()
			if r.ID.Kind() == patchlint.Number {
				id = string(r.ID.Raw())
			}
			given[strings.ToLower(id)]++
		}
		last := 0
		free := func() string { // the next unused number
			for {
				if last++; given[strconv.Itoa(last)] == 0 {
					return strconv.Itoa(last)
				}
			}
		}
		for _, r := range p.requests {
			text := r.ID.Text()
			other, again := first[strings.ToLower(text)]
			switch {
			case r.Node.Kind() != patchlint.Object: // payload-shape
			case !r.ID.Exists():
				p.ReportObject(r.Node, `the request has no "id", by which its answer is told; add one, such as "id": "%s"`, free())
			case r.ID.Kind() == patchlint.Number && given[strings.ToLower(string(r.ID.Raw()))] > 1:
				p.ReportValue(r.ID, "the id of a request is a string that is not empty, and this is a number; another request has it, and %q is free", free())
			case r.ID.Kind() == patchlint.Number:
				p.report(r.ID, suggest(r.ID.Span(), `"`+string(r.ID.Raw())+`"`, true), "the id of a request is a string that is not empty, and this is a number")
			case r.ID.Kind() != patchlint.String:
				p.ReportValue(r.ID, "the id of a request is a string that is not empty, and this is %s", r.ID.Kind())
			case text == "":
				p.ReportValue(r.ID, "the id of a request is a string that is not empty")
			case again:
				p.report(r.ID, patchlint.Diagnostic{Related: seeAlso(other, "first here")},
					"the id %s is used twice (case is ignored), so Graph refuses the batch; use another, such as %q", inert.Quote(text), free())
			default:
				first[strings.ToLower(text)] = r.ID
			}
		}
	},
})
