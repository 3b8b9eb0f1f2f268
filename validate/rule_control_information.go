package validate

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/internal/spelling"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "control-information", Severity: patchlint.Error, Fixable: true, Since: "0.1.0",
		Summary: "control information that Graph does not understand",
		Why:     `Graph uses OData 4.0, in which the names of control information start with "@odata."; it does not read the short names of 4.01, such as "@type". @odata.bind sets a navigation property: its value is the URL of an object, or an array of URLs. An open type accepts properties that it does not declare, but their names, such as the URL of a reference in Planner, cannot contain "." or ":". Unknown @odata names, an annotation of a missing property, a binding to the URL of another service, and type names written as a URL or with the alias "graph" are warnings.`,
		Bad: `{
  "target": {
    "@type": "#microsoft.graph.allLicensedUsersAssignmentTarget"
  }
}
`,
		Good: `{
  "target": {
    "@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"
  }
}
`,
		Links: []string{"https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html"},
	},
	at: stops{annotations: true},
	Visit: func(p *Pass, v schema.Visit) {
		name := string(v.Node.NameBytes())
		switch target, term := annotation(name); {
		case !strings.ContainsAny(name, "@#"):
			dynamic(p, v, name)
		case name == "@odata.type":
			typeSpelling(p, v)
		case odata.Advertises(v.Node): // see response-annotation
		case v.Owner.DeltaProperty(v.Node) != nil: // the walk has seen them
		case describesChange(v.Node):
		case term == "odata.bind", binds(term) && v.Owner.NavigationProperty(target) == nil:
			binding(p, v, target)
		default:
			annotates(p, v)
		}
	},
})

// dynamic reports a dynamic property whose name an open type cannot have
// (https://learn.microsoft.com/graph/api/resources/plannerexternalreferences).
func dynamic(p *Pass, v schema.Visit, name string) {
	if !v.Owner.Open || !strings.ContainsAny(name, ".:") {
		return
	}
	remedy := "use another name"
	switch {
	case v.Owner.Short() == "plannerExternalReferences":
		remedy = "encode them as %2E and %3A"
	case strings.HasPrefix(name, "odata."):
		remedy = "control information starts with \"@\", so write " + fixes.Quote("@"+name)
	}
	p.report(v.Node, patchlint.Diagnostic{Span: v.Node.Key()}, `%s cannot be the name of a property, because OData allows no "." or ":" in one; %s`, inert.Quote(name), remedy)
}

// describesChange reports whether control information identifies the related object of a
// change, or states its removal (OData JSON Format 4.01, 8.6 and 15). Without it, the
// change would have another meaning.
func describesChange(n patchlint.Node) bool {
	object := n.Parent()
	return object.Parent().Kind() == patchlint.Array && bytes.HasSuffix(object.Parent().NameBytes(), []byte("@delta")) &&
		slices.Contains([]string{"@removed", "@odata.removed", "@odata.id", "@odata.context"}, n.Name())
}

// annotates reports an annotation or control information that does not have the effect
// that its author probably expects.
func annotates(p *Pass, v schema.Visit) {
	n := v.Node
	target, term := annotation(n.Name())
	name, prefixed := strings.CutPrefix(term, "odata.")
	absent := target != "" && !n.Parent().Member(target).Exists()
	d := patchlint.Diagnostic{Pointer: n.Pointer(), Span: n.Key(), Severity: patchlint.Warning, Fixes: []patchlint.Fix{fixes.Remove(n, false)}}
	what, invitation := "", "" // to write another name, if it may be misspelled
	switch {
	case term == "" && strings.Contains(target, "#"):
		what = `names neither a property nor an action; "#" is reserved for actions`
	case miscased(term):
		what, invitation = "is not read, because names are case-sensitive", "; write %s"
	case !prefixed && (slices.Contains(terms, term) || binds(term)):
		d.Severity = patchlint.Error
		what, invitation = "is an OData 4.01 name, but Graph uses 4.0", "; write %s"
	case absent && spelling.Misspelled(n.Parent(), target, v.Owner.Property):
		return // the property exists under another name, which is reported
	case absent && v.Owner.NavigationProperty(target) == nil:
		what = "annotates a property that is missing"
		d.Fixes = []patchlint.Fix{fixes.Remove(n, prefixed && slices.Contains(terms, name))} // control information without its property has no meaning
	case prefixed && !slices.Contains(terms, name):
		what, invitation = "is not defined by OData", "; did you mean %s?"
	case !prefixed && !strings.Contains(term, "."):
		what = "has no namespace, which every annotation needs"
	default:
		return // response-annotation, or an annotation that receivers ignore
	}
	remedy := "; remove it"
	if invitation != "" {
		remedy = p.respell(v, &d, invitation)
	}
	d.Message = inert.Quote(n.Name()) + " " + what + remedy
	p.Report(d)
}

