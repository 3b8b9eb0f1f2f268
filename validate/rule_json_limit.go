package validate

import (
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/bounds"
)

var _ = describe(patchlint.Rule{
	ID: "json-limit", Severity: patchlint.Error, Since: "0.1.0",
	Summary: "the document exceeds a limit",
	Why:     `Payloads are small. To be safe from files that are crafted to exhaust a parser, patchlint stops reading a document that is nested deeper than 1,000 levels, has a member name of more than 65,533 bytes, or is larger than --max-bytes (64 MiB by default). In an .http file, the values that replace variables may have 64 MiB in total (or 32 times the size of the file, if that is more) and refer to each other 100 levels deep. If a document has more than 1,000 findings, the last one says that others are not listed; it is as severe as the worst of them.`,
	Bad:     strings.Repeat("[", bounds.Depth+1) + strings.Repeat("]", bounds.Depth+1) + "\n",
	Good:    sampleClean,
})
