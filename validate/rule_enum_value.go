package validate

import (
	"bytes"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "enum-value", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "a string that is not a member of the enumeration",
		Why:     `Members are case-sensitive names. Another case is only a warning where Microsoft's samples show that the service accepts it, such as "HTML" for the body of a message. Documentation samples show "String" instead, and other resources have similar enumerations: "available" is a state of a mobile threat defense connector, not of a compliance partner.`,
		Bad: `{
  "@odata.type": "#microsoft.graph.complianceManagementPartner",
  "partnerState": "Enabled"
}
`,
		Good: `{
  "@odata.type": "#microsoft.graph.complianceManagementPartner",
  "partnerState": "enabled"
}
`,
	},
	// A sentinel is a member, so the walk accepts it; Graph's guideline on
	// evolvable enumerations says what a PATCH does with it.
	at: stops{properties: func(p *schema.Property) bool { return p.Type.Member(graph.UnknownFutureValue) != nil }},
	text: func(p *Pass, of *schema.Property, n patchlint.Node, text []byte) {
		if !bytes.Contains(text, []byte(graph.UnknownFutureValue)) {
			return
		}
		effect := "and an update does not set it"
		if of.Collection || string(text) != graph.UnknownFutureValue {
			effect = "which an update replaces"
		}
		p.warn(n, `Graph returns "unknownFutureValue" instead of members that were added later, %s; write the intended members`, effect)
	},
})
