// Package batch finds the requests of a JSON batch (Graph's json-batching, OData JSON
// Format 19), and tells what each of them addresses.
package batch

import (
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/schema"
)

// Request is one request of a batch. A member that is missing is the zero Node.
type Request struct {
	Node                                      patchlint.Node
	ID, Method, URL, Headers, Body, DependsOn patchlint.Node
	Endpoint                                  recognize.Endpoint
	// Known says that the URL certainly addresses a resource, which Endpoint names.
	Known bool
}

// Requests returns the requests of a document that is a batch for an API version, as its
// sender says or by what it holds; ok is false for every other. Other services have
// batches, too: a path that these may have, such as /users/{id}, is Known where the
// sender, a text in the batch or another path in it can only mean Graph.
func Requests(models schema.Models, doc *patchlint.Document, version schema.Version, said bool) (requests []Request, ok bool) {
	if !said && !shown(doc) {
		return nil, false
	}
	requests = []Request{}
	list := doc.Root().Member("requests")
	if list.Kind() != patchlint.Array {
		return requests, true
	}
	ofGraph := said || namesGraph(doc)
	for n := range list.Children() {
		ofGraph = ofGraph || recognize.Unmistakable(models, n.Member("url").Text(), version)
	}
	for n := range list.Children() {
		r := Request{
			Node: n, ID: n.Member("id"), Method: n.Member("method"), URL: n.Member("url"),
			Headers: n.Member("headers"), Body: n.Member("body"), DependsOn: n.Member("dependsOn"),
		}
		r.Endpoint, r.Known = recognize.Resolve(models, r.URL.Text(), version)
		r.Known = r.Known && !r.Endpoint.Batch && ofGraph
		requests = append(requests, r)
	}
	return requests, true
}

// shown reports whether a document is a batch by what it holds: "requests" with a
// method or a URL in them, or nothing else than an empty list of them.
func shown(doc *patchlint.Document) bool {
	list := doc.Root().Member("requests")
	if list.Kind() != patchlint.Array {
		return false
	}
	for n := range list.Children() {
		if n.Member("method").Kind() == patchlint.String || n.Member("url").Kind() == patchlint.String {
			return true
		}
	}
	return list.Empty() && doc.Root().Len() == 1
}

// namesGraph reports whether a text in a document names a host of Graph, or a type.
func namesGraph(doc *patchlint.Document) bool {
	for n := range doc.Root().All() {
		if n.Kind() != patchlint.String {
			continue
		}
		for _, name := range []string{"graph.microsoft", "microsoft.graph", "microsoftgraph"} {
			if strings.Contains(n.Text(), name) {
				return true
			}
		}
	}
	return false
}

// Updates reports whether the request may write what its body holds: by its
// method or by a header that replaces it.
func (r Request) Updates() bool { return graph.Writes(r.Method.Text()) || r.Tunnelled() }

// Inserts reports whether the request is a POST that no header turns into anything
// else: it makes an object, so that its URL has no id.
func (r Request) Inserts() bool { return strings.EqualFold(r.Method.Text(), "POST") && !r.Tunnelled() }

// Tunnelled reports whether a header replaces the method.
func (r Request) Tunnelled() bool {
	for header := range r.Headers.Children() {
		if graph.Tunnels(header.Name(), header.Text()) {
			return true
		}
	}
	return false
}
