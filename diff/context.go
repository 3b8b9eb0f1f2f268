package diff

import (
	"cmp"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/entity"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/schema"
)

// shows reports whether, by its context and type, current shows all of a property.
func (c *comparer) shows(p *schema.Property) bool {
	inPart := c.context.Delta || c.context.Selected != nil || c.resource.Partial
	if !inPart || slices.Contains(c.context.Selected, p.Name) {
		return true
	}
	part := slices.ContainsFunc(c.context.Selected, func(item string) bool { return strings.HasPrefix(item, p.Name+"/") })
	return !part && c.plan.Current.Member(p.Name).Exists()
}

// unseen explains why current does not show all of some properties, and how to get them.
func (c *comparer) unseen(what string) string {
	switch {
	case c.context.Delta:
		return "it was read with a delta query; get the whole object, without a delta query"
	case !c.resource.Partial:
		return "it was read with $select; get the whole object, without $select"
	case c.context.Selected != nil:
		return fmt.Sprintf("it was read with $select; name %s in $select, too", what)
	}
	return fmt.Sprintf("a response without $select has only some of the properties of %s; name %s in $select", inert.Text(c.resource.Short()), what)
}

// deltaLink returns the delta link of the response around an object, or the link to the
// next page of a delta query. It returns the zero Node for other responses.
func deltaLink(object patchlint.Node) patchlint.Node {
	for n := object; n.Exists(); n = n.Parent() {
		if link := n.Member("@odata.deltaLink"); link.Exists() {
			return link
		}
		next := n.Member("@odata.nextLink")
		link, _ := graph.SplitURL(next.Text())
		if last := strings.TrimSuffix(path.Base(link), "()"); last == "delta" || strings.HasSuffix(last, ".delta") {
			return next
		}
	}
	return patchlint.Node{}
}

// checkContext refuses a response whose context names another API version or another resource.
func (c *comparer) checkContext(side Side, object patchlint.Node) {
	annotation := odata.ContextOf(object)
	of, version := odata.ParseContext(annotation.Text()), string(c.resource.Model.Version)
	if side == Current {
		link := deltaLink(object)
		c.context, c.annotation = of, cmp.Or(annotation, link)
		c.context.Delta = of.Delta || link.Exists()
	}
	if !annotation.Exists() {
		return
	}
	if of.Version != "" && !strings.EqualFold(of.Version, version) && !c.applies {
		d := fault(payloadShape, annotation, annotation.Span(), "this is a response from %s, but the PATCH is for %s", inert.Text(of.Version), version)
		published := recognize.VersionOf(of.Version) != ""
		if published && version == string(schema.Beta) {
			such := ""
			if slices.Contains(c.resource.Model.Resources(), c.resource) {
				such = "such as assignment filters, "
			}
			d.Message += "; v1.0 does not return everything that beta has, " + such + "which would be lost"
		}
		if c.AnyVersion || side == Desired {
			d.Severity = patchlint.Warning
			c.plan.Warnings = append(c.plan.Warnings, Finding{side, d})
		} else {
			d.Message += "; get it from " + version
			if published {
				d.Message += ", or set the API version to " + strings.ToLower(of.Version)
			}
			c.refuse(side, d)
		}
	}
	if side == Desired || object.Member("@odata.type").Exists() {
		return
	}
	ofSet, ofType := of.Names()
	switch is, known := c.describes(of); {
	case is:
	case known:
		c.refusef(side, odataType, annotation, annotation.Span(), "this is a response for %s, not %s", inert.Quote(cmp.Or(ofType, ofSet)), c.resource.Short())
	default:
		c.warnf(side, odataType, annotation, annotation.Span(), "the metadata does not have the path in this context; check that %s is a response for %s", side, c.resource.Short())
	}
}

// describes reports whether a context can be the context of the resource: by its type, its
// entity set, or another path to it. known is false if the metadata does not have even the
// first segment of the path, for example because the service has moved the resource.
func (c *comparer) describes(of odata.Context) (is, known bool) {
	t, path := c.resource, strings.TrimSuffix(c.resource.Path(), "/{id}")
	set := path[strings.LastIndexByte(path, '/')+1:]
	ofSet, ofType := of.Names()
	if ofType == "" && (ofSet == "" || set == "" || strings.EqualFold(ofSet, set)) {
		return true, true
	}
	if named := c.resource.Model.Type(ofType); ofType != "" && named != nil && named.Is(t) {
		return true, true
	}
	if shown := recognize.Context(c.resource.Model, of); shown != nil {
		return shown.Is(t) || t.Is(shown), true
	}
	ofGraph, _ := recognize.OfGraph(of)
	known = ofType != "" || ofSet[0] == '$' || !ofGraph
	first, _, _ := strings.Cut(strings.TrimSpace(of.Path[0]), "(") // without a key, which may contain a slash
	of.Path = []string{first}
	return false, known || recognize.Context(c.resource.Model, of) != nil
}

// refuseSwapped refuses a desired object that is a response if current is not one: the body
// would restore the old values.
func (c *comparer) refuseSwapped(currentRoot patchlint.Node) {
	mark := odata.OfResponse(c.plan.Desired)
	if !mark.Exists() || c.plan.Current != currentRoot || odata.OfResponse(currentRoot).Exists() {
		return
	}
	c.refusef(Desired, payloadShape, mark, mark.Key(),
		"%s has %s, as a response does, but current does not; if the arguments are swapped, put CURRENT first; otherwise get current again, and remove %[2]s from %[1]s", c.wording(), inert.Quote(mark.Name()))
}

// Path returns the path of the PATCH relative to the root of the API version. It contains
// "{id}" if neither object has an id, and no id if it is the path of a single object.
func (p *Plan) Path() string {
	t, place := p.Resource, p.place()
	id := cmp.Or(entity.ID(t, p.Current), entity.ID(t, p.Desired))
	switch {
	case id == "":
		return place
	case len(entity.Key(t)) > 1:
		return strings.Replace(place, "/{id}", "("+url.PathEscape(id)+")", 1)
	}
	path := strings.Replace(place, "{id}", url.PathEscape(id), 1)
	if e, ok, _ := recognize.Resolve(nil, path, p.Resource.Model.Version); ok && e.Key == id {
		return path
	}
	// The id does not work as a segment, such as "..", which is resolved even if it is
	// encoded. Use a key in parentheses (OData URL Conventions, 4.3.1).
	quoted := "'" + strings.ReplaceAll(id, "'", "''") + "'"
	return strings.Replace(place, "/{id}", "("+url.PathEscape(quoted)+")", 1)
}

// place returns the path of the objects in the @odata.context of Current if their type is
// the declared type of the resource, else the path of the resource. "{id}" is the key.
func (p *Plan) place() string {
	path := odata.ParseContext(odata.ContextOf(p.Current).Text()).Uncast()
	e, ok, _ := recognize.Resolve(nil, path, p.Resource.Model.Version)
	switch single := ok && !e.Collection; {
	case !ok || single && !strings.Contains(path, "/") || !fitsURL.Get().MatchString(path) || p.Resource.Model.Type(e.Type) != p.Resource.Declared():
		return p.Resource.Path()
	case single:
		return "/" + path
	}
	return "/" + path + "/{id}"
}

// fitsURL matches a path of names, with keys in parentheses, that needs no encoding.
var fitsURL = lazy.Regexp(`^[A-Za-z]+(?:\([-A-Za-z0-9._~%'=,@:]+\))?(?:/[A-Za-z]+(?:\([-A-Za-z0-9._~%'=,@:]+\))?)*$`)
