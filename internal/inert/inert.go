// Package inert escapes text of documents, settings and file names for display, so that
// neither a terminal nor a build service that reads the log acts on it.
package inert

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxQuote is the maximum number of characters that Quote and Text return.
const maxQuote = 60

// Quote returns Text(text) in double quotes.
func Quote(text string) string { return `"` + Text(text) + `"` }

// Text is like Show, but shortens long text, for use in a message.
func Text[T ~string | ~[]byte](text T) string { return start(text, maxQuote) }

// Show returns text on one line, with escapes for characters that are invisible or that a
// terminal or build service would act on.
func Show(text string) string { return start(text, len(text)) }

// start returns at most limit characters of text as Show does, and "..." if there are more.
func start[T ~string | ~[]byte](text T, limit int) string {
	n := 0 // the number of characters and, while they are plain, of bytes
	for n < min(limit, len(text)) && ' ' <= text[n] && text[n] <= '~' && !Obeyed(text, n) {
		n++
	}
	if n == len(text) {
		return string(text)
	}
	var b strings.Builder
	b.WriteString(string(text[:n]))
	for i := n; i < len(text); n++ {
		if n == limit {
			b.WriteString("...")
			break
		}
		i += Write(&b, text, i)
	}
	return b.String()
}

// Write writes the character of text at byte i as Show does, and returns its length in
// bytes.
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

// Visible reports whether the character of text at byte i is visible. Control characters,
// formatting characters such as bidirectional overrides, and characters that are not
// displayed (Default_Ignorable_Code_Point, UAX #44) are not. The joiner and the selectors
// in emoji are visible after a symbol.
func Visible[T ~string | ~[]byte](text T, i int) bool {
	r, size := decode(text, i)
	switch {
	case r < utf8.RuneSelf:
		return ' ' <= r && r <= '~'
	case r == utf8.RuneError && size == 1:
		return false
	case r == '\u200d' || unicode.Is(unicode.Variation_Selector, r):
		before, _ := utf8.DecodeLastRuneInString(string(text[max(0, i-utf8.UTFMax):i]))
		return before != utf8.RuneError && unicode.In(before, unicode.So, unicode.Sk, unicode.Variation_Selector)
	case r == '\u2800': // Braille without a dot
		return false
	}
	return unicode.IsGraphic(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

// Obeyed reports whether the character of text at byte i makes the text around it a command
// that a build service obeys anywhere in a line of its log. Commands at the start of a
// line are left to the program that writes lines.
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

// Typographic reports whether r is a typographic quotation mark.
func Typographic(r rune) bool {
	return unicode.In(r, unicode.Pi, unicode.Pf) || r == '\u201A' || r == '\u201E' || r == '\u2033' || r == '\uFF02'
}

// Invisible reports whether r is white space or a formatting character.
func Invisible(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }
