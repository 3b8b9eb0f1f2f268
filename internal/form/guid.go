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
	for i := range len(ZeroGUID) {
		digits += hexadecimal[text[i]]
	}
	return digits == byte(len(ZeroGUID)-len("----"))
}

// hexadecimal is 1 for hexadecimal digits of either case.
var hexadecimal = [256]byte{
	'0': 1, '1': 1, '2': 1, '3': 1, '4': 1, '5': 1, '6': 1, '7': 1, '8': 1, '9': 1,
	'A': 1, 'B': 1, 'C': 1, 'D': 1, 'E': 1, 'F': 1, 'a': 1, 'b': 1, 'c': 1, 'd': 1, 'e': 1, 'f': 1,
}

// describe describes a character of a text for a message, by its code point unless it is
// visible ASCII. Positions are counted from 1.
func describe(r rune, position int) string {
	if ' ' < r && r < utf8.RuneSelf {
		return fmt.Sprintf("the character %q at position %d", r, position)
	}
	name := characterName(r)
	if name != "" {
		name = " (" + name + ")"
	}
	return fmt.Sprintf("the character U+%04X%s at position %d", r, name, position)
}

// characterName returns the name of a character that looks like another one and that text
// from a web page, a chat or a word processor can contain; "" for any other.
func characterName(r rune) string {
	return map[rune]string{
		'\t': "tab", '\n': "line feed", '\r': "carriage return", ' ': "space",
		'\u00A0': "no-break space", '\u00AD': "soft hyphen",
		'\u200B': "zero width space", '\u200C': "zero width non-joiner", '\u200D': "zero width joiner",
		'\u200E': "left-to-right mark", '\u200F': "right-to-left mark",
		'\u202A': "left-to-right embedding", '\u202C': "pop directional formatting",
		'\u202F': "narrow no-break space", '\u2060': "word joiner", '\uFEFF': "zero width no-break space",
		'\u2010': "hyphen", '\u2011': "non-breaking hyphen", '\u2012': "figure dash",
		'\u2013': "en dash", '\u2014': "em dash", '\u2212': "minus sign",
	}[r]
}

// lookalike returns the hexadecimal digit that another letter, such as a Cyrillic one,
// looks like, or 0.
func lookalike(r rune) rune {
	switch r {
	case 'а', 'А', 'Α', 'α':
		return 'a'
	case 'В', 'Β':
		return 'b'
	case 'с', 'С', 'ϲ':
		return 'c'
	case 'ԁ':
		return 'd'
	case 'е', 'Е', 'Ε':
		return 'e'
	case 'О', 'о', 'O', 'o':
		return '0'
	case 'l', 'I':
		return '1'
	}
	return 0
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
	var b strings.Builder
	var odd rune
	position, wrong, at := 0, 0, 0 // at is the position of odd
	for _, r := range text {
		position++
		folded := r
		switch {
		case r >= '！' && r <= '～': // full width
			folded = r - '！' + '!'
		case unicode.In(r, unicode.Cf, unicode.Zs, unicode.Cc):
			folded = 0
		case unicode.In(r, unicode.Pd) || r == '−':
			folded = '-'
		case lookalike(r) != 0:
			folded = lookalike(r)
		}
		if folded != r {
			if odd == 0 || lookalike(r) != 0 {
				odd, at = r, position // a lookalike is less certain than the others
			}
		} else if r != '-' && hexDigits(string(r)) == "" {
			if wrong++; wrong == 1 {
				odd, at = r, position
			}
		}
		if folded != 0 {
			b.WriteRune(folded)
		}
	}
	bare = strings.ToLower(b.String())
	if meant, certain = hyphenated(bare); meant != "" && odd != 0 && wrong == 0 {
		return meant, certain && lookalike(odd) == 0, describe(odd, at)
	}
	if wrong == 1 && position == len(ZeroGUID) && strings.Count(bare, "-") == 4 {
		return "", false, describe(odd, at)
	}
	return "", false, ""
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