// respell returns the remedy for a misspelled name, and completes the finding
// accordingly. invitation is the format of a remedy that suggests another name.
func (p *Pass) respell(v schema.Visit, d *patchlint.Diagnostic, invitation string) string {
	n := v.Node
	to, certain := respelled(v.Owner, n.Name())
	switch {
	case to == "":
		return "; remove it"
	case n.Parent().Member(to).Exists():
		return "; the correct one is already there, so remove this one"
	case meant(v)[to] > 1:
		d.Fixes = nil
		return "; several members appear to mean " + inert.Quote(to) + "; keep one"
	case to == "@odata.type" && n.Parent() == p.Payload && p.model.TypeOf(n).Resource() != p.Resource:
		certain = false // the payload would be of another type
	}
	d.Suggestion, d.Fixes = fixes.Quote(to), []patchlint.Fix{fixes.Replace(d.Span, fixes.Quote(to), certain)}
	return fmt.Sprintf(invitation, d.Suggestion)
}

// binding reports an @odata.bind annotation of target that does not bind anything.
func binding(p *Pass, v schema.Visit, target string) {
	n, navigation := v.Node, v.Owner.NavigationProperty(target)
	switch {
	case v.Owner.Name == "Edm.Untyped": // its properties are unknown
	case navigation == nil:
		p.unbound(v)
	case !navigation.Collection:
		p.bound(n, n, "the URL of an object")
	case n.Kind() == patchlint.Array:
		for element := range n.Children() {
			p.bound(n, element, "the URL of an object in each element")
		}
	default:
		d := patchlint.Diagnostic{}
		if path, ok := strings.CutPrefix(n.Text(), "https://"); ok && !strings.Contains(path, "://") && form.One(path, "/?()'$=&%~{}") {
			d = suggest(n.Span(), "["+string(n.Raw())+"]", true)
		}
		p.report(n, d, "%s takes an array of URLs of objects, even for one object, not %s", inert.Quote(n.Name()), n.Kind())
	}
}

// unbound reports an @odata.bind without the name of a navigation property.
func (p *Pass) unbound(v schema.Visit) {
	n := v.Node
	what := "but " + v.Owner.Short() + " has no navigation property of that name"
	if len(v.Owner.Navigation) == 0 {
		what = "and " + v.Owner.Short() + " has none"
	}
	d := patchlint.Diagnostic{Span: n.Key(), Fixes: []patchlint.Fix{fixes.Remove(n, false)}}
	remedy := p.respell(v, &d, "; did you mean %s?")
	p.report(n, d, "%s binds a navigation property, %s%s", inert.Quote(n.Name()), what, remedy)
}

// bound reports a value of an @odata.bind, or an element of one, that is not the URL of an
// object (OData JSON Format 4.01, 8.5), nor a reference to one.
func (p *Pass) bound(bind, n patchlint.Node, takes string) {
	text := n.TextBytes()
	placeholder := form.PlaceholderInURL(text)
	switch {
	case n.Kind() != patchlint.String:
		p.ReportValue(n, "%s takes %s, not %s", inert.Quote(bind.Name()), takes, n.Kind())
	case form.Printed(text), placeholder == nil && !bytes.ContainsAny(text, "/($"): // "$1" is a request in a batch
		p.ReportValue(n, "%s takes %s, not %s", inert.Quote(bind.Name()), takes, inert.Quote(n.Text()))
	case placeholder != nil:
		running := p.rule
		if p.as("placeholder-value") {
			p.ReportValue(n, form.UnfilledURL, inert.Quote(string(placeholder)))
		}
		p.rule = running
	case !bytes.HasPrefix(text, []byte("https://graph.microsoft.com/")) && bytes.Contains(text, []byte("://")) && elsewhere(n.Text()): // the usual cases take no time
		p.warn(n, "%s is the URL of another service, and it is unknown whether Graph accepts it; use the URL of the object in Graph", inert.Quote(n.Text()))
	case p.keyless(text):
		p.ReportValue(n, "%s is the URL of a collection; add the id of the object to bind", inert.Quote(n.Text()))
	}
}

