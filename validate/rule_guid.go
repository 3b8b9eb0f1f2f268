package validate

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "guid", Severity: patchlint.Error, Fixable: true, Since: "0.1.0",
		Summary: "an id that is not a GUID, or a GUID where another kind of id is expected",
		Why:     `groupId and the filter id are strings in the metadata, but the service expects GUIDs: Intune has been seen answering "Invalid GroupId" without saying which. Common mistakes are a display name and the id of an assignment (two GUIDs joined by "_"). An id of a Configuration Manager collection looks like SMS00001; a GUID in its place is almost certainly the id of a group, which is a warning.`,
		Bad: `{
  "target": {
    "@odata.type": "#microsoft.graph.groupAssignmentTarget",
    "groupId": "Sales Team"
  }
}
`,
		Good: sampleTarget,
	},
	at: stops{properties: func(p *schema.Property) bool { return p.Name == "collectionId" && p.Required }},
	Visit: func(p *Pass, v schema.Visit) {
		// form.MeantGUID does not apply: the id of a collection can be any other text.
		text := v.Node.TextBytes()
		if !form.IsGUID(text) || string(text) == form.ZeroGUID {
			return
		}
		p.warn(v.Node, `%s is a GUID, but "collectionId" takes the id of a Configuration Manager collection, such as "SMS00001"; for an Entra group use groupAssignmentTarget and "groupId"`, inert.Quote(string(text)))
	},
})
