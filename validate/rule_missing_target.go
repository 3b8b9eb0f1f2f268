package validate

import (
	"bytes"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/spelling"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "missing-target", Severity: patchlint.Warning, Fixable: true, Since: "0.1.0",
		Summary: "assignments that target nobody",
		Why:     `An assignment says whom the partner applies to, and "target" is its only property. An assignment without a target, or with null as its target, usually comes from a lookup that found no group, or from a documentation sample; the metadata allows it, but it means nothing. Exclusions alone also target nobody, because they only remove from what is included.`,
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
	at: stops{
		properties: assignments,
		objects:    func(t *schema.Type) bool { return t.Short() == "complianceManagementPartnerAssignment" },
	},
	Visit: func(p *Pass, v schema.Visit) {
		if v.Property != nil {
			onlyExclusions(p, v)
			return
		}
		target := v.Node.Member("target")
		if target.Exists() && target.Kind() != patchlint.Null || spelling.Misspelled(v.Node, "target", v.Type.Property) {
			return
		}
		for member := range v.Node.Children() {
			for _, t := range p.Resource.Model.Derived(v.Type.Property("target").Type) {
				if t.PropertyOf(member) != nil {
					return // a misplaced property of the target is reported
				}
			}
		}
		var removal []patchlint.Fix
		if v.Node.Parent().Kind() == patchlint.Array {
			removal = []patchlint.Fix{fixes.Remove(v.Node, false)}
		}
		if target.Exists() {
			p.report(target, patchlint.Diagnostic{Fixes: removal}, `the "target" of this assignment is null, so it applies to nobody; add a target, or remove the assignment`)
		} else {
			p.report(v.Node, patchlint.Diagnostic{Span: v.Node.Opening(), Fixes: removal}, `this assignment has no "target", so it applies to nobody; add a target, or remove the assignment`)
		}
	},
})

// onlyExclusions reports a collection of assignments that all exclude a group.
func onlyExclusions(p *Pass, v schema.Visit) {
	if v.Node.Kind() != patchlint.Array || v.Node.Empty() {
		return
	}
	const excludes = "exclusionGroupAssignmentTarget"
	for element := range v.Node.Children() {
		annotation := element.Member("target").Member("@odata.type")
		if !bytes.HasSuffix(annotation.TextBytes(), []byte(excludes)) {
			return
		}
		if kind := p.Resource.Model.TypeOf(annotation); kind == nil || kind.Short() != excludes {
			return
		}
	}
	p.report(v.Node, patchlint.Diagnostic{Span: v.Node.Key()}, "%s only excludes groups, so it applies to nobody; add a target to exclude them from, or send []", inert.Quote(v.Property.Name))
}
