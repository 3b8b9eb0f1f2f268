package validate

import (
	"fmt"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "onboarding-mismatch", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "a platform that is assigned and not onboarded",
		Why:     `A platform whose ...Onboarded is false takes no part, whatever its assignments say. Either the flag is a left-over, or the assignments are.`,
		Bad: `{
  "iosOnboarded": false,
  "iosEnrollmentAssignments": [
    {"target": {"@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"}}
  ]
}
`,
		Good: `{
  "iosOnboarded": true,
  "iosEnrollmentAssignments": [
    {"target": {"@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"}}
  ]
}
`,
	},
	At: Stops{Properties: func(p *schema.Property) bool { return strings.HasSuffix(p.Name, onboarded) }},
	Visit: func(p *Pass, v schema.Visit) {
		if v.Node.Kind() != patchlint.Bool || v.Node.True() {
			return
		}
		other := assignmentsOf(v.Node.Parent(), strings.TrimSuffix(v.Property.Name, onboarded))
		if other.Kind() != patchlint.Array || other.Empty() {
			return
		}
		p.Report(patchlint.Diagnostic{
			Pointer: v.Node.Pointer(), Span: v.Node.Span(),
			Message: fmt.Sprintf("%s is false, and %s is not empty; one of the two is not meant", patchlint.Quote(v.Property.Name), patchlint.Quote(other.Name())),
			Related: []patchlint.Related{{Pointer: other.Pointer(), Span: other.Key(), Message: "the assignments"}},
		})
	},
})

// assignmentsOf returns a partner's collection of assignments for a platform; of
// several, the last.
func assignmentsOf(partner patchlint.Node, platform string) (list patchlint.Node) {
	for member := range partner.Children() {
		if of, flag, ok := platformOf(member); ok && !flag && string(of) == platform {
			list = member
		}
	}
	return list
}
