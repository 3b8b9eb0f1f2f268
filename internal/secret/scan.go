package secret

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/lazy"
)

// scanner goes through a text from anchor to anchor.
type scanner struct {
	src     []byte
	broken  bool // it should be JSON and is not: a name counts without a separator, too
	nested  bool // it is the text of a string in another one
	suspect bool // there is something that can be the name of a credential in it
	limit   int  // the end of src
	spans   []patchlint.Span

	open, close int            // the quotation marks of the JSON string around the place at hand; close is 0 outside of one
	followed    int            // the place up to which strings have been followed
	decoded     int            // the close of the string whose escapes were looked behind last
	line        patchlint.Span // that was asked for last
	pemEnd      int            // where the next private key ends, -1 where none does
	tokenless   int            // the place up to which no JSON Web Token starts
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
			return end
		}
	case bytes.HasPrefix(text[1:], []byte("Q~")):
		from := max(0, start-3)
		if n := len(entraSecret.Get().Find(src[from:])); n > 0 {
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
		if before := encodedStart.Get().FindAllIndex(src[start:anchor], -1); len(before) > 0 {
			start += before[len(before)-1][1]
		}
		end = anchor + until(src[anchor:end], encodedEnd.Get())
	}
	if bytes.Contains(src[start:end], []byte(`\u`)) {
		if next := s.escaped(); next > 0 {
			return next
		}
	}
	if end-start < maxName {
		p, after := s.pairAt(start, end)
		s.suspect = s.suspect || p.kind != none || isSecretType(src[start:end])
		if next := s.setting(end, p.kind); next > 0 {
			return next
		}
		if p.kind != none {
			if next := s.markup(start, after, p); next > 0 {
				return next
			}
			from, ok := s.separator(after, &p)
			if !ok {
				from, ok = s.listed(after, p)
			}
			if !ok {
				from, ok = s.argument(start, after, &p)
			}
			if ok {
				return s.value(from, p)
			}
			if s.before(p) {
				return s.close + 1
			}
		}
		if next := s.command(start, end, p); next > 0 {
			return next
		}
		if end := s.spoken(after, p); end > 0 {
			return end
		}
		if next := s.scheme(start, end); next > 0 {
			return next
		}
	}
	return anchor + 2 // there may be another one in the word
}

// The text before and after a name in a URL that is written in another URL.
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
	case strings.IndexByte("?&;", src[at-1]) >= 0, at > 2 && src[at-3] == '%' && encodedStart.Get().Match(src[at-3:at]):
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
	case len(rest) > 3 && rest[0] == '%' && encodedEnd.Get().Match(rest[:3]):
		n = 3
		p.param = true
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
	at := valueBefore.Get().FindSubmatchIndex(s.src[start:s.open])
	if at == nil {
		return false
	}
	p.text = true
	return s.judge(start+at[2], start+at[3], p)
}

// How a setting of Intune says what its value is, and what is between that and the
// value: members that hold no others.
const (
	settingName = `"(?i:@odata\.type|omaUri)"\s*:\s*$`
	anyMembers  = `(?:\s*,\s*"[^"\\\n]*"\s*:\s*(?:"(?:[^"\\\n]|\\.)*"|[\w.+-]+))*?\s*,\s*`
)

var (
	settingNamed   = lazy.Regexp(settingName)
	settingValue   = lazy.Regexp(`^` + anyMembers + `"value"\s*:\s*"((?:[^"\\\n]|\\.)*)"`)
	valueOfSetting = lazy.Regexp(`"value"\s*:\s*"((?:[^"\\\n]|\\.)*)"` + anyMembers + settingName)
)

