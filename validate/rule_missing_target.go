package validate

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "missing-target", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "an assignment that targets nothing",
		Why:     `An assignment says whom the partner applies to, and "target" is all it has. One without it, or with null, is what remains of a look-up that found no group, or of a documentation sample; the metadata allows it and it means nothing.`,
		Bad: `{
  "iosEnrollmentAssignments": [
    {}
  ]
}
`,
		Good: `{
  "iosEnrollmentAssignments": [
    {
      "target": {
        "@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"
      }
    }
  ]
}
`,
	},
	At: Stops{
		Objects: func(t *schema.Type) bool { return t.Short() == "complianceManagementPartnerAssignment" },
	},
	Visit: func(p *Pass, v schema.Visit) {
		target := v.Node.Member("target")
		if target.Kind() != patchlint.Absent && target.Kind() != patchlint.Null || schema.Misspelt(v.Node, v.Object.Type, "target") {
			return
		}
		for member := range v.Node.Children() {
			for _, t := range p.Resource.Model.Derived(v.Object.Type.Property("target").Type) {
				if t.Property(member.Name()) != nil {
					return // what belongs into the target stands beside it, and that is said
				}
			}
		}
		var fixes []patchlint.Fix
		if v.Node.Parent().Kind() == patchlint.Array {
			fixes = []patchlint.Fix{remove(v.Node, false)}
		}
		switch target.Kind() {
		case patchlint.Absent:
			p.Report(patchlint.Diagnostic{
				Pointer: v.Node.Pointer(), Span: v.Node.Opening(), Fixes: fixes,
				Message: `this assignment has no "target", so it applies to nobody; add one or remove the assignment`,
			})
		case patchlint.Null:
			p.Report(patchlint.Diagnostic{
				Pointer: target.Pointer(), Span: target.Span(), Fixes: fixes,
				Message: `the "target" of this assignment is null, so it applies to nobody; name one or remove the assignment`,
			})
		}
	},
})
