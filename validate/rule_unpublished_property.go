package validate

import "github.com/patchlint/patchlint"

var _ = describe(patchlint.Rule{
	ID: "unpublished-property", Severity: patchlint.Warning, Since: "0.2.0",
	Summary: "a null without a published property",
	Why:     `The service returns properties that its metadata does not publish, most of them null, so exports are full of them. With another value such a member is an error, for the service refuses what it does not know; null is a warning, because nothing would be set. A name that is near to that of a property is an error all the same.`,
	Bad: `{
  "iosOnboarded": true,
  "internalNotes": null
}
`,
	Good: `{
  "iosOnboarded": true
}
`,
})
