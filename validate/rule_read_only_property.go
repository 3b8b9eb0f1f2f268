package validate

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/entity"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "read-only-property", Severity: patchlint.Warning, Fixable: true, Since: "0.1.0",
		Summary: "a property that a PATCH cannot change",
		Why:     `Metadata says which properties only the service sets (Computed) and which can only be read (Permissions). The id, or whatever the key of a type is, belongs in the URL. In a body it is at best ignored, as OData 4.01 specifies, and some Intune services answer 400 to an object that is sent back as a GET returned it. patchlint diff pairs files by id and never sends the id, so --fix removes it only if the URL is known to have it.`,
		Bad: `{
  "id": "8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a",
  "iosOnboarded": true
}
`,
		Good:  sampleClean,
		Links: []string{"https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html"},
	},
	at: stops{properties: func(p *schema.Property) bool { return p.Computed }},
	Visit: func(p *Pass, v schema.Visit) {
		key := isKey(v.Owner, v.Property)
		switch {
		case p.Target.Insert && key: // some services let it be chosen
		case v.Node.Parent() != p.Payload && v.Owner.Entity: // of a related object, which navigation-property is about
		case key:
			what := "set by the service"
			if v.Property.Name != "id" {
				what = "the key of the object"
			}
			p.reportName(v.Node, fixes.Remove(v.Node, p.namesNothing(v.Node)), "%s is %s and belongs in the URL; a PATCH cannot change it, so remove it", inert.Quote(v.Property.Name), what)
		case p.Target.Insert:
			p.reportName(v.Node, fixes.Remove(v.Node, true), "%s is set by the service; remove it", inert.Quote(v.Property.Name))
		default:
			p.reportName(v.Node, fixes.Remove(v.Node, true), "%s is set by the service; a PATCH cannot change it, so remove it", inert.Quote(v.Property.Name))
		}
	},
})

// namesNothing reports whether an id can be removed without losing which object is
// meant. Package diff pairs payloads by id.
func (p *Pass) namesNothing(id patchlint.Node) bool {
	if id.Kind() == patchlint.String && id.Text() != "" {
		return p.Target.Key != "" && entity.SameKey(id.Text(), p.Target.Key) // the URL has it
	}
	return id.Kind() == patchlint.Null || id.Kind() == patchlint.String
}
