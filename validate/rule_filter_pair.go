package validate

import (
	"cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/spelling"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "filter-pair", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "an assignment filter without its id or its type",
		Why:     `A filter has a type (include or exclude) and an id. An id without a type, or with the type none, has no effect. It is unknown how the service treats a type without an id.`,
		Bad: `{
  "target": {
    "@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget",
    "deviceAndAppManagementAssignmentFilterType": "include"
  }
}
`,
		Good: `{
  "target": {
    "@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget",
    "deviceAndAppManagementAssignmentFilterId": "5b2c1f0e-7d34-4a55-9c1b-2f6f0e9a8d71",
    "deviceAndAppManagementAssignmentFilterType": "include"
  }
}
`,
	},
	at: stops{properties: func(p *schema.Property) bool { return p.Name == graph.FilterType || p.Name == graph.FilterID }},
	Visit: func(p *Pass, v schema.Visit) {
		target := v.Node.Parent()
		half := target.Member(graph.FilterType)
		if v.Node != half && (half.Exists() || v.Owner.Property(graph.FilterType) == nil) {
			return // check each pair once
		}
		kind, id, filtered := graph.Filter(target)
		if filtered != graph.NoID(id) || v.Node != cmp.Or(half, id) {
			return // both are present or absent
		}
		declared := v.Owner.Property(graph.FilterType)
		switch {
		case kind != "" && declared.Type.Member(kind) == nil, !graph.NoID(id) && !form.IsGUID(id.Text()):
			return // a refused value does not count
		case kind == "" && half.Exists() && (half.Kind() != patchlint.Null || !declared.Nullable):
			return
		case spelling.Misspelled(target, graph.FilterType, v.Owner.Property), spelling.Misspelled(target, graph.FilterID, v.Owner.Property):
			return
		case filtered:
			p.ReportValue(half, "the filter type is %s, but no filter id is given; add deviceAndAppManagementAssignmentFilterId, or leave the type out", inert.Quote(kind))
		default:
			p.ReportValue(id, "a filter id is given, but no filter is in effect; set deviceAndAppManagementAssignmentFilterType to include or exclude, or leave the id out")
		}
	},
})
