package validate

import (
	"bytes"
	"cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "empty-patch", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "a payload that changes nothing",
		Why:     `A PATCH that sets no property does nothing at best. One Intune service has been seen answering 400, "at least 1 property must be changed"; it is unknown whether others do. PowerShell cmdlets that drop null and [] leave an empty body behind.`,
		Bad: `{
  "@odata.type": "#microsoft.graph.complianceManagementPartner"
}
`,
		Good: `{
  "@odata.type": "#microsoft.graph.complianceManagementPartner",
  "displayName": "Contoso MTD"
}
`,
	},
	at: stops{
		objects: func(t *schema.Type) bool { return t.Entity },
	},
	Visit: func(p *Pass, v schema.Visit) {
		if v.Node != p.Payload || v.Refused || p.Target.Insert {
			return
		}
		for member := range v.Node.Children() {
			if sets(v.Type, member) {
				return
			}
		}
		p.ReportObject(v.Node, "this payload sets no property, so there is nothing to send; add a property, or do not send it")
	},
})

// sets reports whether a member may change something: it is a property that is not
// computed, a member of an open type, or a related object, inline, bound or in a delta.
func sets(t *schema.Type, member patchlint.Node) bool {
	name := member.NameBytes()
	if bytes.HasPrefix(name, []byte("@")) {
		return false
	}
	if property := t.PropertyOf(member); property != nil {
		return !property.Computed
	}
	if t.DeltaProperty(member) != nil {
		return true
	}
	to, _ := respelled(t, string(name))
	if _, term := annotation(cmp.Or(to, string(name))); binds(term) || t.NavigationProperty(string(name)) != nil {
		return true
	}
	return t.Open && !bytes.ContainsAny(name, "@#")
}
