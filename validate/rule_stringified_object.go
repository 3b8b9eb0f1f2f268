package validate

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "stringified-object", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "text that a script printed instead of an object",
		Why:     `By default, ConvertTo-Json stops at depth 2 and writes deeper values as a class name, such as "System.Collections.Hashtable", or as "@{...}". Where an object is expected, Graph refuses that text, so it is an error; in a string property it becomes the value.`,
		Bad: `{
  "displayName": "@{name=Contoso}",
  "iosOnboarded": true
}
`,
		Good: `{
  "displayName": "Contoso",
  "iosOnboarded": true
}
`,
	},
	at: stops{properties: func(p *schema.Property) bool { return p.Type.Name == "Edm.String" && !p.GUID }},
	text: func(p *Pass, _ *schema.Property, n patchlint.Node, text []byte) {
		if form.Printed(text) {
			p.ReportValue(n, "%s is the printed text of an object; put the real value here", inert.Quote(string(text)))
		}
	},
})
