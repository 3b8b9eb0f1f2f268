package secret

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
)

// scanner goes through a text from anchor to anchor.
type scanner struct {
	src    []byte
	broken bool // it should be JSON and is not: a name counts without a separator, too
	nested bool // it is the text of a string in another one
	limit  int  // the end of src
	spans  []patchlint.Span

	open, close int            // the quotation marks of the JSON string around the place at hand; close is 0 outside of one
	followed    int            // the place up to which strings have been followed
	decoded     int            // the close of the string whose escapes were looked behind last
	line        patchlint.Span // that was asked for last
	pemEnd      int            // where the next private key ends, -1 where none does
	run         tokenRun       // that was read last
}

// add notes a credential and returns where to go on.
func (s *scanner) add(start, end int) int {
	text := s.src[start:end]
	from := start + len(text) - len(bytes.TrimLeft(text, spaces))
	if to := start + len(bytes.TrimRight(text, spaces)); from < to {
		s.spans = append(s.spans, patchlint.Span{Start: from, End: to})
	}
	return end
}

// scan looks at a part of the text, as if nothing were before and after it.
func (s *scanner) scan(from, to int) {
	before := *s
	s.limit, s.followed, s.close = to, from, 0
	for {
		n := nextAnchor(s.src[from:to])
		if n < 0 {
			break
		}
		start := from + n
		s.follow(start + 3)
		from = max(start+3, s.anchor(start))
		if s.followed = from; from > s.close {
			s.close = 0
		}
	}
	s.limit, s.followed, s.open, s.close = before.limit, before.followed, before.open, before.close
}

// follow finds the string around a place, given the one around a place before. A
// string ends on its line.
func (s *scanner) follow(to int) {
	if s.close > 0 {
		if to <= s.close {
			return
		}
		s.followed, s.close = s.close+1, 0
	}
	if n := bytes.LastIndexByte(s.src[s.followed:to], '\n'); n >= 0 {
		s.followed += n
	}
	for ; s.followed < to; s.followed++ {
		i := s.followed
		if s.src[i] != '"' || i > 0 && s.src[i-1] == '\\' && !s.nested {
			continue
		}
		if end := s.stringEnd(i); end >= to {
			s.open, s.close = i, end
			return
		} else if end > 0 {
			s.followed = end
		}
	}
}

// stringEnd returns the quotation mark that ends a string, 0 where there is none.
func (s *scanner) stringEnd(open int) int {
	end := s.endOfLine(open)
	for at := open + 1; at < end; at++ {
		switch s.src[at] {
		case '\\':
			at++
		case '"':
			return at
		}
	}
	return 0
}

func (s *scanner) endOfLine(i int) int {
	if i < s.line.Start || i > s.line.End || s.line.End == 0 {
		s.line = patchlint.Span{Start: i, End: len(s.src)}
		if n := bytes.IndexByte(s.src[i:], '\n'); n >= 0 {
			s.line.End = i + n
		}
	}
	return min(s.line.End, s.limit)
}

// anchor looks at what is around an anchor and returns where to go on.
func (s *scanner) anchor(start int) int {
	src := s.src
	switch text := src[start:]; {
	case bytes.HasPrefix(text, []byte("eyJ")):
		if end := s.webToken(start); end > 0 {
			return s.add(start, end)
		}
	case bytes.HasPrefix(text[1:], []byte("Q~")):
		from := max(0, start-3)
		if n := len(entraSecret().Find(src[from:])); n > 0 {
			return s.add(from, from+n)
		}
	case bytes.HasPrefix(text, []byte("---")):
		return s.privateKey(start)
	case bytes.HasPrefix(text, []byte("://")):
		return s.userInfo(start + 3)
	case bytes.HasPrefix(text, []byte(`\u`)):
		if next := s.escaped(); next > 0 {
			return next
		}
	}
	if end := s.ofVendor(start); end > 0 {
		return s.add(start, end)
	}
	return s.name(start)
}

// escaped looks at the string at hand as it reads without its escapes, and returns
// where to go on, 0 for where it was.
func (s *scanner) escaped() int {
	if s.nested || s.close == 0 || s.close == s.decoded {
		return 0
	}
	s.decoded = s.close
	text := unescape(s.src[s.open+1 : s.close])
	if kindOf(text) != none {
		return 0 // a name
	}
	inner := scanner{src: text, nested: true}
	inner.scan(0, len(text))
	if len(inner.spans) == 0 {
		return 0
	}
	return s.add(s.open+1, s.close)
}

