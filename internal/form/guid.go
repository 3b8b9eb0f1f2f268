// Package form recognizes strings by their form: GUIDs, placeholders, and the text that
// programs print for an object.
package form

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ZeroGUID is the GUID that identifies no object.
const ZeroGUID = "00000000-0000-0000-0000-000000000000"

// IsGUID reports whether text has the form of an Edm.Guid: 8-4-4-4-12
// hexadecimal digits of either case, without braces (OData ABNF, guidValue).
func IsGUID[T string | []byte](text T) bool {
	if len(text) != len(ZeroGUID) || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return false
	}
	digits := byte(0)
	for i := 0; i < len(ZeroGUID); i += 4 {
		digits += hexadecimal[text[i]] + hexadecimal[text[i+1]] + hexadecimal[text[i+2]] + hexadecimal[text[i+3]]
	}
	return digits == byte(len(ZeroGUID)-len("----"))
}

// hexadecimal is 1 for hexadecimal digits of either case.
var hexadecimal = [256]byte{
	'0': 1, '1': 1, '2': 1, '3': 1, '4': 1, '5': 1, '6': 1, '7': 1, '8': 1, '9': 1,
	'A': 1, 'B': 1, 'C': 1, 'D': 1, 'E': 1, 'F': 1, 'a': 1, 'b': 1, 'c': 1, 'd': 1, 'e': 1, 'f': 1,
}

// MeantGUID returns the GUID that a malformed one most likely means, or "". It is certain
// if all digits and hyphens, if any, are where they belong. stray describes a character
// that does not belong in any format of GUIDs, if there is one; if meant is "", it is the
// only such character.
func MeantGUID(text string) (meant string, certain bool, stray string) {
	if len(text) > 200 {
		return "", false, ""
	}
	bare := strings.ToLower(strings.Trim(text, " \t\r\n"))
	bare = strings.TrimPrefix(strings.TrimPrefix(bare, "urn:"), "uuid:")
	if literal, ok := strings.CutPrefix(bare, "guid'"); ok { // OData 2 and 3
		bare = literal
	}
	if meant, certain = hyphenated(bare); meant != "" {
		return meant, certain, ""
	}
	strange := func(r rune) bool { return r != '-' && hexDigits(string(r)) == "" }
	at := strings.IndexFunc(text, strange)
	if at < 0 {
		return "", false, ""
	}
	plain := func(r rune) rune {
		switch {
		case unicode.In(r, unicode.Cf, unicode.Zs, unicode.Cc):
			return -1
		case unicode.In(r, unicode.Pd) || r == '−':
			return '-'
		}
		return r
	}
	if meant, certain = hyphenated(strings.ToLower(strings.Map(plain, text))); meant != "" {
		at = strings.IndexFunc(text, func(r rune) bool { return plain(r) != r })
	}
	r, size := utf8.DecodeRuneInString(text[at:])
	if alone := strings.IndexFunc(text[at+size:], strange) < 0; meant != "" || alone && utf8.RuneCountInString(text) == len(ZeroGUID) && strings.Count(text, "-") == 4 {
		stray = fmt.Sprintf("the character %q at position %d", r, utf8.RuneCountInString(text[:at])+1)
		if r < ' ' || r >= utf8.RuneSelf {
			stray = fmt.Sprintf("the character %U at position %d", r, utf8.RuneCountInString(text[:at])+1)
		}
	}
	return meant, certain, stray
}

// hyphenated returns the GUID of a text with 32 digits, which may be in brackets or quotes,
// and whether its hyphens, if any, are where they belong. It returns "" for other text.
func hyphenated(text string) (guid string, certain bool) {
	text = strings.Trim(text, `{}()[]"',;`)
	digits := hexDigits(text)
	if len(digits) != 32 {
		return "", false
	}
	guid = digits[:8] + "-" + digits[8:12] + "-" + digits[12:16] + "-" + digits[16:20] + "-" + digits[20:]
	return guid, text == digits || text == guid
}

// hexDigits returns text without hyphens, or "" if it has anything but hexadecimal digits
// and hyphens.
func hexDigits(text string) string {
	digits := strings.ReplaceAll(text, "-", "")
	if strings.Trim(digits, "0123456789abcdefABCDEF") != "" {
		return ""
	}
	return digits
}
