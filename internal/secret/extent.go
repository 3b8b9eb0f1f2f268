package secret

import (
	"bytes"
	"regexp"
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
	text := s.src[i:]
	for range 16 { // comments
		text = bytes.TrimLeftFunc(text, func(r rune) bool {
			return r == ' ' || r == '\t' || lines && (r == '\r' || r == '\n') || r >= utf8.RuneSelf && inert.Invisible(r)
		})
		const limit = 4096 // bytes of a comment
		n := len(comment.Get().Find(text[:min(len(text), limit)]))
		if !lines || n == 0 {
			break
		}
		text = text[n:]
	}
	return len(s.src) - len(text)
}

var comment = lazy.Regexp(`^(?://.*\n|/\*(?s:.*?)\*/)`)

var literalPattern = lazy.Regexp(`^(?:true|false|null|-|-?[0-9][0-9.eE+-]*)`)

// literal returns the length of the number, true, false or null that a text starts with,
// or 0.
func literal(text []byte) int { return len(literalPattern.Get().Find(text)) }

// quotedValue returns the span of the value after the opening quotation mark at at, and the
// offset after it. In JSON, a quotation mark ends the value only if the text after it can
// follow a value, and an unterminated value ends before the next line that starts with a
// member; otherwise it ends at the end of its line.
func (s *scanner) quotedValue(at, limit int, p pair) (from, end, next int) {
	src := s.src
	opening, size := quoteAt(src[:limit], at)
	from = at + size
	own := backslashes(src[:from], at) // before the closing mark, too
	strict := p.quoted || s.broken
	for i := from; i < limit; {
		c := src[i]
		if c == '\n' && (!strict || limit < len(s.src) || s.startsMember(i+1)) {
			return from, i, i
		}
		if c == '\\' {
			n := backslashes(src[:limit], i)
			switch {
			case own == 0:
				i += n + n%2 // with the escaped character
				continue
			case n%(2*size) != own:
				i += n // a quotation mark after these is part of the value
				continue
			}
			i += n - own // the other backslashes are part of the value
		}
		if closing, n := quoteAt(src[:limit], i); n > 0 && closes(opening, closing) && (c == '\\') == (own > 0) {
			if !strict || s.endsValue(i+n, limit) {
				return from, i, i + n
			}
			i += n
			continue
		}
		i++
	}
	return from, limit, limit
}

// startsMember reports whether a line starts with text that cannot continue a string.
func (s *scanner) startsMember(i int) bool {
	i = s.skipSpaces(i, len(s.src))
	if i == len(s.src) || strings.IndexByte("{}[]", s.src[i]) >= 0 || bytes.HasPrefix(s.src[i:], []byte("###")) {
		return true
	}
	_, end := s.member(i, len(s.src))
	return end > 0 && isQuote(s.src[i:])
}

// member returns the name at i if a separator follows it, and the end of the name, or 0. The
// name may be in quotation marks.
func (s *scanner) member(i, limit int) (name []byte, end int) {
	start, stop := i, i
	if opening, n := quoteAt(s.src[:limit], i); n > 0 {
		start += n
		if stop, end = s.closing(start, limit, opening); end == 0 {
			return nil, 0
		}
	} else {
		for stop < limit && stop-start < maxName && isNameByte(s.src[stop]) {
			stop++
		}
		end = stop
	}
	if at := s.skipSpaces(end, limit); end == i || at >= limit || s.src[at] != ':' && s.src[at] != '=' {
		return nil, 0
	}
	return s.src[start:stop], end
}

// closing returns the start and end of the quotation mark that closes a short text on one
// line, or 0.
func (s *scanner) closing(from, limit int, opening rune) (mark, end int) {
	for at := from; at < min(limit, from+maxExamined) && s.src[at] != '\n'; at++ {
		if closing, n := quoteAt(s.src[:limit], at); n > 0 && closes(opening, closing) {
			return at, at + n
		}
	}
	return 0, 0
}

// endsValue reports whether the text at i can follow a value.
func (s *scanner) endsValue(i, limit int) bool {
	if i = s.skipSpaces(i, limit); i == limit {
		return true
	}
	rest := s.src[i:limit]
	switch rest[0] {
	case '\n', '#', ';', '<':
		return true
	case '/':
		return len(rest) > 1 && (rest[1] == '/' || rest[1] == '*')
	case '}', ']', ')':
		rest = bytes.TrimLeft(rest, "}]) \t\r")
		return len(rest) == 0 || strings.IndexByte("\n,;\"'\\/#<", rest[0]) >= 0
	case ',':
		rest = bytes.TrimLeft(rest[1:], " \t\r")
		if len(rest) == 0 || strings.IndexByte("\n\"'{}[]/#\\-0123456789", rest[0]) >= 0 || isQuote(rest) {
			return true
		}
		if n := literal(rest); n > 0 && (n == len(rest) || !isNameByte(rest[n])) {
			return true
		}
		_, end := s.member(limit-len(rest), limit)
		return end > 0
	case '\\':
		return s.nested || bytes.HasPrefix(rest, []byte(`\n`)) || bytes.HasPrefix(rest, []byte(`\r`))
	}
	return false
}

