package validate

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/example"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "version-property", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "a property that only another API version has",
		Why:     `v1.0 and beta differ: the linux... properties and assignment filters are in beta only, and the windows... properties are on the reference page of beta only. A version that does not know a property refuses the body, except that an open type, such as user or application, may add it as a new property, which is a warning.`,
		Bad: `{
  "linuxOnboarded": true
}
`,
		Good: sampleClean,
	},
	needs: example.Needs{APIVersion: "v1.0"},
})
