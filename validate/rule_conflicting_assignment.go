package validate

import (
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "conflicting-assignment", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "a group is included and excluded on one platform",
		Why:     `Including and excluding the same group on one platform is a contradiction. It is unknown which of the two the service follows, and the service gives no warning. Two files in one directory with the same displayName and different assignments for a platform get a warning, because the one that is sent last wins.`,
		Bad: `{
  "iosEnrollmentAssignments": [
    {"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"}},
    {"target": {"@odata.type": "#microsoft.graph.exclusionGroupAssignmentTarget", "groupId": "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"}}
  ]
}
`,
		Good: `{
  "iosEnrollmentAssignments": [
    {"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"}}
  ]
}
`,
	},
	at: stops{properties: assignments},
	Visit: func(p *Pass, v schema.Visit) {
		if p.distinctTargets(v.Node) {
			return
		}
		type use struct{ included, excluded patchlint.Node }
		groups := make(map[string]use)
		for element := range v.Node.Children() {
			target := element.Member("target")
			kind := p.Resource.Model.TypeOf(target.Member("@odata.type"))
			id := target.Member("groupId")
			if kind == nil || !form.IsGUID(id.Text()) || graph.NoID(id) {
				continue
			}
			group := strings.ToLower(id.Text())
			u := groups[group]
			other := u.included
			switch kind.Short() {
			case "groupAssignmentTarget":
				u.included, other = id, u.excluded
			case "exclusionGroupAssignmentTarget":
				u.excluded = id
			default:
				continue
			}
			groups[group] = u
			if other.Exists() {
				d := patchlint.Diagnostic{Related: seeAlso(other, "the other assignment")}
				p.report(id, d, "group %s is both included and excluded in %s; keep one of the two", id.Text(), inert.Quote(v.Property.Name))
			}
		}
	},
})

// assignments reports whether a property is the collection of assignments of a platform.
func assignments(p *schema.Property) bool {
	return p.Collection && p.Type.Short() == "complianceManagementPartnerAssignment"
}
