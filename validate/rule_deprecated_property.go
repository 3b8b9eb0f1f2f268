package validate

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "deprecated-property", Severity: patchlint.Warning, Fixable: true, Since: "0.1.0",
		Summary: "a property that should no longer be used",
		Why:     `The metadata says when a property was deprecated. The beta reference page also shows properties that the published beta metadata no longer has. The service is expected to refuse properties that its metadata lacks; only a test with a tenant could tell whether it does.`,
		Bad: `{
  "windowsOnboarded": true
}
`,
		Good: sampleClean,
	},
	at: stops{properties: func(p *schema.Property) bool { return p.Deprecated != "" }},
	Visit: func(p *Pass, v schema.Visit) {
		outlook := "may be removed; use its replacement if the reference names one"
		if v.Property.Withdrawn {
			outlook = "the service is expected to refuse it; remove it"
		}
		p.reportName(v.Node, fixes.Remove(v.Node, false), "%s is %s, and %s", inert.Quote(v.Property.Name), v.Property.Deprecated, outlook)
	},
})