// setting masks the value of a setting if the string at hand makes it a credential:
// it is the type of secret settings, or an OMA-URI whose last segment, which ends at a
// place, is the name of a credential. It returns where to go on, 0 for where it was.
func (s *scanner) setting(end int, named kind) int {
	if s.close == 0 || end != s.close {
		return 0
	}
	before := s.src[max(0, s.open-searched):s.open]
	isType := isSecretType(s.src[s.open:end])
	if named == none && !isType || !bytes.HasSuffix(bytes.TrimRight(before, anySpace), []byte(":")) || !settingNamed.Get().Match(before) {
		return 0
	}
	p := pair{kind: max(named, weak), quoted: true, line: true, text: true}
	if isType {
		p.kind = strong
	}
	after := end + 1
	from, at := after, settingValue.Get().FindSubmatchIndex(s.src[after:min(s.limit, after+searched)])
	if at == nil {
		from, at = s.open-len(before), valueOfSetting.Get().FindSubmatchIndex(before)
	}
	// The value of a secret that Intune keeps is the GUID of it.
	if at == nil || guid.Get().Match(s.src[from+at[2]:from+at[3]]) || !s.judge(from+at[2], from+at[3], p) {
		return 0
	}
	return max(after, from+at[3])
}

// isSecretType reports whether a text is the type of settings whose values are secret.
func isSecretType(text []byte) bool { return bytes.HasSuffix(text, []byte("SecretSettingValue")) }

// setter matches what comes before a name that a script gives a value.
var setter = lazy.Regexp("(?i)\\b(?:set\\w*|put|add|append|header)\\(\\s*\\\\*[\"'`][\\w .-]*$")

// argument returns where the value starts that a script gives to the name between two
// places, as in client.global.set("token", "...").
func (s *scanner) argument(start, after int, p *pair) (from int, ok bool) {
	if !p.quoted || !setter.Get().Match(s.src[max(0, start-maxName):start]) {
		return 0, false
	}
	at := s.blank(after, true)
	if at >= s.limit || s.src[at] != ',' {
		return 0, false
	}
	from = s.blank(at+1, true)
	p.quoted, p.line = false, true // it ends as in a script, not as in JSON
	return from, isQuote(s.src[from:s.limit])
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
		if from == after {
			return 0
		}
		end := from + until(s.src[from:min(s.limit, from+maxJudged)], endInProse.Get())
		switch text := string(s.src[from:end]); text {
		case "is", "was", "=", "-":
			after = end
		default:
			if !random(text) || placeholder(text) || isURL([]byte(text)) {
				return 0
			}
			return s.add(from, end)
		}
	}
	return 0
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
	if isQuote(src[start:limit]) {
		p.text = true
		first, end, next := s.quotedValue(start, limit, p)
		if isURL(src[first:end]) {
			return start // what is secret in it is found by itself
		}
		found := s.judge(first, end, p)
		if end-start > maxJudged || found && !s.broken {
			return next
		}
		return start // in a text that is broken, more than one may start there
	}
	if isURL(src[from:limit]) {
		return from
	}
	if c := src[from]; (c == '{' || c == '[') && (p.quoted || p.line) && !bytes.HasPrefix(src[from:], []byte("{{")) {
		if p.kind == bare || p.kind == holder && !(c == '[' && isQuote(src[s.blank(from+1, true):limit])) {
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

// inside masks the scalars in an object or array that is the value of a
// credential's name, and names that read as passwords, and returns where to go on.
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
		case isSpace(c) || strings.IndexByte(",:=>/", c) >= 0:
			i = max(i+1, s.blank(i, true))
		default:
			if name, end := s.member(i, s.limit); end > 0 {
				if p.kind == strong && isQuote(src[i:]) && random(string(name)) && !placeholder(string(name)) {
					_, size := quoteAt(src, i)
					s.add(i+size, i+size+len(name))
				}
				member, i = max(p.kind, kindOf(name)), end
				continue
			}
			of := pair{kind: max(p.kind, min(member, strong)), quoted: true, line: true}
			member = none
			if !isQuote(src[i:]) {
				s.close = 0
				i = max(i+1, s.value(i, of))
				continue
			}
			of.text = true
			from, end, next := s.quotedValue(i, s.limit, of)
			if !s.judge(from, end, of) {
				s.scan(from, end)
			}
			i = max(next, from)
		}
	}
	return s.limit
}
