package validate

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "unpublished-type", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "a type that is documented but not in the published metadata",
		Why:     `The documentation generator picks an arbitrary kind of target for its samples. Some of these kinds were never in the published metadata, or no longer are, and have nothing to do with compliance partners.`,
		Bad: `{
  "target": {
    "@odata.type": "#microsoft.graph.scopeTagGroupAssignmentTarget"
  }
}
`,
		Good: `{
  "target": {
    "@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"
  }
}
`,
	},
	at: stops{objects: func(t *schema.Type) bool { return t.Unpublished != "" }},
	Visit: func(p *Pass, v schema.Visit) {
		const format = "do not rely on %s: %s; it is unknown whether the service accepts it here"
		if annotation := v.Node.Member("@odata.type"); annotation.Exists() {
			p.ReportValue(annotation, format, v.Type.Short(), v.Type.Unpublished)
		} else {
			p.ReportObject(v.Node, format, v.Type.Short(), v.Type.Unpublished)
		}
	},
})