func (s *scanner) skipSpaces(i, limit int) int { return i + run(s.src[i:max(i, limit)], " \t\r") }

// The ends of a value without quotation marks: on a line of its own, in a header inside a
// line, in a URL or form, and elsewhere.
var (
	endInLine   = lazy.Regexp(`\\["nr]`)
	endInHeader = lazy.Regexp(`"|\\["nr]`)
	endInForm   = lazy.Regexp("[\\x00- &\"';<>`]|\\\\[\"nr]")
	endOfWord   = lazy.Regexp("[\\x00- \"',;&<>`]|\\\\\"")
)

// until returns the number of bytes before the first match of an expression, or all.
func until(text []byte, expression *regexp.Regexp) int {
	if at := expression.FindIndex(text); at != nil {
		return at[0]
	}
	return len(text)
}

// unquotedEnd returns the end of a value without quotation marks.
func (s *scanner) unquotedEnd(from, limit int, p pair) int {
	text := s.src[from:min(limit, s.endOfLine(from))]
	whole := p.kind == header || p.kind == cookie // the value is a line, including commas
	switch {
	case p.param:
		text = text[:until(text, endInForm.Get())]
		after := ",.)}]"
		if bytes.ContainsAny(text, "({[") {
			after = ",." // a bracket ends a template
		}
		text = bytes.TrimRight(text, after)
	case (p.quoted || s.broken) && p.line && !whole:
		for i, c := range text {
			if (c == ',' || c == '}' || c == ']') && s.endsValue(from+i, from+len(text)) {
				return from + i
			}
		}
	case p.line || whole:
		stop := endInLine.Get()
		if p.kind == header && !p.line {
			stop = endInHeader.Get()
		}
		if n := until(text, stop); n < len(text) {
			return from + n
		}
		text = bytes.TrimRight(text, ", \t\r")
		if n := len(text) - 1; n >= 0 && strings.IndexByte(`"'`, text[n]) >= 0 && bytes.Count(text, text[n:])%2 == 1 {
			text = text[:n] // this mark closes a string around the value
		}
	default:
		text = text[:until(text, endOfWord.Get())]
	}
	return from + len(text)
}

// run returns the number of leading bytes of text that are in chars.
func run(text []byte, chars string) int { return len(text) - len(bytes.TrimLeft(text, chars)) }

// runEscaped is like run, but also counts escaped slashes.
func runEscaped(text []byte, chars string) (n int) {
	for {
		n += run(text[n:], chars)
		if !bytes.HasPrefix(text[n:], []byte(`\/`)) {
			return n
		}
		n += len(`\/`)
	}
}

const (
	upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	alnum = upper + "abcdefghijklmnopqrstuvwxyz0123456789"
)

// spaces is the white space of JSON.
const spaces = " \t\r\n"

func isSpace(c byte) bool { return strings.IndexByte(spaces, c) >= 0 }

func isAlnum(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' }

func isNameByte(c byte) bool { return class[c] != 0 && class[c] != equalClass && c != '/' && c != '~' }

// quoteAt returns the quotation mark at i and its length in bytes, or 0. The mark can be
// straight, typographic, or escaped, several times for JSON in a string of JSON.
func quoteAt(src []byte, i int) (mark rune, size int) {
	if i >= len(src) {
		return 0, 0
	}
	switch c := src[i]; {
	case c == '"' || c == '\'' || c == '`':
		return rune(c), 1
	case c == '\\':
		n := backslashes(src[:min(len(src), i+maxEscaped+1)], i)
		if n&(n+1) == 0 && i+n < len(src) && (src[i+n] == '"' || src[i+n] == '\'') {
			return rune(src[i+n]), n + 1
		}
	case c >= utf8.RuneSelf:
		r, size := utf8.DecodeRune(src[i:])
		if inert.Typographic(r) {
			return r, size
		}
	}
	return 0, 0
}

// maxEscaped is the maximum number of backslashes of an escaped quotation mark: 1 in a
// string, and 2n+1 for n in each string around it.
const maxEscaped = 15

// backslashes returns the number of backslashes at i.
func backslashes(src []byte, i int) int { return run(src[i:], `\`) }

func isQuote(text []byte) bool {
	_, n := quoteAt(text, 0)
	return n > 0
}

// quoteBefore is like quoteAt for the mark that ends at i.
func quoteBefore(src []byte, i int) (mark rune, size int) {
	for size := 1; size <= 3 && size <= i; size++ {
		if mark, n := quoteAt(src[:i], i-size); n == size {
			return mark, n
		}
	}
	return 0, 0
}

// closes reports whether a quotation mark can close a text that another opened.
func closes(opening, closing rune) bool {
	return opening == closing || inert.Typographic(opening) && (inert.Typographic(closing) || closing == '"')
}
