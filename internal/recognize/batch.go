package recognize

import (
	"cmp"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/schema"
)

// Request is a request in a JSON batch (Graph's json-batching, OData JSON Format 19). A
// member that is missing is the zero Node.
type Request struct {
	Node                                      patchlint.Node
	ID, Method, URL, Headers, Body, DependsOn patchlint.Node
	Endpoint                                  Endpoint
	// Known reports whether the URL addresses a resource, which Endpoint describes.
	// Certain reports whether it cannot belong to another service, so that the batch may
	// be changed.
	Known, Certain bool
}

// Requests returns the requests of a JSON batch for an API version. If batchURL is true,
// the URL shows that the document is a batch; otherwise IsBatch decides. requests is nil if
// it is not a batch. Other services have batches, too: a path that they may have, such as
// /users/{id}, is Certain if batchURL is true, or if a text in the batch or another path
// in it can only mean Graph. The body of a request may also show that the batch is Graph's,
// by the properties of the type at its path. If nothing shows that, assumed is true: the
// batch is linted as one of Graph, but not changed.
func Requests(models schema.Models, doc *patchlint.Document, version schema.Version, batchURL bool) (requests []Request, assumed bool) {
	if !batchURL && !IsBatch(doc) {
		return nil, false
	}
	requests = []Request{}
	list := doc.Root().Member("requests")
	if list.Kind() != patchlint.Array {
		return requests, !batchURL
	}
	certain, known := batchURL, false
	for n := range list.Children() {
		r := Request{
			Node: n, ID: n.Member("id"), Method: n.Member("method"), URL: n.Member("url"),
			Headers: n.Member("headers"), Body: n.Member("body"), DependsOn: n.Member("dependsOn"),
		}
		e, ok, unmistakable := Resolve(models, r.URL.Text(), version)
		r.Endpoint, r.Known, certain = e, ok && !e.Batch, certain || unmistakable
		known = known || certain || r.Known && r.fits(models, version)
		requests = append(requests, r)
	}
	addresses := slices.ContainsFunc(requests, func(r Request) bool { return r.Known })
	certain = certain || addresses && namesGraph(doc)
	for i := range requests {
		requests[i].Certain = requests[i].Known && certain
	}
	return requests, !batchURL && !(addresses && (known || certain))
}

// IsBatch reports whether a document has the form of a batch: "requests" with a method or a
// URL in one of them, or only an empty list of requests.
func IsBatch(doc *patchlint.Document) bool {
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

// fits reports whether a request looks like one of Graph: it has an id, and most members
// of its body are properties of the type that its URL addresses. A name of one word, such
// as "name", does not count.
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
		case of.PropertyOf(member) != nil || of.NavigationProperty(name) != nil:
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
func (r Request) Resource(m *schema.Model) (resource *schema.Type) {
	switch {
	case !r.Updates() || r.Inserts() && !(r.Known && r.Endpoint.Collection):
		return nil // possibly an action
	case r.Media():
		return nil
	case r.Known:
		resource, _ = m.Resource(r.Endpoint.Type)
	case r.URL.Text() == "" || strings.Contains(r.URL.Text(), "{{"):
		if resource = Payload(m, r.Body); resource != nil && !resource.Entity {
			return nil // a part of a body, with no URL of its own
		}
	} // otherwise batch-url reports the URL
	return resource
}

// Media reports whether the request creates an object from media in base64, such as a
// message in MIME.
func (r Request) Media() bool {
	_, encoded := form.Encoded(r.Body)
	return r.Body.Kind() == patchlint.String && !encoded && r.Inserts() && r.Endpoint.Collection && graph.IsMedia(r.ContentType().Text(), r.Endpoint.Type)
}

// Unchecked reports whether the request has a body that Graph may write but that is not
// checked.
func (r Request) Unchecked(m *schema.Model) bool {
	return r.Body.Exists() && r.Body.Kind() != patchlint.Null && r.Updates() && r.Resource(m) == nil
}

// namesGraph reports whether a string in a document names a Graph host or type.
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

// ContentType returns the header that states the type of the body, the last one if there are
// several.
func (r Request) ContentType() (last patchlint.Node) {
	for header := range r.Headers.Children() {
		if strings.EqualFold(header.Name(), "Content-Type") { // RFC 9110 section 5.1
			last = header
		}
	}
	return last
}

// Updates reports whether the request may write its body, by its method or by one that
// overrides it.
func (r Request) Updates() bool { return graph.Writes(r.Method.Text()) || r.Tunneled() }

// Inserts reports whether the request is a POST whose method is not overridden: it
// creates an object, so its URL has no id.
func (r Request) Inserts() bool { return strings.EqualFold(r.Method.Text(), "POST") && !r.Tunneled() }

// Tunneled reports whether a header or parameter overrides the method with another that
// writes.
func (r Request) Tunneled() bool {
	for header := range r.Headers.Children() {
		if graph.Tunnels(r.Method.Text(), header.Name(), header.Text()) {
			return true
		}
	}
	return graph.TunnelsURL(r.Method.Text(), r.URL.Text())
}