// name looks at the word around an anchor: it may be the name of a credential, or
// the scheme before one.
func (s *scanner) name(anchor int) int {
	src := s.src
	if !isNameByte(src[anchor]) {
		anchor++
	}
	start, end := anchor, anchor
	for start > 0 && anchor-start < maxName && isNameByte(src[start-1]) {
		start--
	}
	for end < s.limit && end-start < maxName && isNameByte(src[end]) {
		end++
	}
	if bytes.IndexByte(src[start:end], '%') >= 0 { // in a URL in a URL, more than one may be in a word
		if before := encodedStart().FindAllIndex(src[start:anchor], -1); len(before) > 0 {
			start += before[len(before)-1][1]
		}
		end = anchor + until(src[anchor:end], encodedEnd())
	}
	if bytes.Contains(src[start:end], []byte(`\u`)) {
		if next := s.escaped(); next > 0 {
			return next
		}
	}
	if end-start < maxName {
		p, after := s.pairAt(start, end)
		if p.kind != none {
			from, ok := s.separator(after, &p)
			if !ok {
				from, ok = s.listed(after, p)
			}
			if ok {
				return s.value(from, p)
			}
			if s.before(p) {
				return s.close + 1
			}
			if end := s.spoken(after, p); end > 0 {
				return end
			}
		}
		if next := s.scheme(start, end); next > 0 {
			return next
		}
	}
	return anchor + 2 // there may be another one in the word
}

// What is before and after a name in a URL, as it is written in another URL.
var (
	encodedStart = lazy.Regexp(`(?i)%(?:26|3f)`)
	encodedEnd   = lazy.Regexp(`(?i)%3[da]`)
)

