package validate

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/example"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/schema"
)

var unknownID = register(&Rule{
	Rule: patchlint.Rule{
		ID: "unknown-id", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "an id of a group or assignment filter that the tenant does not have",
		Why:     `A group that was deleted, or an id copied from another tenant, looks like any other GUID. With an export of the groups or filters (--names), patchlint knows which ids exist. It checks the ids in assignments, and the lists of groups in conditional access policies and in actions for noncompliance. Ids are checked only against exports of their kind: an export of groups says nothing about filters, and a plain list of ids and names counts for both. An export can be out of date, so this is a warning.`,
		Bad: `{
  "target": {
    "@odata.type": "#microsoft.graph.groupAssignmentTarget",
    "groupId": "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5d"
  }
}
`,
		Good: sampleTarget,
	},
	needs: example.Needs{Names: `{
  "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#groups(id,displayName)",
  "value": [{"id": "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c", "displayName": "MTD pilot"}]
}
`},
	at: stops{properties: func(p *schema.Property) bool {
		return p.Name == "groupId" || p.Name == graph.FilterID || slices.Contains(groupLists, p.Name)
	}},
	Visit: func(p *Pass, v schema.Visit) {
		if p.linter.Names == nil || v.Refused {
			return
		}
		// Properties of these names in other types may hold other ids.
		switch owner := v.Owner.Short(); {
		case owner == "conditionalAccessUsers" || owner == "deviceComplianceActionItem":
			for id := range v.Node.Children() {
				p.unknownID(id, groups)
			}
		case !strings.HasSuffix(owner, "AssignmentTarget"):
		case v.Property.Name == graph.FilterID:
			if _, _, filtered := graph.Filter(v.Node.Parent()); filtered { // else filter-pair
				p.unknownID(v.Node, filters)
			}
		default:
			p.unknownID(v.Node, groups)
		}
	},
})

// groupLists are the properties that list ids of groups (Microsoft Graph reference,
// conditionalAccessUsers; metadata of v1.0, deviceComplianceActionItem).
var groupLists = []string{"includeGroups", "excludeGroups", "notificationMessageCCList"}

// unknownID reports a GUID that is not the id of an object in a set.
func (p *Pass) unknownID(n patchlint.Node, set *entitySet) {
	id := n.Text()
	if target, _ := everybody(n.TextBytes()); target != "" || !form.IsGUID(id) || graph.NoID(n) {
		return // guid, placeholder-value
	}
	if wrong := p.linter.Names.unknown(id, set); wrong != "" {
		p.ReportValue(n, "%s", wrong)
	}
}
