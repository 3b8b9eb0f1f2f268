package validate

import (
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/schema"
)

// Request is one request of a JSON batch (Graph's json-batching, OData JSON
// Format 19).
type Request struct {
	Node      patchlint.Node
	URL, Body patchlint.Node // the zero Node where it is missing
	Endpoint  recognize.Endpoint
	// Known says that the URL certainly addresses a resource, which Endpoint names.
	Known bool

	id, method, headers, dependsOn patchlint.Node
}

// Batch returns the requests of a document that is a JSON batch, by its target or by
// what it holds; ok is false for every other. Other services have batches, too: a
// path that these may have, such as /users/{id}, is Known where the target, a text in
// the batch or another path in it can only mean Graph.
func (l *Linter) Batch(doc *patchlint.Document, t Target) (requests []Request, ok bool) {
	if !t.Batch && !showsBatch(doc) {
		return nil, false
	}
	requests = []Request{}
	list := doc.Root().Member("requests")
	if list.Kind() != patchlint.Array {
		return requests, true
	}
	ofGraph := t.Batch || namesGraph(doc)
	for n := range list.Children() {
		ofGraph = ofGraph || recognize.Unmistakable(l.Models, n.Member("url").Text(), t.Version)
	}
	for n := range list.Children() {
		r := Request{
			Node: n, URL: n.Member("url"), Body: n.Member("body"),
			id: n.Member("id"), method: n.Member("method"), headers: n.Member("headers"), dependsOn: n.Member("dependsOn"),
		}
		r.Endpoint, r.Known = recognize.Resolve(l.Models, r.URL.Text(), t.Version)
		r.Known = r.Known && !r.Endpoint.Batch && ofGraph
		requests = append(requests, r)
	}
	return requests, true
}

// showsBatch reports whether a document is a batch by what it holds: "requests" with a
// method or a URL in them, or nothing else than an empty list of them.
func showsBatch(doc *patchlint.Document) bool {
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
func (r Request) Updates() bool { return graph.Writes(r.method.Text()) || r.tunnelled() }

// inserts reports whether the request is a POST that no header turns into anything
// else: it makes an object, so that its URL has no id.
func (r Request) inserts() bool { return strings.EqualFold(r.method.Text(), "POST") && !r.tunnelled() }

func (r Request) tunnelled() bool {
	for header := range r.headers.Children() {
		if graph.Tunnels(header.Name(), header.Text()) {
			return true
		}
	}
	return false
}

// batch lints a batch, and the body of every update in it.
func (p *Pass) batch() {
	for _, rule := range p.applying() {
		if rule.Batch != nil {
			p.rule = rule
			rule.Batch(p)
		}
	}
	root := p.Document.Root()
	if list := root.Member("requests"); list.Kind() != patchlint.Array {
		p.shape(list, root, `a batch is one object with an array "requests"`)
		return
	}
	for _, r := range p.Requests {
		if r.Node.Kind() != patchlint.Object {
			p.shape(r.Node, r.Node, "a request of a batch is an object")
			continue
		}
		if !r.Updates() || r.inserts() && !(r.Known && r.Endpoint.Collection) {
			continue // an action, for all that is known
		}
		resource := recognize.Payload(p.model, r.Body)
		if r.Known {
			resource, _ = p.model.Resource(r.Endpoint.Type)
		}
		switch {
		case resource == nil || resource.Type.Category != schema.Entity:
			continue // of which nothing is known here
		case !r.Known && r.URL.Text() != "" && !strings.Contains(r.URL.Text(), "{{"):
			continue // sent elsewhere, which batch-url reports
		case !r.Body.Exists():
			if !r.inserts() {
				p.shape(r.Body, r.Node, "this PATCH has no body")
			}
			continue
		}
		p.Payload, p.Resource, p.Target.Key = r.Body, resource, r.Endpoint.Key
		p.Target.Insert = r.inserts() || strings.EqualFold(r.method.Text(), "PUT") && !r.tunnelled()
		p.payload()
	}
}

// shape reports a value that has not the shape it must have, or the object that
// lacks it.
func (p *Pass) shape(n, object patchlint.Node, what string) {
	switch {
	case !p.as("payload-shape"):
	case n.Exists():
		p.ReportValue(n, "%s, and this is %s", what, n.Kind())
	default:
		p.ReportObject(object, "%s", what)
	}
}

// The examples of the rules about batches are made of these texts. They are constants,
// so that no program that starts has to make them.
const (
	sampleStart  = "{\n  \"requests\": [\n    "
	sampleNext   = ",\n    "
	sampleEnd    = "\n  ]\n}\n"
	sampleUpdate = sampleMethod + "PATCH" + sampleURL + sampleAddress + sampleHeaders + sampleBody
	sampleMethod = `{"id": "1",
     "method": "`
	sampleURL = `",
     "url": "`
	sampleAddress = `/deviceManagement/complianceManagementPartners/8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a",
     `
	sampleHeaders = `"headers": {"Content-Type": "application/json"},
     `
	sampleBody  = `"body": {"@odata.type": "#microsoft.graph.complianceManagementPartner", "iosOnboarded": true}}`
	sampleRead  = `{"id": "` // and a number
	samplePath  = `", "method": "GET", "url": "/deviceManagement/complianceManagementPartners"}`
	otherRead   = samplePath + sampleNext + sampleRead
	sampleReads = sampleRead + "1" + otherRead + "2" + otherRead + "3" + otherRead + "4" + otherRead + "5" +
		otherRead + "6" + otherRead + "7" + otherRead + "8" + otherRead + "9" + otherRead + "10" +
		otherRead + "11" + otherRead + "12" + otherRead + "13" + otherRead + "14" + otherRead + "15" +
		otherRead + "16" + otherRead + "17" + otherRead + "18" + otherRead + "19" + otherRead + "20" + samplePath
)
