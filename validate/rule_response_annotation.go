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
		ID: "response-annotation", Severity: patchlint.Warning, Fixable: true, Since: "0.1.0",
		Summary: "control information left over from a response",
		Why:     `A GET response carries @odata.context, @odata.etag and links that describe the response, and it advertises actions ("#microsoft.graph.assign"). In a request they are at best ignored; a relative @odata.context, or a context inside the object, makes the parser behind Graph fail. To update an object only if it has not changed since, send the etag in an If-Match header. patchlint diff reads the context and the etag from a saved response, so --fix keeps them next to an id. It also keeps a context that determines the API version. If only the context shows the type, --fix replaces it with an @odata.type.`,
		Bad: `{
  "@odata.context": "https://graph.microsoft.com/beta/$metadata#deviceManagement/complianceManagementPartners/$entity",
  "iosOnboarded": true
}
`,
		Good:  sampleClean,
		Links: []string{"https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html"},
	},
	at: stops{annotations: true},
	Visit: func(p *Pass, v schema.Visit) {
		if odata.Advertises(v.Node) {
			p.reportName(v.Node, fixes.Remove(v.Node, true), "%s advertises an action or function in a response and does not belong in a request; remove it", inert.Quote(v.Node.Name()))
			return
		}
		target, term := annotation(string(v.Node.NameBytes()))
		name, ok := strings.CutPrefix(term, "odata.")
		if !ok || !slices.Contains(odata.ResponseTerms, name) || describesChange(v.Node) ||
			target != "" && !v.Node.Parent().Member(target).Exists() && v.Owner.NavigationProperty(target) == nil {
			return
		}
		message := fmt.Sprintf("%s describes a response and does not belong in a request; remove it", inert.Quote(v.Node.Name()))
		if name == "etag" && target == "" {
			message = `"@odata.etag" does not belong in a body; remove it, and send it as If-Match to update the object only if it has not changed`
		}
		if name == "id" && target == "" && v.Node.Parent() != p.Payload && refers(v.Node.Parent()) {
			message = `"@odata.id" refers to an object here; a request uses @odata.bind for that, with the same URL`
		}
		p.reportName(v.Node, p.leaveOut(v.Node, name), "%s", message)
	},
})

// leaveOut returns the fix that removes control information of a response. It replaces a
// context that is the only hint of the type by an @odata.type, because a payload of
// unknown type is not checked.
func (p *Pass) leaveOut(n patchlint.Node, term string) patchlint.Fix {
	outer := n.Parent() == p.Payload || n.Parent().Parent() == p.Payload // as recognize.Version reads them
	if own := p.Payload.Member("@odata.context"); term == "context" && own.Exists() && n != own {
		return fixes.Remove(n, true) // only the payload's own is read
	}
	tellsVersion := term == "context" && outer && p.Target.Version == "" && p.model.Version != schema.Beta
	// Package diff needs these at the root of a saved response. Without its context, a
	// v1.0 response would be treated as a beta response.
	describesResponse := (term == "context" || term == "etag") && n.Parent() == p.Payload && p.Payload.Member("id").Kind() == patchlint.String
	safe := !tellsVersion && !describesResponse && !(term == "id" && refers(n.Parent()))
	switch {
	case p.requests != nil || term != "context" || !recognize.NeedsContext(p.Resource, p.Payload, n):
		return fixes.Remove(n, safe)
	case n.Parent() != p.Payload:
		return patchlint.Fix{} // the place of the payload's type is elsewhere
	}
	at := patchlint.Span{Start: n.Key().Start, End: n.Span().End}
	return fixes.Replace(at, fmt.Sprintf(`"@odata.type": "#%s"`, p.Resource.Name), safe)
}

// refers reports whether an object with an "@odata.id" is an entity reference: it has
// only annotations (OData JSON Format 4.01, 14).
func refers(object patchlint.Node) bool {
	for member := range object.Children() {
		if !strings.Contains(member.Name(), "@") {
			return false
		}
	}
	return true
}
