package validate

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "server-managed-property", Severity: patchlint.Warning, Fixable: true, Since: "0.1.0",
		Summary: "a property that the service updates",
		Why:     `lastHeartbeatDateTime changes whenever the partner reports in, so the value in a file is soon out of date. partnerState follows the state of the connection; a finding about it is only an info, because the value may be intended. The reference page sets both. It is unknown whether the service honors, ignores or refuses them in a PATCH.`,
		Bad: `{
  "lastHeartbeatDateTime": "2026-01-31T08:00:00Z",
  "iosOnboarded": true
}
`,
		Good: sampleClean,
	},
	at: stops{properties: func(p *schema.Property) bool { return p.Maintained }},
	Visit: func(p *Pass, v schema.Visit) {
		name := inert.Quote(v.Property.Name)
		if v.Property.Volatile {
			p.reportName(v.Node, fixes.Remove(v.Node, true), "%s is updated by the service; remove it, because it is unknown whether a PATCH can set it", name)
		} else {
			p.report(v.Node, patchlint.Diagnostic{Severity: patchlint.Info, Span: v.Node.Key()}, "%s is updated by the service; it is unknown whether a PATCH can change it", name)
		}
	},
})
