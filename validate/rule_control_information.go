package validate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "control-information", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "control information that Graph does not understand",
		Why:     `Graph speaks OData 4.0, where control information starts with "@odata.": the short names of 4.01, such as "@type", are not read. @odata.bind is for navigation properties, and these types have none. Unknown @odata names, an annotation of a property that is not there, and type names as URLs or with the alias "graph" are warnings.`,
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
	At:    Stops{Annotations: true},
	Visit: controlInformation,
})

func controlInformation(p *Pass, v schema.Visit) {
	n := v.Node
	if n.NameIs("@odata.type") {
		typeSpelling(p, v)
		return
	}
	target, term := annotation(n.Name())
	quoted := patchlint.Quote(n.Name())
	d := patchlint.Diagnostic{Pointer: n.Pointer(), Span: n.Key(), Fixes: []patchlint.Fix{remove(n, false)}}
	rename := func(to string, safe bool) {
		d.Suggestion = `"` + target + "@" + to + `"`
		d.Fixes = []patchlint.Fix{replace(d.Span, d.Suggestion, safe)}
	}
	name, prefixed := strings.CutPrefix(term, "odata.")
	switch folded := strings.ToLower(term); {
	case !prefixed && strings.HasPrefix(folded, "odata."):
		d.Severity = patchlint.Warning
		d.Message = fmt.Sprintf("%s is not read, for names are case-sensitive; leave it out", quoted)
		if near := patchlint.Nearest(folded[len("odata."):], append([]string{"type"}, responseTerms...)); near != "" && !n.Parent().Member(target+"@odata."+near).Exists() {
			rename("odata."+near, true)
			d.Message = fmt.Sprintf("%s is not read, for names are case-sensitive; write %s", quoted, d.Suggestion)
		}
	case name == "bind":
		d.Message = fmt.Sprintf("%s binds a navigation property, and %s has none; leave it out", quoted, v.Owner.Short())
	case !prefixed && (term == "type" || slices.Contains(responseTerms, term)):
		if n.Parent().Member(target + "@odata." + term).Exists() {
			d.Message = fmt.Sprintf("%s is a name of OData 4.01, and Graph speaks 4.0; the right one is there already: remove this one", quoted)
			break
		}
		rename("odata."+term, true)
		d.Message = fmt.Sprintf("%s is a name of OData 4.01, and Graph speaks 4.0: write %s", quoted, d.Suggestion)
	case target != "" && !n.Parent().Member(target).Exists() && schema.Misspelt(n.Parent(), v.Owner, target):
		return // its property is there under another name, and that is said
	case target != "" && !n.Parent().Member(target).Exists():
		d.Severity = patchlint.Warning
		d.Message = fmt.Sprintf("%s annotates a property that is not there; leave it out", quoted)
		d.Fixes = []patchlint.Fix{remove(n, prefixed)} // of nothing, @odata says nothing
	case prefixed && name == "type":
		return // the walk has held it against the property's type
	case prefixed && !slices.Contains(responseTerms, name):
		d.Severity = patchlint.Warning
		d.Message = fmt.Sprintf("%s is no control information that OData knows; leave it out", quoted)
		if near := patchlint.Nearest(name, append([]string{"type"}, responseTerms...)); near != "" {
			rename("odata."+near, false)
			d.Message = fmt.Sprintf("%s is no control information that OData knows; did you mean %s?", quoted, d.Suggestion)
		}
	case !prefixed && !strings.Contains(term, "."):
		d.Severity = patchlint.Warning
		d.Message = fmt.Sprintf("%s has no namespace, as every annotation needs; leave it out", quoted)
	default:
		return // response-annotation, or an annotation that receivers ignore
	}
	p.Report(d)
}

// typeSpelling reports an @odata.type that names its type as a URL or by the
// alias: legal OData, and not known to work with Graph.
func typeSpelling(p *Pass, v schema.Visit) {
	name := schema.ParseTypeName(v.Node.Text())
	if v.Refused || !name.Absolute && name.Namespace == p.Resource.Model.Namespace {
		return
	}
	suggestion := `"` + v.Owner.TypeName() + `"`
	what := fmt.Sprintf("by the alias %s", patchlint.Quote(name.Namespace))
	if name.Absolute {
		what = "as a URL"
	}
	p.Report(patchlint.Diagnostic{
		Severity: patchlint.Warning, Pointer: v.Node.Pointer(), Span: v.Node.Span(), Suggestion: suggestion,
		Message: fmt.Sprintf("the type is named %s, and whether Graph reads that is unknown; write %s", what, suggestion),
		Fixes:   []patchlint.Fix{replace(v.Node.Span(), suggestion, true)},
	})
}

// annotation takes the name of an annotation apart: the property it is about,
// "" for the object itself, and the term.
func annotation(name string) (target, term string) {
	target, term, _ = strings.Cut(name, "@")
	return target, term
}
