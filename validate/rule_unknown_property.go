package validate

import (
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "unknown-property", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "a property that the type does not have",
		Why:     `Graph refuses a body with a property that its type does not have, unless the type is open, as user and group are, and names back-end types when it does. An open type may take a misspelt name for a property of its own, so one that differs from a published name only in case or separators is a warning. Names are case-sensitive. Backups of other tools add properties of their own, and assignments of other resources have some that these do not. A property of a target belongs in "target", not beside it.`,
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
	fix: func(v schema.Violation) []patchlint.Fix {
		switch {
		case v.Node.NameIs("$schema"):
			return []patchlint.Fix{remove(v.Node, true)}
		case v.Into.Exists():
			return []patchlint.Fix{move(v.Node, v.Into, v.As)}
		case v.Suggestion != "", v.Ambiguous:
			return nil
		}
		return []patchlint.Fix{remove(v.Node, false)}
	},
})

// move is the fix that puts a member into another object, under a name, behind
// what is there.
func move(member, into patchlint.Node, name string) patchlint.Fix {
	at, text := into.Opening().End, quoted(name)+": "+string(member.Raw())
	for last := range into.Children() {
		at = last.Span().End
	}
	if !into.Empty() {
		text = ", " + text
	}
	edits := append(member.Removal(), patchlint.Edit{Span: patchlint.Span{Start: at, End: at}, NewText: text})
	slices.SortFunc(edits, func(a, b patchlint.Edit) int { return a.Span.Start - b.Span.Start })
	return patchlint.Fix{Title: "move it into " + inert.Quote(into.Name()), Edits: edits}
}
