// Package inert makes text of documents, settings and file names fit to be shown:
// neither a terminal nor the log of a build service acts on it.
package inert

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxQuote is how many characters of a document's text a message repeats.
const maxQuote = 60

// Quote returns text in double quotes, fit for a message: shortened when long,
// and otherwise as Show returns it.
func Quote(text string) string { return `"` + Text(text) + `"` }

// Text is Quote without the quotes.
func Text[T ~string | ~[]byte](text T) string { return start(text, maxQuote) }

// plain reports whether a text is ASCII all of which may be shown.
func plain[T ~string | ~[]byte](text T) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || Obeyed(text, i) {
			return false
		}
	}
	return true
}

// Show returns text on one line that neither a terminal nor the log of a build
// service acts on: text of a document, a file name or a setting must never
// drive the program that shows it.
func Show(text string) string { return start(text, len(text)) }

// start shows the first characters of a text, at most so many, and "..." if it has more.
func start[T ~string | ~[]byte](text T, most int) string {
	if len(text) <= most && plain(text) {
		return string(text)
	}
	var b strings.Builder
	n := 0
	for i := 0; i < len(text); n++ {
		if n == most {
			b.WriteString("...")
			break
		}
		i += Write(&b, text, i)
	}
	return b.String()
}

// Write writes the character of a text at byte i as Show does, and returns
// its length in bytes.
func Write[T ~string | ~[]byte](b *strings.Builder, text T, i int) int {
	r, size := decode(text, i)
	switch {
	case r == utf8.RuneError && size == 1:
		fmt.Fprintf(b, `\x%02x`, text[i])
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\r':
		b.WriteString(`\r`)
	case r == '\t':
		b.WriteString(`\t`)
	case Visible(text, i) && !Obeyed(text, i):
		b.WriteRune(r)
	case r > 0xFFFF:
		fmt.Fprintf(b, `\U%08x`, r)
	default:
		fmt.Fprintf(b, `\u%04x`, r)
	}
	return size
}

func decode[T ~string | ~[]byte](text T, i int) (r rune, size int) {
	if text[i] < utf8.RuneSelf {
		return rune(text[i]), 1
	}
	return utf8.DecodeRuneInString(string(text[i:min(i+utf8.UTFMax, len(text))]))
}

// Visible reports whether the character of a text at byte i is one that a
// reader sees: not a control character, not a formatting character such as a
// bidirectional override or a space of no width, and none that is displayed as
// nothing (Default_Ignorable_Code_Point, UAX #44). The joiner and the selectors
// that emoji are made of count where they follow a symbol.
func Visible[T ~string | ~[]byte](text T, i int) bool {
	r, size := decode(text, i)
	switch {
	case r < utf8.RuneSelf:
		return ' ' <= r && r <= '~'
	case r == utf8.RuneError && size == 1:
		return false
	case r == '\u200d' || unicode.Is(unicode.Variation_Selector, r):
		before, _ := utf8.DecodeLastRuneInString(string(text[max(0, i-utf8.UTFMax):i]))
		return unicode.In(before, unicode.So, unicode.Sk, unicode.Variation_Selector)
	case r == '\u2800': // Braille without a dot
		return false
	}
	return unicode.IsGraphic(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

// Obeyed reports whether the character of a text at byte i makes a command of
// what is around it, one that a build service obeys wherever in a line of its
// log it is. (What they obey at the start of a line only is for the program
// that writes lines.)
//
//	##[group]        GitHub Actions (runner, ActionCommand.cs), Azure Pipelines
//	##vso[           Azure Pipelines (agent, Command.cs)
//	##teamcity[      TeamCity service messages; ##octopus[ and ##utp: are alike
//	@@continua[      Continua CI
//	fold:start:name  Travis CI (web, log.js): fold, time with start, end
//	section_start:1  GitLab (runner): start, end
func Obeyed[T ~string | ~[]byte](text T, i int) bool {
	switch text[i] {
	case '#', '@':
		return i > 0 && text[i-1] == text[i] && i+1 < len(text) && (text[i+1] == '[' || 'a' <= text[i+1]|0x20 && text[i+1]|0x20 <= 'z')
	case ':':
		switch before := string(text[max(0, i-len("section_start")):i]); {
		case strings.HasSuffix(before, "fold"), strings.HasSuffix(before, "time"):
			after := string(text[i+1 : min(len(text), i+1+len("start:"))])
			return strings.HasPrefix(after, "start:") || strings.HasPrefix(after, "end:")
		default:
			return strings.HasSuffix(before, "section_start") || strings.HasSuffix(before, "section_end")
		}
	}
	return false
}

// Typographic reports whether r is a quotation mark made for print.
func Typographic(r rune) bool {
	return unicode.In(r, unicode.Pi, unicode.Pf) || r == '\u201A' || r == '\u201E' || r == '\u2033' || r == '\uFF02'
}

// Invisible reports whether r is white space, or a character that nobody sees.
func Invisible(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }
