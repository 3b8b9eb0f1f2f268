package validate

import (
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/example"
)

var teamSchema = register(&Rule{
	Rule: patchlint.Rule{
		ID: "team-schema", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "a value that a JSON Schema of the team refuses",
		Why:     `A team agrees on more than Graph requires: how partners are named, a group that is always excluded, a target that is never used. Write such a policy as a JSON Schema, and name it under schemas in .patchlint.yaml or with --schema. The message is the description, or else the title, of the part of the schema that refuses the value, so write it for the person who has to correct the payload. docs/team-schemas.md says what a schema can contain.`,
		Bad: `{
  "displayName": "Contoso",
  "iosOnboarded": true
}
`,
		Good: `{
  "displayName": "MTD-Contoso",
  "iosOnboarded": true
}
`,
		Links: []string{"https://json-schema.org/understanding-json-schema"},
	},
	needs: example.Needs{Schema: `{
  "properties": {
    "displayName": {
      "description": "the name of a partner starts with MTD-",
      "pattern": "^MTD-"
    }
  }
}
`},
})

// beyondValue lists the rules of violations that do not refuse a value with all its
// content.
var beyondValue = []string{"payload-shape", "odata-type", "required-property", "control-information"}

// checkTeamSchemas reports what the team schemas refuse, except inside values that the
// walk refused.
func (p *Pass) checkTeamSchemas() {
	if len(p.linter.TeamSchemas) == 0 || p.closed() || !p.as(teamSchema.ID) {
		return
	}
	var found []patchlint.Diagnostic
	for _, refused := range p.linter.TeamSchemas {
		found = append(found, refused(p.Resource, p.Payload)...)
	}
	slices.SortStableFunc(found, patchlint.Diagnostic.Compare)
	same := func(a, b patchlint.Diagnostic) bool { return a.Span == b.Span && a.Message == b.Message }
	for _, d := range slices.CompactFunc(found, same) {
		if !slices.ContainsFunc(p.wrong, func(r patchlint.Span) bool { return r.Start <= d.Span.Start && d.Span.End <= r.End }) {
			p.Report(d)
		}
	}
}
