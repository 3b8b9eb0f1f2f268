package validate

import (
	"fmt"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "read-only-property", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "a property that a PATCH cannot change",
		Why:     `The id stands in the URL. In a body it is ignored at best (OData 4.01 says so), and some Intune services answer 400 to a whole GET object sent back.`,
		Bad: `{
  "id": "8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a",
  "iosOnboarded": true
}
`,
		Good: `{
  "iosOnboarded": true
}
`,
		Links: []string{"https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html"},
	},
	At: Stops{Properties: func(p *schema.Property) bool { return p.Computed }},
	Visit: func(p *Pass, v schema.Visit) {
		p.Report(patchlint.Diagnostic{
			Pointer: v.Node.Pointer(), Span: v.Node.Key(),
			Message: fmt.Sprintf("%s is set by the service and stands in the URL, and a PATCH cannot change it; leave it out", patchlint.Quote(v.Property.Name)),
			// An id that is not the one in the URL may be the one that is meant.
			Fixes: []patchlint.Fix{remove(v.Node, p.ID == "" || strings.EqualFold(v.Node.Text(), p.ID))},
		})
	},
})
