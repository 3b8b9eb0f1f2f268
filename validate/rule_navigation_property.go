package validate

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "navigation-property", Severity: patchlint.Warning, Fixable: true, Since: "0.1.0",
		Summary: "a related object inline in an update",
		Why:     `A navigation property leads to objects that have URLs of their own, such as the assignments of a policy or the members of a group. OData 4.0 does not allow them in a PATCH, and services refuse or ignore them, with a few exceptions that the reference documents. Exports contain them if they were read with $expand. Bind existing objects by their URLs, with @odata.bind; update contained objects separately, or with an action such as assign. The body of a POST may contain them.`,
		Bad: `{
  "@odata.type": "#microsoft.graph.windows10CompliancePolicy",
  "passwordRequired": true,
  "assignments": []
}
`,
		Good: `{
  "@odata.type": "#microsoft.graph.windows10CompliancePolicy",
  "passwordRequired": true
}
`,
		Links: []string{"https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html"},
	},
	at: stops{navigation: true},
	Visit: func(p *Pass, v schema.Visit) {
		if p.Target.Insert || v.Node.Parent() != p.Payload {
			return
		}
		way := "bind existing objects with " + inert.Quote(v.Navigation.Name+"@odata.bind")
		if v.Navigation.Contained {
			way = "send related objects to their own URLs"
		}
		p.reportName(v.Node, fixes.Remove(v.Node, false), "%s is a navigation property, and a PATCH of this object usually does not update related objects; %s", inert.Quote(v.Navigation.Name), way)
	},
})
