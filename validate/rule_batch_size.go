package validate

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/graph"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "batch-size", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "a batch with too many requests, or none",
		Why:     `Graph accepts at most 20 requests in a JSON batch and refuses a larger one as a whole. A batch without requests does nothing, which is a warning.`,
		Bad:     sampleStart + sampleReads + sampleNext + sampleRead + "21" + samplePath + sampleEnd,
		Good:    sampleStart + sampleReads + sampleEnd,
		Links:   []string{"https://learn.microsoft.com/graph/json-batching"},
	},
	batch: func(p *Pass) {
		list := p.Document.Root().Member("requests")
		switch {
		case list.Kind() != patchlint.Array:
		case list.Empty():
			p.warn(list, "the batch has no requests, so sending it does nothing")
		case list.Len() > graph.MaxRequests:
			p.ReportObject(p.requests[graph.MaxRequests].Node, "the batch has %d requests, but Graph accepts at most %d; send this request and those after it in another batch", list.Len(), graph.MaxRequests)
		}
	},
})
