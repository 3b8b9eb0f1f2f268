package validate

import (
	"strconv"
	"strings"
	"sync"

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
	Batch: func(p *Pass) {
		first := make(map[string]patchlint.Node)
		given := sync.OnceValue(p.givenIDs)
		free := freeIDs(given)
		for _, r := range p.Requests {
			text := r.id.Text()
			other, again := first[strings.ToLower(text)]
			switch {
			case r.Node.Kind() != patchlint.Object: // payload-shape
			case !r.id.Exists():
				p.ReportObject(r.Node, `the request has no "id", by which its answer is told; add one, such as "id": "%s"`, free())
			case r.id.Kind() == patchlint.Number && given()[strings.ToLower(string(r.id.Raw()))] > 1:
				p.ReportValue(r.id, "the id of a request is a string that is not empty, and this is a number; another request has it, and %q is free", free())
			case r.id.Kind() == patchlint.Number:
				p.report(r.id, suggest(r.id.Span(), `"`+string(r.id.Raw())+`"`, true), "the id of a request is a string that is not empty, and this is a number")
			case r.id.Kind() != patchlint.String:
				p.ReportValue(r.id, "the id of a request is a string that is not empty, and this is %s", r.id.Kind())
			case text == "":
				p.ReportValue(r.id, "the id of a request is a string that is not empty")
			case again:
				p.report(r.id, patchlint.Diagnostic{Related: seeAlso(other, "first here")},
					"the id %s is used twice (case is ignored), so Graph refuses the batch; use another, such as %q", inert.Quote(text), free())
			default:
				first[strings.ToLower(text)] = r.id
			}
		}
	},
})

// givenIDs counts the requests by their ids, as text where one is a number.
func (p *Pass) givenIDs() map[string]int {
	given := make(map[string]int, len(p.Requests))
	for _, r := range p.Requests {
		id := r.id.Text()
		if r.id.Kind() == patchlint.Number {
			id = string(r.id.Raw())
		}
		given[strings.ToLower(id)]++
	}
	return given
}

// freeIDs returns what returns the least number that is not given, another at
// each call.
func freeIDs(given func() map[string]int) func() string {
	i := 0
	return func() string {
		for {
			if i++; given()[strconv.Itoa(i)] == 0 {
				return strconv.Itoa(i)
			}
		}
	}
}
