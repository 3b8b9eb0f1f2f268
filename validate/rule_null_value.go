package validate

import "github.com/patchlint/patchlint"

var _ = describe(patchlint.Rule{
	ID: "null-value", Severity: patchlint.Error, Since: "0.1.0",
	Summary: "null where it is not allowed",
	Why:     `A PATCH can set only a nullable property to null. A collection is never null (OData JSON Format, 7.4): [] empties it, and leaving it out keeps it. A null element often comes from a lookup that found nothing.`,
	Bad: `{
  "iosEnrollmentAssignments": null
}
`,
	Good: `{
  "iosEnrollmentAssignments": []
}
`,
	Links: []string{"https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html"},
})
