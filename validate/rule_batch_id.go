package validate

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/patchlint/patchlint"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "batch-id", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "a request of a batch without an id of its own",
		Why:     `The answers of a batch come in any order and are told apart by the ids of the requests, which are strings. Graph compares them without regard to case and refuses the whole batch when one is missing or stands twice.`,
		Bad: `{
  "requests": [
    {"id": "1",
     "method": "PATCH",
     "url": "/deviceManagement/complianceManagementPartners/8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a",
     "headers": {"Content-Type": "application/json"},
     "body": {"@odata.type": "#microsoft.graph.complianceManagementPartner", "iosOnboarded": true}},
    {"id": "1", "method": "GET", "url": "/deviceManagement/complianceManagementPartners"}
  ]
}
`,
		Good: `{
  "requests": [
    {"id": "1",
     "method": "PATCH",
     "url": "/deviceManagement/complianceManagementPartners/8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a",
     "headers": {"Content-Type": "application/json"},
     "body": {"@odata.type": "#microsoft.graph.complianceManagementPartner", "iosOnboarded": true}},
    {"id": "2", "method": "GET", "url": "/deviceManagement/complianceManagementPartners"}
  ]
}
`,
		Links: []string{"https://learn.microsoft.com/graph/json-batching"},
	},
	Batch: func(p *Pass) {
		first := make(map[string]patchlint.Node)
		free := sync.OnceValue(p.freeID)
		for _, r := range p.Requests {
			text := r.ID.Text()
			folded := strings.ToLower(text)
			switch {
			case r.Node.Kind() != patchlint.Object:
				continue // payload-shape
			case !r.ID.Exists():
				p.ReportObject(r.Node, `the request has no "id", by which its answer is told; add one, such as "id": "%s"`, free())
				continue
			case r.ID.Kind() != patchlint.String || text == "":
				d := patchlint.Diagnostic{Pointer: r.ID.Pointer(), Span: r.ID.Span(), Message: fmt.Sprintf("the id of a request is a string that is not empty, and this is %s", r.ID.Kind())}
				if r.ID.Kind() == patchlint.String {
					d.Message = "the id of a request is a string that is not empty"
				}
				if r.ID.Kind() == patchlint.Number {
					d.Suggestion = `"` + string(r.ID.Raw()) + `"`
					d.Fixes = []patchlint.Fix{replace(d.Span, d.Suggestion, true)}
				}
				p.Report(d)
				continue
			}
			if other, again := first[folded]; again {
				p.Report(patchlint.Diagnostic{
					Pointer: r.ID.Pointer(), Span: r.ID.Span(),
					Message: fmt.Sprintf("the id %s stands twice, case apart, and Graph refuses the batch for it; %q is free", patchlint.Quote(text), free()),
					Related: []patchlint.Related{{Pointer: other.Pointer(), Span: other.Span(), Message: "first here"}},
				})
				continue
			}
			first[folded] = r.ID
		}
	},
})

// freeID returns the least number that no request of the batch has as its id.
func (p *Pass) freeID() string {
	taken := make(map[string]bool, len(p.Requests))
	for _, r := range p.Requests {
		taken[r.ID.Text()] = true
		taken[string(r.ID.Raw())] = true
	}
	for i := 1; ; i++ {
		if id := strconv.Itoa(i); !taken[id] {
			return id
		}
	}
}
