package validate

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "onboarding-mismatch", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "a platform that is assigned but not onboarded, or onboarded in only one of two files",
		Why:     `If the ...Onboarded flag of a platform is false, the platform is not used, whatever its assignments say. Either the flag or the assignments are out of date. Two files in one directory with the same displayName that differ in a flag contradict each other, and the one that is sent last wins.`,
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
	at: stops{objects: func(t *schema.Type) bool {
		return slices.ContainsFunc(t.Properties, func(p *schema.Property) bool { return strings.HasSuffix(p.Name, onboarded) })
	}},
	Visit: func(p *Pass, v schema.Visit) {
		off, lists := false, false
		for member := range v.Node.Children() {
			kind := member.Kind()
			off, lists = off || kind == patchlint.Bool && !isTrue(member), lists || kind == patchlint.Array
		}
		if !off || !lists {
			return // the usual case, in which no name has to be split
		}
		for member := range v.Node.Children() {
			platform, flag, _ := platformOf(member)
			if !flag || member.Kind() != patchlint.Bool || isTrue(member) {
				continue
			}
			other := v.Node.Member(string(platform) + assigned)
			if other.Kind() != patchlint.Array || other.Empty() || v.Type.PropertyOf(member) == nil {
				continue
			}
			d := patchlint.Diagnostic{Related: []patchlint.Related{{Pointer: other.Pointer(), Span: other.Key(), Message: "the assignments"}}}
			p.report(member, d, "%s is false, but %s is not empty; change one of the two", inert.Quote(member.Name()), inert.Quote(other.Name()))
		}
	},
})
