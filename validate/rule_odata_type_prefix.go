package validate

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "odata-type-prefix", Severity: patchlint.Info, Fixable: true, Since: "0.1.0",
		Summary: "an @odata.type without the leading #",
		Why:     `In JSON, the type of an object is a URI, and a type of the same service is its fragment: "#microsoft.graph...". Graph's own samples leave out the "#", and Graph accepts both, but OData does not promise that.`,
		Bad: `{
  "@odata.type": "microsoft.graph.complianceManagementPartner",
  "iosOnboarded": true
}
`,
		Good: `{
  "@odata.type": "#microsoft.graph.complianceManagementPartner",
  "iosOnboarded": true
}
`,
		Links: []string{"https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html"},
	},
	at: stops{annotations: true},
	Visit: func(p *Pass, v schema.Visit) {
		if v.Refused || string(v.Node.NameBytes()) != "@odata.type" {
			return
		}
		name := odata.ParseTypeName(v.Node.Text())
		if name.Fragment || name.Namespace != p.Resource.Model.Facts().Namespace {
			return // an alias is for control-information
		}
		d := suggest(v.Node.Span(), `"#`+v.Owner.Name+`"`, true)
		p.report(v.Node, d, `the name of the type lacks the leading "#"; write %s`, d.Suggestion)
	},
})
