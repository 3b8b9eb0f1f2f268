package validate

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "deprecated-property", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "a property that should no longer be used",
		Why:     `Metadata says since when a property is deprecated. The reference page of beta also shows properties that are no longer in the published metadata of beta. The service is expected to refuse properties that its metadata lacks; only a tenant could tell whether it does.`,
		Bad: `{
  "windowsOnboarded": true
}
`,
		Good: `{
  "iosOnboarded": true
}
`,
	},
	At: Stops{Properties: func(p *schema.Property) bool { return p.Deprecated != "" }},
	Visit: func(p *Pass, v schema.Visit) {
		d := patchlint.Diagnostic{
			Pointer: v.Node.Pointer(), Span: v.Node.Key(),
			Message: inert.Quote(v.Property.Name) + " is " + v.Property.Deprecated,
			Fixes:   []patchlint.Fix{remove(v.Node, false)},
		}
		if v.Property.DeprecatedSince != "" {
			d.Message += " (" + v.Property.DeprecatedSince + ")"
		}
		if v.Property.Withdrawn {
			d.Message += ", and the service is expected to refuse it; leave it out"
		} else {
			d.Message += ", and may be gone one day; use what the reference names in its place"
		}
		p.Report(d)
	},
})
