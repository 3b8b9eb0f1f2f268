package validate

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "filter-pair", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "half of an assignment filter",
		Why:     `A filter is a type (include or exclude) and an id. A type without an id filters by nothing, and an id beside the type none, or beside no type, is not in effect. What the service makes of half a filter here is unknown.`,
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
	Visit: func(p *Pass, v schema.Visit) {
		const typeName, idName = "deviceAndAppManagementAssignmentFilterType", "deviceAndAppManagementAssignmentFilterId"
		if !v.Object() || !v.Type.HasFilter() || schema.Misspelt(v.Node, v.Type, typeName) || schema.Misspelt(v.Node, v.Type, idName) {
			return
		}
		kind, id, filtered := schema.Filter(v.Node)
		if _, ok := v.Type.Property(typeName).Type.Member(kind); kind != "" && !ok || !schema.NoID(id) && !schema.IsGUID(id.Text()) {
			return // a half that is refused is no half
		}
		if kind == "" && v.Node.Member(typeName).Exists() && v.Node.Member(typeName).Kind() != patchlint.Null {
			return
		}
		switch {
		case filtered && schema.NoID(id):
			p.ReportValue(v.Node.Member("deviceAndAppManagementAssignmentFilterType"),
				"the filter type is %s and no filter id is given; add deviceAndAppManagementAssignmentFilterId, or leave the type out", patchlint.Quote(kind))
		case !filtered && !schema.NoID(id):
			p.ReportValue(id, "a filter id is given and no filter is in effect; set deviceAndAppManagementAssignmentFilterType to include or exclude, or leave the id out")
		}
	},
})
