package validate

import (
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/recognize"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "batch-depends", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "a request in a batch that depends on a missing or later one",
		Why:     `dependsOn lists the ids of requests in the same batch that must come first. If one of them fails, the request gets a 424. Requests that depend on each other in a cycle are never sent. OData requires a request to come after those it depends on, and Microsoft recommends chaining all requests or none. It is unknown whether Graph supports "atomicityGroup" and "if", which OData defines.`,
		Bad:     sampleStart + sampleUpdate + sampleNext + `{"id": "2", "dependsOn": ["7"], "method": "GET", "url": "/deviceManagement/complianceManagementPartners"}` + sampleEnd,
		Good:    sampleStart + sampleUpdate + sampleNext + `{"id": "2", "dependsOn": ["1"], "method": "GET", "url": "/deviceManagement/complianceManagementPartners"}` + sampleEnd,
		Links:   []string{"https://learn.microsoft.com/graph/json-batching"},
	},
	batch: func(p *Pass) {
		index := make(map[string]int, len(p.requests)) // by id without case, as Graph compares them
		for i, r := range p.requests {
			if _, again := index[strings.ToLower(r.ID.Text())]; r.ID.Text() != "" && !again {
				index[strings.ToLower(r.ID.Text())] = i
			}
		}
		reaches := dependencies(p.requests, index)
		for i, r := range p.requests {
			if p.closed() {
				return
			}
			for _, name := range []string{"atomicityGroup", "if"} {
				if member := r.Node.Member(name); member.Exists() {
					p.report(member, patchlint.Diagnostic{Severity: patchlint.Warning, Span: member.Key()}, "%q is defined by OData, but it is unknown whether Graph supports it; do not rely on it", name)
				}
			}
			if r.DependsOn.Exists() && r.DependsOn.Kind() != patchlint.Array {
				p.ReportValue(r.DependsOn, "dependsOn must be an array of ids, not %s", r.DependsOn.Kind())
				continue
			}
			for on := range r.DependsOn.Children() {
				if p.closed() {
					return
				}
				j, known := index[strings.ToLower(on.Text())]
				switch {
				case on.Kind() != patchlint.String:
					p.ReportValue(on, "an id in dependsOn must be a string, not %s", on.Kind())
				case !known:
					p.ReportValue(on, "no request in this batch has the id %s", inert.Quote(on.Text()))
				case i == j:
					p.ReportValue(on, "the request depends on itself, so it can never be sent")
				case j > i && reaches(j, i):
					p.ReportValue(on, "request %s also depends on this one, so neither can be sent", inert.Quote(on.Text()))
				case j > i:
					p.warn(on, "request %s comes later; move it up, because OData requires it before the requests that depend on it", inert.Quote(on.Text()))
				}
			}
		}
	},
})

// dependencies returns a function that reports whether one request depends on another,
// directly or not. It always returns false for a batch with more requests than Graph
// accepts.
func dependencies(requests []recognize.Request, index map[string]int) (reaches func(from, to int) bool) {
	if len(requests) > graph.MaxRequests {
		return func(int, int) bool { return false }
	}
	var on [graph.MaxRequests]uint32 // by request: bit set of the requests that it depends on
	for i, r := range requests {
		for id := range r.DependsOn.Children() {
			if j, known := index[strings.ToLower(id.Text())]; known {
				on[i] |= 1 << j
			}
		}
	}
	for via := range requests {
		for i := range requests {
			if on[i]>>via&1 != 0 {
				on[i] |= on[via]
			}
		}
	}
	return func(from, to int) bool { return on[from]>>to&1 != 0 }
}
