package validate

import "github.com/patchlint/patchlint"

var _ = describe(patchlint.Rule{
	ID: "unpublished-property", Severity: patchlint.Warning, Fixable: true, Since: "0.1.0",
	Summary: "null for a property that is not published",
	Why:     `The service returns properties that its metadata does not publish, most of them null, so exports are full of them. With any other value, the member is an error, because the service refuses properties that it does not know; null is a warning, because it sets nothing. A name that is close to the name of a property is an error even with null.`,
	Bad: `{
  "iosOnboarded": true,
  "internalNotes": null
}
`,
	Good: sampleClean,
})