// pairAt returns what the word at a place is the name of, and where the name ends.
func (s *scanner) pairAt(start, end int) (p pair, after int) {
	src := s.src
	p.shell = bytes.HasSuffix(src[:end], []byte("PWD")) && (end-start == len("PWD") || string(src[start:end]) == "OLDPWD")
	if s.close > 0 && s.open < start && end <= s.close && s.close-s.open <= maxName {
		name := src[s.open+1 : s.close]
		if p.kind = kindOf(name); p.kind != none && !bytes.ContainsFunc(name, func(r rune) bool { return r > ' ' && !unicode.IsLetter(r) && (r >= 0x80 || !isNameByte(byte(r))) }) {
			p.quoted, p.line = true, true
			return p, s.close + 1
		}
	}
	end = start + len(bytes.TrimRight(src[start:end], `\`))
	after = end
	if s.open+1 != start || s.close != end { // else it has been looked at
		p.kind = kindOf(src[start:end])
	}
	for first, words := start, 1; p.kind <= bare && words < maxWords && first > 1 && src[first-1] == ' ' && isNameByte(src[first-2]); words++ {
		for first--; first > 0 && isNameByte(src[first-1]) && end-first < maxName; first-- {
		}
		if k := kindOf(src[first:end]); k > p.kind {
			p.kind, start = k, first
		}
	}
	if p.kind == none {
		return p, after
	}
	opening, size := quoteBefore(src, start)
	start -= size
	if closing, n := quoteAt(src[:s.limit], end); opening != 0 && n > 0 {
		p.quoted, after = true, end+n
	} else if n > 0 && closing != 0 {
		after = end + n
		p.quoted = s.broken
	}
	at := len(bytes.TrimRight(src[:start], " \t"))
	switch {
	case at == 0:
		p.line = true
	case strings.IndexByte("?&;", src[at-1]) >= 0, encodedStart().Match(src[max(0, at-3):at]):
		p.line, p.param = true, true
	default:
		p.line = strings.IndexByte("\n\r{,[(@$", src[at-1]) >= 0 || s.broken
	}
	if p.kind == inURL {
		if p.kind = none; p.param {
			p.kind = weak
		}
	}
	return p, after
}

// separator returns where the value starts after a name.
func (s *scanner) separator(i int, p *pair) (from int, ok bool) {
	src := s.src
	at := s.blank(i, p.quoted)
	rest := src[at:s.limit]
	n := 0
	switch {
	case len(rest) == 0:
		return 0, false
	case rest[0] == ':' || rest[0] == '=':
		n = run(rest[:min(len(rest), 3)], ":=>")
		if bytes.HasPrefix(rest, []byte("://")) {
			return 0, false
		}
	case len(rest) > 3 && encodedEnd().Match(rest[:3]):
		n = 3
		p.param = true
	case rest[0] == '>' && i == at: // in XML
		n = 1
	case p.quoted && isQuote(rest): // two strings in a row are in no JSON
	case s.broken && p.quoted && rest[0] != '}' && rest[0] != ']':
		n = run(rest, ",;|-> \t")
		if n < len(rest) && rest[0] == ',' && !s.named(i) {
			return 0, false
		}
	default:
		return 0, false
	}
	from = s.blank(at+n, p.quoted)
	p.param = p.param || rest[0] == '=' && n == 1 && at == i && from == at+n && !p.quoted
	return from, from < s.limit
}

// named reports whether the string that ends at a place is where a member's name
// is due.
func (s *scanner) named(end int) bool {
	if s.close+1 != end {
		return false
	}
	text := bytes.TrimRight(s.src[:s.open], spaces)
	return len(text) == 0 || bytes.HasSuffix(text, []byte("{")) || bytes.HasSuffix(text, []byte(","))
}

// listed returns where the value starts that belongs to a name in
// {"name": "x-api-key", "value": "..."}.
func (s *scanner) listed(i int, p pair) (from int, ok bool) {
	if !p.quoted || i == 0 || i > s.limit || s.src[i-1] != '"' {
		return 0, false
	}
	for _, token := range []string{",", `"value"`, ":"} {
		if i = s.blank(i, true); !bytes.HasPrefix(s.src[i:s.limit], []byte(token)) {
			return 0, false
		}
		i += len(token)
	}
	i = s.blank(i, true)
	return i, i < s.limit
}

// valueBefore matches what comes before a name that is given last, in
// {"value": "...", "name": "x-api-key"}.
var valueBefore = lazy.Regexp(`"value"\s*:\s*"((?:[^"\\\n]|\\.)*)"\s*,\s*"(?:name|key|header)"\s*:\s*$`)

// before masks the value that valueBefore finds before the string at hand, and
// reports whether it is a credential.
func (s *scanner) before(p pair) bool {
	const longest = 512 // bytes that are searched
	if !p.quoted || s.close == 0 || !bytes.HasSuffix(bytes.TrimRight(s.src[:s.open], " \t\r\n"), []byte(":")) {
		return false
	}
	start := max(0, s.open-longest)
	at := valueBefore().FindSubmatchIndex(s.src[start:s.open])
	if at == nil {
		return false
	}
	p.text = true
	return s.judge(start+at[2], start+at[3], p)
}

// spoken masks what follows the name of a credential in prose, as in "the password
// is ...", if it is nothing but a credential, and returns where it ends, 0 where it
// is not one.
func (s *scanner) spoken(after int, p pair) int {
	if p.kind != strong || p.quoted {
		return 0
	}
	for range 2 {
		from := s.skipSpaces(after, s.limit)
		end := from + until(s.src[from:min(s.limit, from+maxJudged)], endInProse())
		switch text := string(s.src[from:end]); text {
		case "is", "was", "=", "-":
			after = end
		default:
			if from == after || !random(text) || placeholder(text) || isURL([]byte(text)) {
				return 0
			}
			return s.add(from, end)
		}
	}
	return 0
}

// blank skips white space: in JSON also over lines, comments, and characters that
// only look like white space.
func (s *scanner) blank(i int, lines bool) int {
	const longest = 4096 // of a comment, in bytes
	for comments := 0; i < s.limit; {
		c := s.src[i]
		switch {
		case c == ' ' || c == '\t' || lines && isSpace(c):
			i++
			continue
		case lines && c == '/' && comments < 16 && i+1 < s.limit && (s.src[i+1] == '/' || s.src[i+1] == '*'):
			end := "\n"
			if s.src[i+1] == '*' {
				end = "*/"
			}
			n := bytes.Index(s.src[i+2:min(s.limit, i+longest)], []byte(end))
			if n < 0 {
				return i
			}
			i, comments = i+2+n+len(end), comments+1
			continue
		case c >= utf8.RuneSelf:
			if r, size := utf8.DecodeRune(s.src[i:s.limit]); inert.Invisible(r) {
				i += size
				continue
			}
		}
		return i
	}
	return i
}

