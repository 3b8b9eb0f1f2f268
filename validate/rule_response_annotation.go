package validate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "response-annotation", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "control information left over from a response",
		Why:     `A GET response carries @odata.context, @odata.etag and links that describe the response, and it advertises actions ("#microsoft.graph.assign"). In a request they are ignored at best; a relative @odata.context, or a context inside the object, makes the reader behind Graph fail. To update an object only if it has not changed since, send the etag in an If-Match header. patchlint diff reads both from a saved response, so --fix leaves them beside an id, and a context that says by which API version the file is judged; where nothing but the context shows the type, it writes an @odata.type in its place.`,
		Bad: `{
  "@odata.context": "https://graph.microsoft.com/beta/$metadata#deviceManagement/complianceManagementPartners/$entity",
  "iosOnboarded": true
}
`,
		Good: `{
  "iosOnboarded": true
}
`,
		Links: []string{"https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html"},
	},
	at: stops{annotations: true},
	Visit: func(p *Pass, v schema.Visit) {
		if odata.Advertises(v.Node) {
			p.reportName(v.Node, fixes.Remove(v.Node, true), "%s advertises an action or function in a response and has no place in a request; leave it out", inert.Quote(v.Node.Name()))
			return
		}
		target, term := annotation(string(v.Node.NameBytes()))
		name, ok := strings.CutPrefix(term, "odata.")
		if !ok || !slices.Contains(responseTerms, name) || saysChange(v.Node) ||
			target != "" && !v.Node.Parent().Member(target).Exists() && v.Owner.Toward(target) == nil {
			return
		}
		message := fmt.Sprintf("%s describes a response and has no place in a request; leave it out", inert.Quote(v.Node.Name()))
		if name == "etag" && target == "" {
			message = `"@odata.etag" has no place in a body; leave it out, and send it as If-Match to update only what has not changed`
		}
		if name == "id" && target == "" && v.Node.Parent() != p.Payload && refers(v.Node.Parent()) {
			message = `"@odata.id" refers to an object here; a request does that with @odata.bind, which takes the same URL`
		}
		p.reportName(v.Node, p.leaveOut(v.Node, name), "%s", message)
	},
})

// leaveOut is the fix for a term that describes a response. A context that alone shows
// the type gives way to an @odata.type, for a payload of no known type is not checked.
func (p *Pass) leaveOut(n patchlint.Node, term string) patchlint.Fix {
	tellsVersion := term == "context" && n.Parent() == p.Payload && p.Target.Version == "" && p.model.Version != schema.Beta
	safe := !tellsVersion && !p.describesResponse(n, term) && !(term == "id" && refers(n.Parent()))
	if p.requests == nil && term == "context" && n == p.Payload.Member("@odata.context") && recognize.NeedsContext(p.Resource, p.Payload) {
		at := patchlint.Span{Start: n.Key().Start, End: n.Span().End}
		return fixes.Replace(at, fmt.Sprintf(`"@odata.type": "%s"`, p.Resource.Type.TypeName()), safe)
	}
	return fixes.Remove(n, safe)
}

// refers reports whether an object with an "@odata.id" holds nothing else: then it is a
// reference to the object that the URL leads to (OData JSON Format 4.01, 14), and nothing
// without it.
func refers(object patchlint.Node) bool {
	for member := range object.Children() {
		if !strings.Contains(member.Name(), "@") {
			return false
		}
	}
	return true
}

// describesResponse reports whether a term at the root tells package diff what a
// saved response is of: without its context, one of v1.0 would be taken for one of
// beta.
func (p *Pass) describesResponse(n patchlint.Node, term string) bool {
	return (term == "context" || term == "etag") && n.Parent() == p.Payload && p.Payload.Member("id").Kind() == patchlint.String
}

// responseTerms are the control information of OData JSON Format, 4.5, that
// only a response has a use for.
var responseTerms = []string{
	"context", "metadataEtag", "etag", "id", "editLink", "readLink", "navigationLink", "associationLink",
	"nextLink", "deltaLink", "count", "mediaEditLink", "mediaReadLink", "mediaContentType", "mediaEtag",
}
