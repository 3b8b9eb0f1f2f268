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
		Why:     `OData allows up to 12 decimals, missing seconds, and t and z in lower case. The service keeps 100 ns, so it rounds more than 7 decimals, and readers of the stricter RFC 3339 fail on the rest. OData has offsets up to 23:59 and any year, .NET offsets up to 14:00 and years from 0001 to 9999.`,
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
	at: stops{properties: func(p *schema.Property) bool {
		return p.Type.Name == "Edm.DateTimeOffset" || p.Type.Name == "Edm.Date"
	}},
	text: func(p *Pass, v schema.Visit, n patchlint.Node, text []byte) {
		mend := func(what string, full []byte) {
			d := suggest(n.Span(), fixes.Quote(string(bytes.ToUpper(full))), true)
			p.report(n, d, "%s %s; write %s", inert.Quote(string(text)), what, d.Suggestion)
		}
		minutes := bytes.IndexAny(text, "Tt") + len("T08:00") // their end
		_, fraction, _ := bytes.Cut(text, []byte("."))
		switch offset := text[len(text)-len("14:00"):]; {
		case text[0] == '-' || text[len("2026")] != '-' || bytes.HasPrefix(text, []byte("0000")):
			p.warn(n, "%s has a year outside of 0001 to 9999, which OData allows and .NET does not take; correct the year", inert.Quote(string(text)))
		case v.Property.Type.Name == "Edm.Date":
		case offset[len(offset)-1]|0x20 != 'z' && string(offset) > "14:00":
			p.warn(n, "%s is more than 14 hours from UTC, which OData allows and .NET does not take; write the instant with another offset", inert.Quote(string(text)))
		case len(fraction)-len(bytes.TrimLeft(fraction, "0123456789")) > 7:
			p.ReportValue(n, "%s has more than 7 decimals; the service keeps 100 ns and rounds the rest away", inert.Quote(string(text)))
		case text[minutes] != ':':
			mend("has no seconds, which OData allows and many readers do not", slices.Insert(bytes.Clone(text), minutes, []byte(":00")...))
		case bytes.ContainsAny(text, "tz"):
			mend("has a lower-case t or z, which .NET may not read", text)
		}
	},
})
