package secret

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
)

// Where a value ends is read off the text around it, because the text may break
// the rules of its format anywhere.

// blank skips white space: in JSON also over lines, comments, and characters that
// only look like white space.
func (s *scanner) blank(i int, lines bool) int {
	text := s.src[i:s.limit]
	for comments := 0; ; comments++ {
		text = bytes.TrimLeftFunc(text, func(r rune) bool {
			return r == ' ' || r == '\t' || lines && (r == '\r' || r == '\n') || r >= utf8.RuneSelf && inert.Invisible(r)
		})
		n := commentEnd(text)
		if !lines || n == 0 || comments == 16 {
			return s.limit - len(text)
		}
		text = text[n:]
	}
}

var comment = lazy.Regexp(`^(?://[^\n]*\n|(?s:/\*.*?\*/))`)

// commentEnd returns where the comment ends that a text starts with, 0 where there
// is none.
func commentEnd(text []byte) int {
	const longest = 4096 // bytes
	if !bytes.HasPrefix(text, []byte("/")) {
		return 0
	}
	return len(comment.Get().Find(text[:min(len(text), longest)]))
}

var literalPattern = lazy.Regexp(`^(?:true|false|null|-|-?[0-9][0-9.eE+-]*)`)

// literal returns the length of a number, true, false or null.
func literal(text []byte) int { return len(literalPattern.Get().Find(text)) }

