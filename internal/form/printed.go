package form

import (
	"strings"

	"github.com/patchlint/patchlint"
)

// Printed reports whether text is what PowerShell, .NET or JavaScript print for an object
// that was not serialized: the name of its class, or "@{...}".
func Printed[T ~string | ~[]byte](printed T) bool {
	switch string(printed[:min(2, len(printed))]) {
	case "@{", "[o", "Sy", "Mi":
	default:
		return false // without a copy
	}
	text := string(printed)
	switch text {
	case "System.Object", "System.Object[]", "System.String[]":
		return true
	}
	if strings.HasPrefix(text, "@{") {
		return strings.HasSuffix(text, "}")
	}
	if strings.HasPrefix(text, "[object ") {
		return strings.HasSuffix(text, "]")
	}
	for _, prefix := range []string{"System.Collections.", "System.Management.Automation.", "Microsoft.Graph.PowerShell.Models."} {
		if strings.HasPrefix(text, prefix) {
			return !strings.Contains(text, " ")
		}
	}
	return false
}

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
