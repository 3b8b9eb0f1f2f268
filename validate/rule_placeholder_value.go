package validate

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "placeholder-value", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "a placeholder that was never filled in",
		Why:     `The samples of the documentation hold "String" and "Display Name value", templates hold "{id}", "<name>" or TODO, and the zero GUID stands for none. Sent as they are, they become the value.`,
		Bad: `{
  "displayName": "Display Name value",
  "iosOnboarded": true
}
`,
		Good: `{
  "displayName": "Contoso MTD",
  "iosOnboarded": true
}
`,
	},
	At: Stops{Properties: func(p *schema.Property) bool { return p.Type.Name == "Edm.String" && !p.Computed }},
	Visit: func(p *Pass, v schema.Visit) {
		if v.Refused || v.Node.Kind() != patchlint.String {
			return
		}
		if text, ok := v.Node.PlainText(); ok && len(p.words) == 0 && clearlyReal(text, v.Property) {
			return
		}
		switch text := strings.TrimSpace(v.Node.Text()); {
		case text == schema.ZeroGUID && strings.HasSuffix(v.Property.Name, "Id") && !v.Property.Optional:
			p.ReportValue(v.Node, "%s is the zero GUID, which no object has; put the real id here", patchlint.Quote(v.Property.Name))
		case text == "" && v.Property.Required:
			p.ReportValue(v.Node, "%s is empty; put the real id here", patchlint.Quote(v.Property.Name))
		case strings.EqualFold(text, "string"), sampleValue(text, v.Property.Name), template().MatchString(text), slices.ContainsFunc(p.words, func(w string) bool { return strings.EqualFold(w, text) }):
			remedy := "put the real value here, or leave the property out"
			if v.Property.Required {
				remedy = "put the real id here"
			}
			p.ReportValue(v.Node, "%s is a placeholder; %s", patchlint.Quote(text), remedy)
		}
	},
})

// clearlyReal reports, for the price of a look, that a text is no placeholder:
// it is the GUID of something, or a name that starts and ends as none of them
// does.
func clearlyReal(text []byte, p *schema.Property) bool {
	if p.GUID {
		return len(text) == len(schema.ZeroGUID) && string(text) != schema.ZeroGUID // the walk has seen that it is a GUID
	}
	if len(text) < 2 || text[0] >= utf8.RuneSelf || text[len(text)-1] >= utf8.RuneSelf {
		return false
	}
	switch start := [2]byte{text[0] | 0x20, text[1] | 0x20}; string(start[:]) { // in lower case
	case "to", "tb", "fi", "ch", "st": // TODO, TBD, FIXME, CHANGEME, string
		return false
	}
	switch text[0] {
	case '<', '$', '{', '0': // "<...>", "${...}", the zero GUID
		return false
	}
	return text[0] > ' ' && strings.IndexByte(" \t\r\ne", text[len(text)-1]) < 0 // "... value"
}

// template matches what people write for a value that is yet to come.
var template = lazily(`(?i)^(?:<[^<>]+>|\$?\{+[^{}]*\}+|(?:TODO|FIXME|TBD|CHANGE[_ -]?ME)\b.*)$`)

// sampleValue reports whether text is the documentation's sample for a
// property: its name in words and "value", as in "Display Name value".
func sampleValue(text, property string) bool {
	words, ok := strings.CutSuffix(text, " value")
	return ok && strings.EqualFold(strings.ReplaceAll(words, " ", ""), property)
}
