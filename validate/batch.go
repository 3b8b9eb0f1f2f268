package validate

import (
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/graph"
)

// batch lints a batch, and the body of every update in it.
func (p *Pass) batch() {
	for _, rule := range slices.Concat(all, p.foreign) {
		if rule.batch != nil && p.takes(rule) {
			rule.batch(p)
		}
	}
	root := p.Document.Root()
	if list := root.Member("requests"); list.Kind() != patchlint.Array {
		p.shape(list, root, `a batch must have an array "requests"`)
		return
	}
	for _, r := range p.requests {
		if r.Node.Kind() != patchlint.Object {
			p.shape(r.Node, r.Node, "a request in a batch must be an object")
			continue
		}
		resource := r.Resource(p.model)
		switch {
		case resource == nil:
			continue
		case !r.Body.Exists():
			if !r.Inserts() {
				p.shape(r.Body, r.Node, "this PATCH has no body")
			}
			continue
		}
		p.Payload, p.Resource, p.Target.Key = r.Body, resource, r.Endpoint.Key
		p.Target.Insert = graph.SendsWhole(r.Method.Text(), r.Tunneled(), r.Endpoint.Collection)
		p.payload()
	}
}

// shape reports a value of the wrong shape, or the object that lacks it.
func (p *Pass) shape(n, object patchlint.Node, what string) {
	switch {
	case !p.as("payload-shape"):
	case n.Exists():
		p.ReportValue(n, "%s, not %s", what, n.Kind())
	default:
		p.ReportObject(object, "%s", what)
	}
}

// The examples of the rules about batches are composed of these constants, which cost
// nothing at startup.
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
