package validate

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/meaning"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/spelling"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "control-information", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "control information that Graph does not understand",
		Why:     `Graph speaks OData 4.0, in which the names of control information start with "@odata."; it does not read the short names of 4.01, such as "@type". @odata.bind sets a navigation property: its value is the URL of an object, or an array of URLs. Unknown @odata names, an annotation of a property that is missing, and type names written as a URL or with the alias "graph" are warnings.`,
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
	at:    stops{annotations: true},
	Visit: controlInformation,
})

func controlInformation(p *Pass, v schema.Visit) {
	name := string(v.Node.NameBytes())
	switch target, term := annotation(name); {
	case strings.IndexByte(name, '@') < 0 && strings.IndexByte(name, '#') < 0: // what an open type may have besides
	case name == "@odata.type":
		typeSpelling(p, v)
	case odata.Advertises(v.Node): // see response-annotation
	case v.Owner.Changes(v.Node) != nil: // the walk has seen them
	case saysChange(v.Node):
	case strings.TrimPrefix(term, "odata.") == "bind":
		binding(p, v, target)
	default:
		annotates(p, v)
	}
}

// saysChange reports whether control information says which related object a change is of,
// or that it is removed (OData JSON Format 4.01, 8.6 and 15): without it, the change would
// be another.
func saysChange(n patchlint.Node) bool {
	object := n.Parent()
	return object.Parent().Kind() == patchlint.Array && bytes.HasSuffix(object.Parent().NameBytes(), []byte("@delta")) &&
		slices.Contains([]string{"@removed", "@odata.removed", "@odata.id", "@odata.context"}, n.Name())
}

// annotates reports an annotation or control information that is not what its author
// thinks.
func annotates(p *Pass, v schema.Visit) {
	n := v.Node
	target, term := annotation(n.Name())
	said := inert.Quote(n.Name())
	d := patchlint.Diagnostic{Pointer: n.Pointer(), Span: n.Key(), Fixes: []patchlint.Fix{fixes.Remove(n, false)}}
	if term == "" && strings.Contains(target, "#") {
		d.Severity = patchlint.Warning
		d.Message = said + ` is the name of neither a property nor an action, for which "#" is reserved; leave it out`
		p.Report(d)
		return
	}
	to, certain := respelled(n.Name())
	mend := func(what, invitation string) {
		if to == "" {
			d.Message = what + "; leave it out"
			return
		}
		switch {
		case n.Parent().Member(to).Exists():
			d.Message = what + "; the right one is there already: remove this one"
		case meant(n.Parent())[to] > 1:
			d.Message = what + "; " + inert.Quote(to) + " is meant more than once: keep one"
			d.Fixes = nil
		default:
			d.Suggestion, d.Fixes = fixes.Quote(to), []patchlint.Fix{fixes.Replace(d.Span, fixes.Quote(to), certain)}
			d.Message = what + fmt.Sprintf(invitation, d.Suggestion)
		}
	}
	name, prefixed := strings.CutPrefix(term, "odata.")
	navigation := v.Owner.Toward(target)
	switch {
	case !prefixed && strings.HasPrefix(strings.ToLower(term), "odata."):
		d.Severity = patchlint.Warning
		mend(said+" is not read, because names are case-sensitive", "; write %s")
	case !prefixed && slices.Contains(terms, term):
		mend(said+" is a name of OData 4.01, and Graph speaks 4.0", ": write %s")
	case target != "" && !n.Parent().Member(target).Exists() && meaning.Misspelt(n.Parent(), target, v.Owner.Property):
		return // its property is there under another name, and that is said
	case target != "" && !n.Parent().Member(target).Exists() && navigation == nil:
		d.Severity = patchlint.Warning
		d.Message = fmt.Sprintf("%s annotates a property that is not there; leave it out", said)
		d.Fixes = []patchlint.Fix{fixes.Remove(n, prefixed)} // of nothing, @odata says nothing
	case prefixed && name == "type":
		return // the walk has held it against the property's type
	case prefixed && !slices.Contains(terms, name):
		d.Severity = patchlint.Warning
		mend(said+" is not defined by OData", "; did you mean %s?")
	case !prefixed && !strings.Contains(term, "."):
		d.Severity = patchlint.Warning
		d.Message = fmt.Sprintf("%s has no namespace, as every annotation needs; leave it out", said)
	default:
		return // response-annotation, or an annotation that receivers ignore
	}
	p.Report(d)
}

