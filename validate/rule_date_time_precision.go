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
		Why:     `OData allows up to 12 decimals, missing seconds, and lowercase t and z. The service rounds to 100 ns, which is 7 decimals. RFC 3339 requires seconds, so many parsers do, too, and .NET may not parse lowercase t and z. OData allows offsets up to 23:59 and any year; .NET allows offsets up to 14:00 and years from 0001 to 9999.`,
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
	text: func(p *Pass, of *schema.Property, n patchlint.Node, text []byte) {
		mend := func(what string, full []byte) {
			d := suggest(n.Span(), fixes.Quote(string(bytes.ToUpper(full))), true)
			p.report(n, d, "%s %s; write %s", inert.Quote(string(text)), what, d.Suggestion)
		}
		const date, minutes = len("2026-01-31"), len("2026-01-31T08:00")
		_, fraction, _ := bytes.Cut(text, []byte("."))
		switch offset := text[len(text)-len("14:00"):]; {
		case text[0] == '-' || text[len("2026")] != '-' || bytes.HasPrefix(text, []byte("0000")):
			p.warn(n, "%s has a year outside 0001 to 9999, which OData allows but .NET does not; correct the year", inert.Quote(string(text)))
		case of.Type.Name == "Edm.Date":
		case offset[len(offset)-1]|0x20 != 'z' && string(offset) > "14:00":
			p.warn(n, "%s has an offset of more than 14 hours, which OData allows but .NET does not; write the same instant with a smaller offset", inert.Quote(string(text)))
		case len(fraction)-len(bytes.TrimLeft(fraction, "0123456789")) > 7:
			p.ReportValue(n, "%s has more than 7 decimals, and the service rounds it to 100 ns; write at most 7", inert.Quote(string(text)))
		case text[minutes] != ':':
			mend("has no seconds, which OData allows but many parsers do not", slices.Insert(bytes.Clone(text), minutes, []byte(":00")...))
		case text[date] == 't' || offset[len(offset)-1] == 'z':
			mend("has a lowercase t or z, which .NET may not parse", text)
		}
	},
})