// quotedValue returns what is in the quotation marks of which the first is at a
// place, and where to go on. In JSON a mark ends it only if what follows can follow a
// value; without one it goes on to the end of its line, and in the next ones as long
// as these are not members.
func (s *scanner) quotedValue(at, limit int, p pair) (from, end, next int) {
	src := s.src
	opening, size := quoteAt(src[:limit], at)
	from = at + size
	own := backslashes(src[:from], at) // of a mark that ends it
	strict := p.quoted || s.broken
	for i := from; i < limit; {
		c := src[i]
		if c == '\n' && (!strict || limit < s.limit || s.startsMember(i+1)) {
			return from, i, i
		}
		if c == '\\' {
			n := backslashes(src[:limit], i)
			switch {
			case own == 0:
				i += n + n%2 // what is escaped, too
				continue
			case n%(2*size) != own:
				i += n // before a mark, it is one in the value
				continue
			}
			i += n - own // the value ends with the others
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

// startsMember reports whether what a line starts with cannot be the rest of a
// string.
func (s *scanner) startsMember(i int) bool {
	i = s.skipSpaces(i, s.limit)
	if i == s.limit {
		return true
	}
	switch s.src[i] {
	case '}', ']', '{', '[':
		return true
	case '#':
		return bytes.HasPrefix(s.src[i:], []byte("###"))
	}
	_, end := s.member(i, s.limit)
	return end > 0 && isQuote(s.src[i:])
}

// member returns the name at a place that a separator follows, in quotation marks
// or without, and where it ends; 0 where there is none.
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

// closing returns the quotation mark that ends a short text on one line, and where
// it ends itself; 0 where there is none.
func (s *scanner) closing(from, limit int, opening rune) (mark, end int) {
	for at := from; at < min(limit, from+maxJudged) && s.src[at] != '\n'; at++ {
		if closing, n := quoteAt(s.src[:limit], at); n > 0 && closes(opening, closing) {
			return at, at + n
		}
	}
	return 0, 0
}

// endsValue reports whether what follows a quotation mark, or a value without
// one, can follow a value.
func (s *scanner) endsValue(i, limit int) bool {
	if i = s.skipSpaces(i, limit); i == limit {
		return true
	}
	rest := s.src[i:limit]
	switch rest[0] {
	case '\n', '#':
		return true
	case '/':
		return len(rest) > 1 && (rest[1] == '/' || rest[1] == '*')
	case '}', ']', ')':
		rest = bytes.TrimLeft(rest, "}]) \t\r")
		return len(rest) == 0 || strings.IndexByte("\n,;\"'\\/#", rest[0]) >= 0 || rest[0] == '<'
	case ';', '<':
		return true
	case ',':
		at := s.skipSpaces(i+1, limit)
		if at == limit || strings.IndexByte("\n\"'{}[]/#\\-0123456789", s.src[at]) >= 0 || isQuote(s.src[at:limit]) {
			return true
		}
		if n := literal(s.src[at:limit]); n > 0 && (at+n == limit || !isNameByte(s.src[at+n])) {
			return true
		}
		_, end := s.member(at, limit)
		return end > 0
	case '\\':
		return s.nested || bytes.HasPrefix(rest, []byte(`\n`)) || bytes.HasPrefix(rest, []byte(`\r`))
	}
	return false
}

func (s *scanner) skipSpaces(i, limit int) int { return i + run(s.src[i:max(i, limit)], " \t\r") }

// The ends of a value without quotation marks: in a line, in a header amid a line, in
// a URL or form, in prose, and elsewhere.
var (
	endInLine   = lazy.Regexp(`\\["nr]`)
	endInHeader = lazy.Regexp(`"|\\["nr]`)
	endInForm   = lazy.Regexp("[\\x00- &\"';<>`]|\\\\[\"nr]")
	endInProse  = lazy.Regexp(`[\x00- "<>,;()]`)
	endOfWord   = lazy.Regexp("[\\x00- \"',;&<>`]|\\\\\"")
)

// until returns how many bytes a text has before what an expression matches.
func until(text []byte, what *regexp.Regexp) int {
	if at := what.FindIndex(text); at != nil {
		return at[0]
	}
	return len(text)
}

// unquotedEnd returns where a value without quotation marks ends.
func (s *scanner) unquotedEnd(from, limit int, p pair) int {
	text := s.src[from:min(limit, s.endOfLine(from))]
	whole := p.kind == header || p.kind == cookie // a line, commas included
	switch {
	case p.param:
		text = text[:until(text, endInForm.Get())]
		for len(text) > 0 {
			i := strings.IndexByte(",.)}]", text[len(text)-1])
			if i < 0 || i > 1 && bytes.IndexByte(text, ",.({["[i]) >= 0 {
				break // nothing, or the end of a template
			}
			text = text[:len(text)-1]
		}
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
			text = text[:n] // the mark of what is around it
		}
	default:
		text = text[:until(text, endOfWord.Get())]
	}
	return from + len(text)
}

// run returns how many of some characters a text starts with.
func run(text []byte, chars string) int { return len(text) - len(bytes.TrimLeft(text, chars)) }

// runEscaped is run for a text in which a slash may be escaped.
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

// spaces are the characters that are white space in JSON.
const spaces = " \t\r\n"

func isSpace(c byte) bool { return strings.IndexByte(spaces, c) >= 0 }

func isNameByte(c byte) bool { return class[c] != 0 && class[c] != equalClass && c != '/' && c != '~' }

// quoteAt returns the quotation mark at a place and its length in bytes: a straight
// one, a typographic one, or one that is escaped, as often as JSON is in a string of
// JSON.
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

// maxEscaped is how many backslashes a quotation mark can follow that starts a
// string: 1 in a string, and at each string around that twice as many and one.
const maxEscaped = 15

// backslashes returns how many there are at a place.
func backslashes(src []byte, i int) int { return run(src[i:], `\`) }

func isQuote(text []byte) bool {
	_, n := quoteAt(text, 0)
	return n > 0
}

// quoteBefore is quoteAt for the mark that ends at a place.
func quoteBefore(src []byte, i int) (mark rune, size int) {
	for size := 1; size <= 3 && size <= i; size++ {
		if mark, n := quoteAt(src[:i], i-size); n == size {
			return mark, n
		}
	}
	return 0, 0
}

// closes reports whether one quotation mark can end what another started.
func closes(opening, closing rune) bool {
	return opening == closing || inert.Typographic(opening) && (inert.Typographic(closing) || closing == '"')
}