// binding reports a member that is to bind a navigation property, the target, and does
// not.
func binding(p *Pass, v schema.Visit, target string) {
	n := v.Node
	if v.Owner.Name == "Edm.Untyped" {
		return // what it has is not known
	}
	if navigation := v.Owner.Toward(target); navigation != nil {
		if wrong, takes := unbound(n, navigation.Collection); wrong.Exists() {
			p.ReportValue(wrong, "%s takes %s, not %s", inert.Quote(n.Name()), takes, wrong.Kind())
		}
		return
	}
	what := "but " + v.Owner.Short() + " has no navigation property of that name"
	if len(v.Owner.Navigation) == 0 {
		what = "and " + v.Owner.Short() + " has none"
	}
	p.reportName(n, fixes.Remove(n, false), "%s binds a navigation property, %s; leave it out", inert.Quote(n.Name()), what)
}

// unbound returns what in a value is not as @odata.bind takes it (OData JSON Format
// 4.01, 8.5), and what it takes there; a Node that does not exist where all is.
func unbound(n patchlint.Node, many bool) (wrong patchlint.Node, takes string) {
	switch {
	case !many && n.Kind() != patchlint.String:
		return n, "the URL of an object"
	case many && n.Kind() != patchlint.Array:
		return n, "an array of URLs of objects"
	case many:
		for element := range n.Children() {
			if element.Kind() != patchlint.String {
				return element, "URLs of objects in its array"
			}
		}
	}
	return patchlint.Node{}, ""
}

// terms are the control information that OData knows, without its prefix.
var terms = append([]string{"type"}, responseTerms...)

// respelled returns the name of control information that a name most likely
// stands for, "" for one that is right or like none. Certain says that nothing
// else can be meant.
func respelled(name string) (to string, certain bool) {
	target, term := annotation(name)
	bare, prefixed := strings.CutPrefix(term, "odata.")
	near := ""
	switch folded := strings.ToLower(term); {
	case !prefixed && strings.HasPrefix(folded, "odata."):
		near, certain = spelling.Nearest(folded[len("odata."):], terms), true
	case !prefixed && slices.Contains(terms, term):
		near, certain = term, true
	case prefixed && bare != "bind" && !slices.Contains(terms, bare):
		near = spelling.Nearest(bare, terms)
	}
	if near == "" {
		return "", false
	}
	return target + "@odata." + near, certain
}

// meant counts the members of an object by the name that respelled returns for them. It
// is made once for all its annotations.
func meant(object patchlint.Node) map[string]int {
	return lazy.Get(lazy.MemoOf(object.Document()), meantIn(object), func() map[string]int {
		times := make(map[string]int)
		for member := range object.Children() {
			if to, _ := respelled(member.Name()); to != "" {
				times[to]++
			}
		}
		return times
	})
}

type meantIn patchlint.Node // the object

// typeSpelling reports an @odata.type that names its type as a URL or by the
// alias: legal OData, and not known to work with Graph.
func typeSpelling(p *Pass, v schema.Visit) {
	name := odata.ParseTypeName(v.Node.Text())
	if v.Refused || !name.Absolute && name.Namespace == odata.ParseTypeName(v.Owner.Name).Namespace {
		return
	}
	what := "by the alias " + inert.Quote(name.Namespace)
	if name.Absolute {
		what = "as a URL"
	}
	d := suggest(v.Node.Span(), `"`+v.Owner.TypeName()+`"`, true)
	d.Severity = patchlint.Warning
	p.report(v.Node, d, "the type is named %s, and whether Graph reads that is unknown; write %s", what, d.Suggestion)
}

// annotation takes the name of an annotation apart: the property it is about,
// "" for the object itself, and the term.
func annotation(name string) (target, term string) {
	target, term, _ = strings.Cut(name, "@")
	return target, term
}
