package validate

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "duplicate-assignment", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "an assignment that is there already",
		Why:     `The same target twice on one platform has no more effect than once. It is what a merge, or a script that adds without looking, leaves behind. Two assignments are the same when they target the same with the same filter, however they are written.`,
		Bad: `{
  "iosEnrollmentAssignments": [
    {"target": {"@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"}},
    {"target": {"@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"}}
  ]
}
`,
		Good: `{
  "iosEnrollmentAssignments": [
    {"target": {"@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"}}
  ]
}
`,
	},
	At: Stops{Properties: assignments},
	Visit: func(p *Pass, v schema.Visit) {
		if p.distinctTargets(v.Node) {
			return
		}
		seen := make(map[string]patchlint.Node)
		for element := range v.Node.Children() {
			if p.Resource.Model.Named(element.Member("target").Member("@odata.type").Text()) == nil {
				continue // missing-target, odata-type
			}
			if v.Refused && len((&schema.Resource{Model: p.Resource.Model, Type: v.Property.Type}).Check(element)) > 0 {
				continue // what is refused may be meant to differ
			}
			key := p.Resource.Model.CanonicalElement(element, v.Property, schema.Comparison{})
			first, again := seen[key]
			if !again {
				seen[key] = element
				continue
			}
			p.Report(patchlint.Diagnostic{
				Pointer: element.Pointer(), Span: element.Span(),
				Message: "this assignment is in the collection already; remove one of the two",
				Related: []patchlint.Related{{Pointer: first.Pointer(), Span: first.Span(), Message: "first here"}},
				Fixes:   []patchlint.Fix{remove(element, !halfFilter(element) && !halfFilter(first))},
			})
		}
	},
})

// halfFilter reports whether an assignment has one half of a filter: somebody
// may have meant the other.
func halfFilter(element patchlint.Node) bool {
	_, id, filtered := schema.Filter(element.Member("target"))
	return filtered == schema.NoID(id)
}
