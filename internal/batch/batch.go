// Package batch finds the requests of a JSON batch (Graph's json-batching, OData JSON
// Format 19), and tells what each of them addresses.
package batch

import (
	"cmp"
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
	// Known says that the URL addresses a resource, which Endpoint names. Certain says
	// that it cannot be another service's, so that the batch may be changed.
	Known, Certain bool
}

// Requests returns the requests of a document that is a batch for an API version, as its
// sender says or by what it holds; ok is false for every other. Other services have
// batches, too: a path that these may have, such as /users/{id}, is Certain where the
// sender, a text in the batch or another path in it can only mean Graph. It is Known
// also where the body of a request has the properties of the type at its path.
func Requests(models schema.Models, doc *patchlint.Document, version schema.Version, said bool) (requests []Request, ok bool) {
	if !said && !Shown(doc) {
		return nil, false
	}
	requests = []Request{}
	list := doc.Root().Member("requests")
	if list.Kind() != patchlint.Array {
		return requests, true
	}
	certain := said || namesGraph(doc)
	known := certain
	for n := range list.Children() {
		r := Request{
			Node: n, ID: n.Member("id"), Method: n.Member("method"), URL: n.Member("url"),
			Headers: n.Member("headers"), Body: n.Member("body"), DependsOn: n.Member("dependsOn"),
		}
		certain = certain || recognize.Unmistakable(models, r.URL.Text(), version)
		r.Endpoint, r.Known = recognize.Resolve(models, r.URL.Text(), version)
		r.Known = r.Known && !r.Endpoint.Batch
		known = known || certain || r.Known && r.fits(models, version)
		requests = append(requests, r)
	}
	for i := range requests {
		r := &requests[i]
		r.Known = r.Known && known
		r.Certain = r.Known && certain
	}
	return requests, true
}

// Shown reports whether a document is a batch by what it holds: "requests" with a
// method or a URL in them, or nothing else than an empty list of them.
func Shown(doc *patchlint.Document) bool {
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

// fits reports whether a request, whose URL addresses a type of Graph, has the form of one
// of Graph, and a body whose members are properties of that type. A name of one word, such
// as "name", shows nothing.
func (r Request) fits(models schema.Models, version schema.Version) bool {
	if !r.ID.Exists() || !r.Updates() || r.Body.Kind() != patchlint.Object {
		return false
	}
	model, err := models.Open(cmp.Or(r.Endpoint.Version, version))
	if err != nil {
		return false
	}
	of := model.Type(r.Endpoint.Type)
	declared, others, telling := 0, 0, false
	for member := range r.Body.Children() {
		switch name := member.Name(); {
		case of.PropertyOf(member) != nil || of.Toward(name) != nil:
			declared++
			telling = telling || strings.ToLower(name) != name
		case !strings.Contains(name, "@"):
			others++
		}
	}
	return telling && declared > others
}

// Resource returns the resource that the body of the request is checked as, or nil if the
// body is not checked.
func (r Request) Resource(m *schema.Model) (resource *schema.Resource) {
	switch {
	case !r.Updates() || r.Inserts() && !(r.Known && r.Endpoint.Collection):
		return nil // an action, for all that is known
	case r.Known:
		resource, _ = m.Resource(r.Endpoint.Type)
	case r.URL.Text() == "" || strings.Contains(r.URL.Text(), "{{"):
		resource = recognize.Payload(m, r.Body)
	} // else sent elsewhere, which batch-url reports
	if resource == nil || resource.Type.Category != schema.Entity {
		return nil // of which nothing is known here
	}
	return resource
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
