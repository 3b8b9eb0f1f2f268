package validate

import "github.com/patchlint/patchlint"

var _ = describe(patchlint.Rule{
	ID: "required-property", Severity: patchlint.Error, Since: "0.1.0",
	Summary: "a target without its id",
	Why:     `A PATCH requires no property, but an element of a collection is sent whole: a group target without groupId, or a collection target without collectionId, targets nothing. The metadata does not mark these ids as required, so otherwise only the service would report it.`,
	Bad: `{
  "target": {
    "@odata.type": "#microsoft.graph.groupAssignmentTarget"
  }
}
`,
	Good: sampleTarget,
})
