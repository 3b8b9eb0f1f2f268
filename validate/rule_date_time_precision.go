package validate

import (
	"bytes"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "date-time-precision", Severity: patchlint.Info, Since: "0.1.0",
		Summary: "a date and time that the service will not return as written",
		Why:     `OData allows up to 12 decimals, missing seconds, and t and z in lower case. The service keeps 100 ns, so it rounds more than 7 decimals, and readers of the stricter RFC 3339 fail on the rest. Offsets go up to 23:59 in OData, and up to 14:00 in .NET.`,
		Bad: `{
  "lastHeartbeatDateTime": "2026-01-31T08:00Z",
  "iosOnboarded": true
}
`,
		Good: `{
  "lastHeartbeatDateTime": "2026-01-31T08:00:00Z",
  "iosOnboarded": true
}
`,
	},
	at: stops{properties: func(p *schema.Property) bool { return p.Type.Name == "Edm.DateTimeOffset" }},
	Visit: func(p *Pass, v schema.Visit) {
		if v.Refused || v.Node.Kind() != patchlint.String {
			return
		}
		text := v.Node.TextBytes()
		minutes := bytes.IndexAny(text, "Tt") + len("T08:00") // their end
		_, fraction, _ := bytes.Cut(text, []byte("."))
		switch offset := text[len(text)-len("14:00"):]; {
		case offset[len(offset)-1]|0x20 != 'z' && string(offset) > "14:00":
			p.warn(v.Node, "%s is more than 14 hours from UTC, which OData allows and .NET does not take; write the instant with another offset", inert.Quote(v.Node.Text()))
		case len(fraction)-len(bytes.TrimLeft(fraction, "0123456789")) > 7:
			p.ReportValue(v.Node, "%s has more than 7 decimals; the service keeps 100 ns and rounds the rest away", inert.Quote(v.Node.Text()))
		case text[minutes] != ':':
			full := string(bytes.ToUpper(slices.Insert(bytes.Clone(text), minutes, []byte(":00")...)))
			p.report(v.Node, suggest(v.Node.Span(), fixes.Quote(full), true), "%s has no seconds, which OData allows and many readers do not; write %q", inert.Quote(v.Node.Text()), full)
		case bytes.ContainsAny(text, "tz"):
			full := string(bytes.ToUpper(text))
			p.report(v.Node, suggest(v.Node.Span(), fixes.Quote(full), true), "%s has a lower-case t or z, which .NET may not read; write %q", inert.Quote(v.Node.Text()), full)
		}
	},
})
