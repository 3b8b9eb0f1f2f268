package validate

import (
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
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
		if form.PlainDateTime(v.Node.TextBytes()) {
			return
		}
		text := v.Node.Text()
		upper := strings.ToUpper(text)
		full := withoutSeconds.Get().ReplaceAllString(upper, "${1}:00${2}")
		switch offset := text[len(text)-len("14:00"):]; {
		case !strings.ContainsAny(text[len(text)-1:], "Zz") && offset > "14:00":
			p.warn(v.Node, "%s is more than 14 hours from UTC, which OData allows and .NET does not take; write the instant with another offset", inert.Quote(text))
		case manyDecimals.Get().MatchString(text):
			p.ReportValue(v.Node, "%s has more than 7 decimals; the service keeps 100 ns and rounds the rest away", inert.Quote(text))
		case full != upper:
			p.report(v.Node, suggest(v.Node.Span(), fixes.Quote(full), true), "%s has no seconds, which OData allows and many readers do not; write %q", inert.Quote(text), full)
		case full != text:
			p.report(v.Node, suggest(v.Node.Span(), fixes.Quote(full), true), "%s has a lower-case t or z, which .NET may not read; write %q", inert.Quote(text), full)
		}
	},
})

var (
	manyDecimals   = lazy.Regexp(`\.[0-9]{8,}`)
	withoutSeconds = lazy.Regexp(`^([^T]*T[0-9]{2}:[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})$`)
)
