package validate

import (
	"strings"

	"github.com/patchlint/patchlint"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "json-limit", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "the document is beyond the limits of what is read",
		Why:     `A payload of a partner is small. To be safe against files that are meant to break a reader, documents nested deeper than 1,000 levels, with a member name of more than 65,533 bytes, or larger than --max-bytes (64 MiB unless you say otherwise) are reported without being read on. Of a document with more than 1,000 findings one more finding says that the others are not listed; it is as severe as the worst of them.`,
		Bad:     strings.Repeat("[", 1001) + strings.Repeat("]", 1001) + "\n",
		Good: `{
  "iosOnboarded": true
}
`,
	},
})
