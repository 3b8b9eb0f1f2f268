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

// character is a character of a text and its position, counted from 1.
type character struct {
	char     rune
	position int
}

// String describes the character for a message, by its code point unless it is visible
// ASCII. It returns "" for the zero character.
func (c character) String() string {
	if c.char == 0 {
		return ""
	}
	if ' ' < c.char && c.char < utf8.RuneSelf {
		return fmt.Sprintf("the character %q at position %d", c.char, c.position)
	}
	name := characterName(c.char)
	if name != "" {
		name = " (" + name + ")"
	}
	return fmt.Sprintf("the character U+%04X%s at position %d", c.char, name, c.position)
}

// characterName returns the name of a character that looks like another one and that text
// from a web page, a chat or a word processor can contain; "" for any other.
func characterName(r rune) string {
	switch r {
	case '\t':
		return "tab"
	case '\n':
		return "line feed"
	case '\r':
		return "carriage return"
	case ' ':
		return "space"
	case '\u00A0':
		return "no-break space"
	case '\u00AD':
		return "soft hyphen"
	case '\u200B':
		return "zero width space"
	case '\u200C':
		return "zero width non-joiner"
	case '\u200D':
		return "zero width joiner"
	case '\u200E':
		return "left-to-right mark"
	case '\u200F':
		return "right-to-left mark"
	case '\u202A':
		return "left-to-right embedding"
	case '\u202C':
		return "pop directional formatting"
	case '\u202F':
		return "narrow no-break space"
	case '\u2060':
		return "word joiner"
	case '\uFEFF':
		return "zero width no-break space"
	case '\u2010':
		return "hyphen"
	case '\u2011':
		return "non-breaking hyphen"
	case '\u2012':
		return "figure dash"
	case '\u2013':
		return "en dash"
	case '\u2014':
		return "em dash"
	case '\u2212':
		return "minus sign"
	}
	return ""
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
	var odd character
	position, wrong := 0, 0
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
			if odd.char == 0 || lookalike(r) != 0 {
				odd = character{r, position} // a lookalike is less certain than the others
			}
		} else if r != '-' && hexDigits(string(r)) == "" {
			if wrong++; wrong == 1 {
				odd = character{r, position}
			}
		}
		if folded != 0 {
			b.WriteRune(folded)
		}
	}
	bare = strings.ToLower(b.String())
	if meant, certain = hyphenated(bare); meant != "" && odd.char != 0 && wrong == 0 {
		return meant, certain && lookalike(odd.char) == 0, odd.String()
	}
	if wrong == 1 && position == len(ZeroGUID) && strings.Count(bare, "-") == 4 {
		return "", false, odd.String()
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
