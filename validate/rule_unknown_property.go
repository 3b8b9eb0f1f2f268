package validate

import "github.com/patchlint/patchlint"

var _ = describe(patchlint.Rule{
	ID: "unknown-property", Severity: patchlint.Error, Fixable: true, Since: "0.1.0",
	Summary: "a property that the type does not have",
	Why:     `Graph refuses a body with a property that its type does not have, and the error names back-end types instead of the property. An open type, such as user or group, may accept a misspelled name as a new property. So a name that differs from a published one only in case or separators, or a long name with one typo, gets a warning. Names are case-sensitive. Backups of other tools add properties of their own, and assignments of other resources have properties that those of partners do not. A property of a target belongs in "target", not next to it.`,
	Bad: `{
  "macOSOnboarded": true
}
`,
	Good: `{
  "macOsOnboarded": true
}
`,
	Links: []string{"https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html"},
})
