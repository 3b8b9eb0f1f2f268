package form

import (
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/lazy"
)

// Printed reports whether text is what PowerShell, .NET or JavaScript print for an object
// that was not serialized: the name of its class, or "@{...}".
func Printed[T ~string | ~[]byte](printed T) bool {
	switch string(printed[:min(2, len(printed))]) {
	case "@{", "[o", "Sy", "Mi": // else without a copy
		return printedObject.Get().MatchString(string(printed))
	}
	return false
}

var printedObject = lazy.Regexp(`(?s)^(?:@\{.*\}|\[object .*\]|System\.Object(?:\[\])?|System\.String\[\]|` +
	`(?:System\.Collections|System\.Management\.Automation|Microsoft\.Graph\.PowerShell\.Models)\.[^ ]*)$`)

// Encoded returns the object or array that a string contains as JSON text, because it was
// encoded twice.
func Encoded(n patchlint.Node) (inner *patchlint.Document, ok bool) {
	if n.Kind() != patchlint.String {
		return nil, false
	}
	text := strings.TrimSpace(n.Text())
	if text == "" || text[0] != '{' && text[0] != '[' {
		return nil, false
	}
	doc, err := patchlint.Parse([]byte(text), patchlint.JSON)
	return doc, err == nil && len(doc.Faults()) == 0
}