// value masks the value that starts at a place if it is a credential, and returns
// where to go on.
func (s *scanner) value(from int, p pair) int {
	src := s.src
	limit := s.limit
	// Inside of a string, unless its end is the start of the value.
	if s.close > 0 && from <= s.close && !(s.broken && from == s.close) {
		limit = s.close
	}
	if from >= limit {
		return from
	}
	start := from + run(src[from:min(limit, from+2)], "uUbBrR@$") // u'...'
	if !isQuote(src[start:limit]) {
		start = from
	}
	if opening, n := quoteAt(src[:limit], start); n > 0 {
		p.text = true
		if isURL(src[start+n : limit]) {
			return start // what is secret in it is found by itself
		}
		end, next := s.quotedEnd(start+n, limit, opening, n == 2 && src[start] == '\\', p)
		found := s.judge(start+n, end, p)
		if end-start > maxJudged || found && !s.broken {
			return next
		}
		return start // in a text that is broken, more than one may start there
	}
	if isURL(src[from:limit]) {
		return from
	}
	if c := src[from]; (c == '{' || c == '[') && (p.quoted || p.line) && !bytes.HasPrefix(src[from:], []byte("{{")) {
		if p.kind == bare {
			return from
		}
		return s.inside(from, p)
	}
	if end := from + literal(src[from:limit]); end > from && (end == limit || strings.IndexByte(" \t\r\n,}]/", src[end]) >= 0) && (p.quoted || p.line) && !p.param {
		if p.number(src[from:end]) {
			s.add(from, end)
		}
		return end
	}
	end := s.unquotedEnd(from, limit, p)
	if s.judge(from, end, p) || end-from > maxJudged {
		return end
	}
	return from
}

// judge masks a value if it is a credential, and reports whether it is.
func (s *scanner) judge(from, end int, p pair) bool {
	value := s.src[from:end]
	if bytes.IndexByte(value[:min(len(value), maxJudged)], '\\') >= 0 {
		value = unescape(value)
	}
	if !p.holds(value) {
		return false
	}
	s.add(from, end)
	return true
}

var literalPattern = lazy.Regexp(`^(?:true|false|null|-|-?[0-9][0-9.eE+-]*)`)

// literal returns the length of a number, true, false or null.
func literal(text []byte) int { return len(literalPattern().Find(text)) }

// quotedEnd returns where a value in quotation marks ends, and where to go on. In
// JSON a mark ends it only if what follows can follow a value; without one it goes
// on to the end of its line, and in the next ones as long as these are not members.
func (s *scanner) quotedEnd(from, limit int, opening rune, escaped bool, p pair) (end, next int) {
	src := s.src
	strict := p.quoted || s.broken
	for i := from; i < limit; {
		c := src[i]
		if c == '\n' && (!strict || limit < s.limit || s.startsMember(i+1)) {
			return i, i
		}
		if closing, n := quoteAt(src[:limit], i); n > 0 && closes(opening, closing) && (n == 2 && c == '\\') == escaped {
			if !strict || s.endsValue(i+n, limit) {
				return i, i + n
			}
			i += n
			continue
		}
		if c == '\\' && !escaped {
			i++
		}
		i++
	}
	return limit, limit
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

// What ends a value without quotation marks: in a line, in a header amid a line, in
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
		text = text[:until(text, endInForm())]
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
		stop := endInLine()
		if p.kind == header && !p.line {
			stop = endInHeader()
		}
		if n := until(text, stop); n < len(text) {
			return from + n
		}
		text = bytes.TrimRight(text, ", \t\r")
		if n := len(text) - 1; n >= 0 && strings.IndexByte(`"'`, text[n]) >= 0 && bytes.Count(text, text[n:])%2 == 1 {
			text = text[:n] // the mark of what is around it
		}
	default:
		text = text[:until(text, endOfWord())]
	}
	return from + len(text)
}

