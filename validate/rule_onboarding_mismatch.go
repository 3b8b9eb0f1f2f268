package validate

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "onboarding-mismatch", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "a platform that is assigned but not onboarded, or onboarded in only one of two files",
		Why:     `A platform whose ...Onboarded is false takes no part, whatever its assignments say. Either the flag or the assignments are left over. Two files of one directory that have the same displayName and differ in a flag contradict each other, and the one that is sent last wins.`,
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
		platform, _, _ := platformOf(v.Node)
		other := assignmentsOf(v.Node.Parent(), platform)
		if other.Kind() != patchlint.Array || other.Empty() {
			return
		}
		p.Report(patchlint.Diagnostic{
			Pointer: v.Node.Pointer(), Span: v.Node.Span(),
			Message: fmt.Sprintf("%s is false, but %s is not empty; change one of the two", inert.Quote(v.Property.Name), inert.Quote(other.Name())),
			Related: []patchlint.Related{{Pointer: other.Pointer(), Span: other.Key(), Message: "the assignments"}},
		})
	},
})

// assignmentsOf returns a partner's collection of assignments for a platform; of
// several, the last.
func assignmentsOf(partner patchlint.Node, platform []byte) (list patchlint.Node) {
	for member := range partner.Children() {
		if of, flag, ok := platformOf(member); ok && !flag && bytes.Equal(of, platform) {
			list = member
		}
	}
	return list
}
