package validate

import (
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "empty-patch", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "a payload that changes nothing",
		Why:     `A PATCH that sets no property does nothing at best. One Intune service has been seen answering 400, "at least 1 property must be changed"; it is unknown whether this one does. PowerShell cmdlets that drop null and [] leave an empty body behind.`,
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
	At: Stops{
		Objects: func(t *schema.Type) bool { return t.Category == schema.Entity },
	},
	Visit: func(p *Pass, v schema.Visit) {
		if v.Node != p.Payload || v.Refused || p.Insert {
			return
		}
		t := v.Object.Type
		for member := range v.Node.Children() {
			property, name := t.PropertyOf(member), member.Name()
			switch {
			case property != nil && !property.Computed, strings.HasSuffix(name, "@odata.bind"):
				return
			case property == nil && !strings.ContainsAny(name, "@#") && (t.Open || t.Toward(name) != nil):
				return
			}
		}
		p.ReportObject(v.Node, "this payload sets no property, so there is nothing to send; leave the request out")
	},
})
