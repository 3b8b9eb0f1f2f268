package validate

import (
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "payload-shape", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "the payload is not one object, or wraps it",
		Why:     `The body of a PATCH is the object itself. Unwrap a list response, or an object in "value" as documentation samples show it: Graph sees an unknown property "value" and refuses it. An empty list, an error response and the response to a batch contain nothing to send.`,
		Bad: `{
  "value": {
    "iosOnboarded": true
  }
}
`,
		Good: `{
  "iosOnboarded": true
}
`,
		Links: []string{"https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html"},
	},
	fix: func(v schema.Violation) []patchlint.Fix {
		if v.Suggestion != "" || v.Node.Kind() != patchlint.Object || !v.Node.NameIs("value") {
			return nil
		}
		outer, inner := v.Node.Parent().Span(), v.Node.Span()
		// Nothing of worth may go with the wrapping.
		safe := true
		for member := range v.Node.Parent().Children() {
			safe = safe && (member == v.Node || strings.Contains(member.Name(), "@"))
		}
		for _, c := range v.Node.Document().Comments() {
			safe = safe && (c.End <= outer.Start || c.Start >= outer.End || c.Start >= inner.Start && c.End <= inner.End)
		}
		return []patchlint.Fix{{Title: "unwrap the object", Safe: safe, Edits: []patchlint.Edit{
			{Span: patchlint.Span{Start: outer.Start, End: inner.Start}},
			{Span: patchlint.Span{Start: inner.End, End: outer.End}},
		}}}
	},
})
