package secret

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
)

// This file finds the ends of values from the text around them, because the text may not
// be valid in its format.

// blank returns the end of white space at i, including invisible characters. With lines, it
// also skips line breaks and comments.
func (s *scanner) blank(i int, lines bool) int {
	const limit = 1024 // bytes, so that comments without an end do not take long
	text, blanks := s.src[i:min(len(s.src), i+limit)], blanksInLine
	if lines {
		blanks = blanksAndComments
	}
	return i + len(blanks.Get().Find(text))
}

var (
	blanksInLine      = lazy.Regexp(`^[ \t\p{Z}\p{Cf}]*`)
	blanksAndComments = lazy.Regexp(`^(?:[\s\p{Z}\p{Cf}]|//.*\n|/\*(?s:.*?)\*/)*`)
)

// extent returns the span of the value at from, and the offset after it. It sets p.text.
func (s *scanner) extent(from, limit int, p *pair) (start, end, next int) {
	start = from + run(s.src[from:min(limit, from+2)], "uUbBrR@$") // u'...'
	if p.text = isQuote(s.src[start:limit]); p.text {
		return s.quotedValue(start, limit, p.quoted || s.broken)
	}
	end = s.unquotedEnd(from, limit, *p)
	return from, end, end
}

// quotedValue returns the span of the value after the opening quotation mark at at, and the
// offset after it. In JSON, which is strict, a quotation mark ends the value only if the
// text after it can follow a value, and an unterminated value ends before the next line that
// starts with a member; otherwise it ends at the end of its line.
func (s *scanner) quotedValue(at, limit int, strict bool) (from, end, next int) {
	src := s.src[:limit]
	opening, size := quoteAt(src, at)
	from = at + size
	for i := from; i < limit; i++ {
		if src[i] == '\\' {
			i++
		} else if src[i] == '\n' && (!strict || limit < len(s.src) || lineStart.Get().Match(src[i+1:min(limit, i+maxExamined)])) {
			return from, i, i
		} else if closing, n := quoteAt(src, i); n > 0 && closes(opening, closing) && (!strict || valueEnd.Get().Match(src[i+n:])) {
			return from, i, i + n
		}
	}
	return from, limit, limit
}

const (
	aName      = `(?:"[^"\n]*"|'[^'\n]*'|[“”„][^“”\n]*[“”])`
	aSeparator = `[ \t\r]*[:=]`
)

var (
	// lineStart matches the start of a line that cannot continue a string.
	lineStart = lazy.Regexp(`^[ \t\r]*(?:$|[{}\[\]]|###|` + aName + aSeparator + `)`)
	// memberName matches a name with a separator after it.
	memberName = lazy.Regexp(`^(` + aName + `|[\w.%-]+)` + aSeparator)
	// valueEnd matches the text that can follow a value.
	valueEnd = lazy.Regexp(`^[ \t\r]*(?:$|[\n,}\])#;/<])`)
)

// The ends of a value without quotation marks: in JSON, in a URL or form, and elsewhere in a line.
var (
	endInJSON = lazy.Regexp(`[\n,}\]]`)
	endOfWord = lazy.Regexp("[\\x00- &\"';<>`]")
)

// until returns the number of bytes before the first match of an expression, or all.
func until(text []byte, expression *lazy.Expression) int {
	if at := expression.Get().FindIndex(text); at != nil {
		return at[0]
	}
	return len(text)
}

// unquotedEnd returns the end of a value without quotation marks.
func (s *scanner) unquotedEnd(from, limit int, p pair) int {
	text := s.src[from:limit]
	whole := p.kind == header || p.kind == cookie // the value is a line, including commas
	switch {
	case !p.param && p.line && (p.quoted || s.broken && !whole):
		return from + until(text, endInJSON)
	case !p.param && (p.line || whole):
		text = bytes.TrimRight(text[:lineEnd(text, 0)], ", \t\r")
		if n := len(text) - 1; n >= 0 && strings.IndexByte(`"'`+"`", text[n]) >= 0 && bytes.Count(text, text[n:])%2 == 1 {
			text = text[:n] // this mark closes a string around the value
		}
	default:
		text = text[:until(text, endOfWord)]
		after := ",.)}]"
		if bytes.ContainsAny(text, "({[") {
			after = ",." // a bracket ends a template
		}
		text = bytes.TrimRight(text, after)
	}
	return from + len(text)
}

// run returns the number of leading bytes of text that are in chars.
func run(text []byte, chars string) int { return len(text) - len(bytes.TrimLeft(text, chars)) }

const (
	alnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	// spaces is the white space of JSON.
	spaces = " \t\r\n"
)

func isAlnum(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' }

func isNameByte(c byte) bool {
	class := anchors.class[c]
	return class != 0 && class != equalClass && c != '/' && c != '~' && c != '\\'
}

// quoteAt returns the straight or typographic quotation mark at i and its length in bytes,
// or 0.
func quoteAt(src []byte, i int) (mark rune, size int) {
	if i >= len(src) {
		return 0, 0
	}
	if c := src[i]; c < utf8.RuneSelf {
		if c == '"' || c == '\'' || c == '`' {
			return rune(c), 1
		}
	} else if r, size := utf8.DecodeRune(src[i:]); inert.Typographic(r) {
		return r, size
	}
	return 0, 0
}

func isQuote(text []byte) bool {
	_, n := quoteAt(text, 0)
	return n > 0
}

// quoteBefore is like quoteAt for the mark that ends at i.
func quoteBefore(src []byte, i int) (mark rune, size int) {
	_, n := utf8.DecodeLastRune(src[:i])
	return quoteAt(src[:i], i-n)
}

// closes reports whether a quotation mark can close a text that another opened.
func closes(opening, closing rune) bool {
	return opening == closing || inert.Typographic(opening) && (inert.Typographic(closing) || closing == '"')
}
