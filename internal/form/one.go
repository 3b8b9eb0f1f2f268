package form

import (
	"strings"
	"unicode"
)

// One reports whether a text is certainly one value. Any character but letters, digits,
// - _ . : @ and those of more may separate several, or be a part of a placeholder or of an
// array in text form.
func One(text, more string) bool {
	return text != "" && text != "null" && strings.IndexFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.:@"+more, r)
	}) < 0
}
