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
		if !v.Object() || v.Refused || v.Type.Property("deviceAndAppManagementAssignmentFilterType") == nil {
			return
		}
		kind, id, filtered := schema.Filter(v.Node)
		switch {
		case filtered && schema.NoID(id):
			p.ReportValue(v.Node.Member("deviceAndAppManagementAssignmentFilterType"),
				"the filter type is %s and no filter id is given; add deviceAndAppManagementAssignmentFilterId, or leave the type out", patchlint.Quote(kind))
		case !filtered && !schema.NoID(id):
			p.ReportValue(id, "a filter id is given and no filter is in effect; set deviceAndAppManagementAssignmentFilterType to include or exclude, or leave the id out")
		}
	},
})
