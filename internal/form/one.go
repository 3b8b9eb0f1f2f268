package form

import (
	"strings"
	"unicode"
)

// One reports whether a text is certainly one value. Any character except letters, digits,
// - _ . : @ and those in more may separate several values, or be a part of a placeholder or
// of an array in text form.
func One(text, more string) bool {
	return text != "" && text != "null" && strings.IndexFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.:@"+more, r)
	}) < 0
}
