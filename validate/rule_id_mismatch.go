package validate

import (
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/entity"
	"github.com/patchlint/patchlint/internal/example"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "id-mismatch", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "an id that differs from the one in the URL",
		Why:     `The URL says which object a PATCH changes, and the id of an object cannot be changed. Another id in the body means that the payload belongs to another object. Two files in one directory with the same displayName and different ids get a warning. The case of ids does not matter.`,
		Bad: `{
  "id": "0b7e1d52-64c3-4f0e-8a94-2c5d1e6f7a80",
  "iosOnboarded": true
}
`,
		Good: `{
  "id": "8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a",
  "iosOnboarded": true
}
`,
	},
	needs: example.Needs{URLKey: "8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a"},
	at:    stops{properties: func(p *schema.Property) bool { return p.Computed }},
	Visit: func(p *Pass, v schema.Visit) {
		if p.Target.Key != "" && isKey(v.Owner, v.Property) && v.Node.Parent() == p.Payload &&
			v.Node.Kind() == patchlint.String && !entity.SameKey(v.Node.Text(), p.Target.Key) && sameKind(v.Owner, p.Target.Key, v.Node.Text()) {
			name := inert.Quote(v.Property.Name)
			p.ReportValue(v.Node, "this is the %s of another object, but the URL has %s; correct one of the two, or leave %s out if the payload comes from another tenant", inert.Text(v.Property.Name), inert.Quote(p.Target.Key), name)
		}
	},
})

// isKey reports whether a property is the key of a type or a part of it.
func isKey(t *schema.Type, p *schema.Property) bool {
	return slices.Contains(entity.Key(t), p.Name)
}

// sameKind reports whether the key in a URL is certainly an id. It may be a placeholder
// or, for types other than partners, another key of the object, such as the principal
// name of a user or "inbox", unless both are GUIDs.
func sameKind(t *schema.Type, key, id string) bool {
	if form.Placeholder(key) {
		return false
	}
	return t.Short() == "complianceManagementPartner" || form.IsGUID(key) && form.IsGUID(id)
}