// keyless reports whether a URL addresses a collection, and not an object in it, as when an
// id is empty. A URL that ends with a GUID, the name of a user or a query takes no time.
func (p *Pass) keyless(url []byte) bool {
	url = bytes.TrimRight(url, "/")
	if bytes.ContainsAny(url[bytes.LastIndexByte(url, '/')+1:], "-@") || bytes.IndexByte(url, '?') >= 0 {
		return false
	}
	e, ok, _ := recognize.Resolve(schema.Models{p.model.Version: p.model}, string(url), p.model.Version)
	return ok && e.Collection
}

// elsewhere reports whether a URL certainly belongs to a service other than Graph.
func elsewhere(url string) bool {
	scheme, rest, absolute := strings.Cut(url, "://")
	if !absolute || strings.ContainsAny(scheme, "/?#") {
		return false
	}
	authority, _ := graph.CutAuthority(rest)
	return graph.IsOther(graph.Bare(authority))
}

// terms lists the names of OData control information, without the prefix "odata.".
var terms = append([]string{"bind", "type"}, odata.ResponseTerms...)

// miscased reports whether a term differs only in case from control information, or has a
// prefix that differs so from "odata.".
func miscased(term string) bool {
	name, prefixed := strings.CutPrefix(term, "odata.")
	if !prefixed {
		return strings.HasPrefix(strings.ToLower(term), "odata.")
	}
	return !slices.Contains(terms, name) && slices.ContainsFunc(terms, func(t string) bool { return strings.EqualFold(t, name) })
}

// binds reports whether a term is "bind", ignoring case and a prefix "odata.".
func binds(term string) bool {
	return strings.TrimPrefix(strings.ToLower(term), "odata.") == "bind"
}

// respelled returns the name of control information that a misspelled name in an object of
// the type owner most likely means, or "". certain reports whether it is the only possible
// meaning.
func respelled(owner *schema.Type, name string) (to string, certain bool) {
	target, term := annotation(name)
	bare, prefixed := strings.CutPrefix(term, "odata.")
	near, among := "", terms
	if owner.NavigationProperty(target) == nil {
		among = terms[1:] // without bind
	}
	switch folded := strings.ToLower(term); {
	case binds(term) && owner.NavigationProperty(target) == nil && owner.Property(target) == nil:
		names := make([]string, len(owner.Navigation))
		for i, navigation := range owner.Navigation {
			names[i] = navigation.Name
		}
		near, target = "bind", spelling.Correction(target, names)
	case !prefixed && strings.HasPrefix(folded, "odata."):
		near = spelling.Nearest(folded[len("odata."):], among)
		certain = strings.EqualFold("odata."+near, term)
	case !prefixed && slices.Contains(among, term):
		near, certain = term, true
	case !prefixed && binds(term):
		near = "bind"
	case prefixed && !slices.Contains(terms, bare):
		near = spelling.Nearest(bare, among)
	}
	if near == "" || near == "bind" && owner.NavigationProperty(target) == nil {
		return "", false
	}
	return target + "@odata." + near, certain
}

// meant counts the members of the object of a visit by the name that respelled returns for
// them. The result is memoized.
func meant(v schema.Visit) map[string]int {
	type object struct {
		patchlint.Node
		owner *schema.Type
	}
	in := object{v.Node.Parent(), v.Owner}
	return lazy.Get(lazy.MemoOf(v.Node.Document()), in, func() map[string]int {
		times := make(map[string]int)
		for member := range in.Children() {
			if to, _ := respelled(in.owner, member.Name()); to != "" {
				times[to]++
			}
		}
		return times
	})
}

// typeSpelling reports an @odata.type that is a URL or uses the namespace alias, which is
// valid OData but not known to work with Graph.
func typeSpelling(p *Pass, v schema.Visit) {
	name := odata.ParseTypeName(v.Node.Text())
	if v.Refused || !name.Absolute && name.Namespace == odata.ParseTypeName(v.Owner.Name).Namespace {
		return
	}
	what := "by the alias " + inert.Quote(name.Namespace)
	if name.Absolute {
		what = "as a URL"
	}
	d := suggest(v.Node.Span(), `"#`+v.Owner.Name+`"`, true)
	d.Severity = patchlint.Warning
	p.report(v.Node, d, "the type is named %s, and it is unknown whether Graph accepts such a name; write %s", what, d.Suggestion)
}

// annotation splits the name of an annotation into its target property, "" for the
// object itself, and its term.
func annotation(name string) (target, term string) {
	target, term, _ = strings.Cut(name, "@")
	return target, term
}
