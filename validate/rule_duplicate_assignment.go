package validate

import (
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "duplicate-assignment", Severity: patchlint.Warning, Fixable: true, Since: "0.1.0",
		Summary: "an assignment that the collection already has",
		Why:     `Assigning the same target twice on one platform has the same effect as assigning it once. Duplicates come from merges, and from scripts that add without checking. Two assignments are the same if they have the same target and filter, however they are written. The same target with another filter is also reported, because it is unknown which of the two filters the service applies.`,
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
	at: stops{properties: assignments},
	Visit: func(p *Pass, v schema.Visit) {
		if p.distinctTargets(v.Node) {
			return
		}
		seen, targets := make(map[string]patchlint.Node), make(map[string]patchlint.Node)
		for element := range v.Node.Children() {
			if p.Resource.Model.TypeOf(element.Member("target").Member("@odata.type")) == nil {
				continue // missing-target, odata-type
			}
			if v.Refused && len(v.Property.Type.Check(element)) > 0 || repeatsName(element) {
				continue // a refused value, or another of the same name, may have been meant to differ
			}
			text, filter := p.Resource.Model.AppendCanonical(nil, element, v.Property, schema.Comparison{})
			key, target := string(text), string(text[:filter])
			if first, again := seen[key]; again {
				p.report(element, patchlint.Diagnostic{
					Fixes:   []patchlint.Fix{fixes.Remove(element, !halfFilter(element) && !halfFilter(first))},
					Related: seeAlso(first, "first occurrence"),
				}, "the collection already has this assignment; remove one of the two")
				continue
			}
			seen[key] = element
			if first, again := targets[target]; again {
				p.report(element, patchlint.Diagnostic{Related: seeAlso(first, "first occurrence")},
					"the collection already has this target with another filter, or without one; keep one of the two, because it is unknown which filter the service applies")
			} else {
				targets[target] = element
			}
		}
	},
})

// repeatsName reports whether a name occurs twice in an object in n.
func repeatsName(n patchlint.Node) bool {
	faults, at := n.Document().Faults(), n.Span()
	from, _ := slices.BinarySearchFunc(faults, at.Start, func(f patchlint.Diagnostic, start int) int { return f.Span.Start - start })
	to, _ := slices.BinarySearchFunc(faults, at.End, func(f patchlint.Diagnostic, end int) int { return f.Span.Start - end })
	return slices.ContainsFunc(faults[from:to], func(f patchlint.Diagnostic) bool { return f.Rule == "json-duplicate-name" })
}

// halfFilter reports whether an assignment has only one property of a filter pair, so
// that its meaning is uncertain.
func halfFilter(element patchlint.Node) bool {
	_, id, filtered := graph.Filter(element.Member("target"))
	return filtered == graph.NoID(id)
}
