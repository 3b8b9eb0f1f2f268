package validate

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "unknown-property", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "a property that the type does not have",
		Why:     `None of these types is open, so Graph refuses a body with a property it does not know, and names back-end types when it does. Names are case-sensitive. Backups of other tools add properties of their own, and assignments of other resources have some that these do not.`,
		Bad: `{
  "macOSOnboarded": true
}
`,
		Good: `{
  "macOsOnboarded": true
}
`,
		Links: []string{"https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html"},
	},
	Fix: func(v schema.Violation) []patchlint.Fix {
		switch {
		case v.Node.NameIs("$schema"):
			return []patchlint.Fix{remove(v.Node, true)}
		case v.Suggestion != "":
			return []patchlint.Fix{replace(v.Span, v.Suggestion, v.Certain)}
		case v.Ambiguous:
			return nil
		}
		return []patchlint.Fix{remove(v.Node, false)}
	},
})
