package patchlint

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxQuote is how many characters of a document's text a message repeats.
const maxQuote = 60

// Quote returns text in double quotes, fit for a message: shortened when long,
// and with every character escaped that a terminal would act on rather than
// show.
func Quote(text string) string { return `"` + Printable(text) + `"` }

// Printable is Quote without the quotes.
func Printable(text string) string {
	if len(text) <= maxQuote && plain(text) {
		return text
	}
	return printable([]byte(text))
}

// plain reports whether a text is ASCII of which all is shown.
func plain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// printable is Printable for source bytes as they stand.
func printable(src []byte) string {
	var b strings.Builder
	for n := 0; len(src) > 0; n++ {
		if n == maxQuote {
			b.WriteString("...")
			break
		}
		r, size := utf8.DecodeRune(src)
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, `\x%02x`, src[0])
		} else {
			WriteRune(&b, r)
		}
		src = src[size:]
	}
	return b.String()
}

// WriteRune writes r, or its escape when it is a control character, a
// formatting character such as a bidirectional override, or not graphic at
// all: text of a document must never drive the terminal or log that shows it.
func WriteRune(b *strings.Builder, r rune) {
	switch {
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\r':
		b.WriteString(`\r`)
	case r == '\t':
		b.WriteString(`\t`)
	case unicode.IsGraphic(r) || r == '\u200d': // the joiner inside emoji
		b.WriteRune(r)
	case r > 0xFFFF:
		fmt.Fprintf(b, `\U%08x`, r)
	default:
		fmt.Fprintf(b, `\u%04x`, r)
	}
}
