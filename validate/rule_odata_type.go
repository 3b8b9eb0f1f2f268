package validate

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "odata-type", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "an @odata.type that is missing or not allowed there",
		Why:     `The target of an assignment can be of several types, and only "@odata.type" says which; without it Graph answers "Cannot create an abstract class". It must name a type of the same family, by its Graph name: Graph does not know the microsoft.management.services.api names that Intune shows in error messages.`,
		Bad: `{
  "target": {
    "groupId": "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"
  }
}
`,
		Good: `{
  "target": {
    "@odata.type": "#microsoft.graph.groupAssignmentTarget",
    "groupId": "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"
  }
}
`,
		Links: []string{"https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html"},
	},
	fix: func(v schema.Violation) []patchlint.Fix {
		switch {
		case v.Into.Exists():
			return []patchlint.Fix{move(v.Node, v.Into, v.As)}
		case v.As != "":
			at := v.Node.Parent().Span()
			return []patchlint.Fix{{Title: "wrap the object in " + inert.Quote(v.As), Edits: []patchlint.Edit{
				{Span: patchlint.Span{Start: at.Start, End: at.Start}, NewText: "{" + quoted(v.As) + ": "},
				{Span: patchlint.Span{Start: at.End, End: at.End}, NewText: "}"},
			}}}
		}
		return nil
	},
})