// inside masks the scalars in an object or array that is the value of a
// credential's name, and returns where to go on.
func (s *scanner) inside(from int, p pair) int {
	src := s.src
	depth, member := 0, none // the kind of the member whose value is due
	for i := from; i < s.limit; {
		c := src[i]
		switch {
		case c == '{' || c == '[':
			depth++
			i++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i + 1
			}
			i++
		case isSpace(c) || strings.IndexByte(",:=>", c) >= 0:
			i++
		case c == '/':
			if at := s.blank(i, true); at > i {
				i = at
			} else {
				i++
			}
		default:
			if name, end := s.member(i, s.limit); end > 0 {
				member, i = max(p.kind, kindOf(name)), end
				continue
			}
			of := pair{kind: max(p.kind, min(member, strong)), quoted: true, line: true}
			member = none
			opening, n := quoteAt(src, i)
			if n == 0 {
				s.close = 0
				i = max(i+1, s.value(i, of))
				continue
			}
			of.text = true
			end, next := s.quotedEnd(i+n, s.limit, opening, n == 2 && c == '\\', of)
			if !s.judge(i+n, end, of) {
				s.scan(i+n, end)
			}
			i = max(next, i+n)
		}
	}
	return s.limit
}

// schemeValue matches what may follow a scheme: RFC 9110 calls it a token68.
var schemeValue = lazy.Regexp(`^(?:[A-Za-z0-9._~+/=:-]|\\/)*`)

const maxScheme = len("sharedkeylite") // bytes

// scheme looks at a word that may be the scheme of an Authorization header, and
// returns where to go on, 0 where it is not.
func (s *scanner) scheme(start, end int) int {
	src := s.src
	from := s.skipSpaces(end, s.limit)
	if from == end || end-start > maxScheme {
		return 0
	}
	word := strings.ToLower(string(src[start:end]))
	to := from + len(schemeValue().Find(src[from:s.limit]))
	value := src[from:to]
	text := string(value[:min(len(value), maxJudged)])
	switch word {
	case "bearer": // RFC 6750, 2.1
		if len(value) < 12 || len(value) < 16 && !strings.ContainsAny(text, "0123456789") || words(text) || placeholder(text) {
			return 0
		}
	case "basic": // RFC 7617
		decoded, ok := decodeBase64(value)
		if !ok || len(value) < 8 || bytes.IndexByte(decoded, ':') < 0 || !printable(decoded) {
			return 0
		}
	case "sharedkey", "sharedkeylite":
		if _, key, _ := strings.Cut(text, ":"); len(key) < 16 {
			return 0
		}
	case "apikey", "token", "key":
		if len(value) < 20 || words(text) || placeholder(text) || guid().MatchString(text) {
			return 0
		}
	case "digest":
		rest := src[from:min(s.limit, s.endOfLine(from))]
		if s.close > from {
			rest = src[from:s.close]
		}
		if !bytes.HasPrefix(rest, []byte("username=")) {
			return 0
		}
		to = from + len(rest)
	default:
		return 0
	}
	s.add(start, to)
	return to
}

// run returns how many of some characters a text starts with.
func run(text []byte, chars string) int { return len(text) - len(bytes.TrimLeft(text, chars)) }

// spaces are the characters that are white space in JSON.
const spaces = " \t\r\n"

func isSpace(c byte) bool { return strings.IndexByte(spaces, c) >= 0 }

func isNameByte(c byte) bool { return class[c] != 0 && class[c] != equalClass && c != '/' && c != '~' }

// quoteAt returns the quotation mark at a place and its length in bytes: a straight
// one, a typographic one, or one that is escaped.
func quoteAt(src []byte, i int) (mark rune, size int) {
	if i >= len(src) {
		return 0, 0
	}
	switch c := src[i]; {
	case c == '"' || c == '\'' || c == '`':
		return rune(c), 1
	case c == '\\' && i+1 < len(src) && (src[i+1] == '"' || src[i+1] == '\''):
		return rune(src[i+1]), 2
	case c >= utf8.RuneSelf:
		r, size := utf8.DecodeRune(src[i:])
		if inert.Typographic(r) {
			return r, size
		}
	}
	return 0, 0
}

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
