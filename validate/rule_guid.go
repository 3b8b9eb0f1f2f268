package validate

import (
	"github.com/patchlint/patchlint"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "guid", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "a string that must be a GUID and is none",
		Why:     `groupId and the filter id are strings to the type system and GUIDs to the service: Intune has been seen answering "Invalid GroupId" without saying which. A display name, or the id of an assignment (two GUIDs joined by "_"), is the usual mistake.`,
		Bad: `{
  "target": {
    "@odata.type": "#microsoft.graph.groupAssignmentTarget",
    "groupId": "Sales Team"
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
	},
})
