package secret

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/patchlint/patchlint/internal/lazy"
)

// pairAt returns the pair whose name is, or ends with, the word from start to end.
func (s *scanner) pairAt(start, end int) pair {
	src := s.src
	p := pair{start: start, end: end}
	p.shell = bytes.HasSuffix(src[:end], []byte("PWD")) && (end-start == len("PWD") || string(src[start:end]) == "OLDPWD")
	if s.close > 0 && s.open < start && end <= s.close && s.close-s.open <= maxName {
		name := src[s.open+1 : s.close]
		if p.kind = kindOf(name); p.kind != none && !bytes.ContainsFunc(name, func(r rune) bool { return r > ' ' && !unicode.IsLetter(r) && (r >= 0x80 || !isNameByte(byte(r))) }) {
			p.quoted, p.line, p.after = true, true, s.close+1
			return p
		}
	}
	end = start + len(bytes.TrimRight(src[start:end], `\`))
	p.after = end
	if s.open+1 != start || s.close != end { // otherwise this was done above
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
		return p
	}
	opening, size := quoteBefore(src, start)
	if closing, n := quoteAt(src, end); n > 0 && closing != 0 {
		p.quoted, p.after = opening != 0 || s.broken, end+n
	}
	before := bytes.TrimRight(src[:start-size], " \t")
	at := len(before)
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
	return p
}

// assigned adds the value of a name after a separator, and returns the offset from which to
// continue, or 0 if the value is missing.
func (s *scanner) assigned(p pair) int {
	if p.kind == none {
		return 0
	}
	if from := s.valueStart(&p); from > 0 && from < len(s.src) {
		return s.value(from, p)
	}
	return 0
}

var (
	// displayed matches the text before the display name of an object, such as a permission to
	// reset passwords.
	displayed = lazy.Regexp(`(?i)displayName"\s*:\s*$`)
	// setter matches the text before a name to which a script assigns a value.
	setter = lazy.Regexp("(?i)\\b(?:set\\w*|get\\w+|put|add|append|header)\\(\\s*\\\\*[\"'`][\\w .-]*$")
	// scripted matches the text between a name and a string in a script, as in
	// var token string = "...", token[] ?= "...", token("...") and token !== "...".
	scripted = lazy.Regexp(`^(?i)(?:\[\d*\])?(?:\(|(?:\s*:?\s*string)?\s*[-+.?!:]*=+\s*)`)
)

// valueStart returns the start of the value after a name and its separator, or 0.
func (s *scanner) valueStart(p *pair) int {
	src := s.src
	at := s.blank(p.after, p.quoted)
	rest := src[at:]
	n := -1 // the length of the separator
	switch {
	case len(rest) == 0 || bytes.HasPrefix(rest, []byte("://")):
		return 0
	case rest[0] == ':' || rest[0] == '=':
		n = run(rest[:min(len(rest), 3)], ":=>")
	case len(rest) > 3 && rest[0] == '%' && encodedEnd.Get().Match(rest[:3]):
		n = 3
		p.param = true
	case p.quoted && isQuote(rest): // the separator is missing
		n = 0
	case s.broken && p.quoted && strings.IndexByte("}]", rest[0]) < 0 && (rest[0] != ',' || s.isNamePosition(p.after)):
		n = run(rest, ",;|-> \t")
	}
	if n >= 0 {
		from := s.blank(at+n, p.quoted)
		p.param = p.param || rest[0] == '=' && n == 1 && at == p.after && from == at+n && !p.quoted
		return from
	}
	from := 0
	if p.quoted && rest[0] == ',' {
		from = s.blank(at+1, true)
		if value := s.listed(from, *p); value > 0 {
			return value
		}
		if !setter.Get().Match(src[max(0, p.start-maxName):p.start]) {
			return 0
		}
	} else if n := len(scripted.Get().Find(src[p.after:min(len(s.src), p.after+maxName)])); n > 0 {
		from = p.after + n
	}
	p.quoted, p.line = false, true // the value ends as in a script, not as in JSON
	if from == 0 || !isQuote(src[from:]) {
		return 0
	}
	return from
}

// listed returns the start of the value of a name that is itself a value, as in
// {"name": "x-api-key", "value": 1234}, or 0. The member after the name starts at i.
func (s *scanner) listed(i int, p pair) int {
	if s.src[p.after-1] != '"' || p.after == s.close+1 && displayed.Get().Match(s.src[max(0, s.open-maxName):s.open]) {
		return 0
	}
	for _, token := range []string{`"value"`, ":"} {
		if !bytes.HasPrefix(s.src[i:], []byte(token)) {
			return 0
		}
		i = s.blank(i+len(token), true)
	}
	return i
}

// isNamePosition reports whether the string that ends at end is where the name of a member
// is expected.
func (s *scanner) isNamePosition(end int) bool {
	if s.close+1 != end {
		return false
	}
	text := bytes.TrimRight(s.src[:s.open], spaces)
	return len(text) == 0 || bytes.HasSuffix(text, []byte("{")) || bytes.HasSuffix(text, []byte(","))
}

// The member that names a setting, and the members between it and the value.
const (
	settingName = `"(?i:@odata\.type|(omaUri)|name|(?:\w*config)?key|header)"\s*:\s*$`
	aValue      = `"(?i:\w*value(?:string)?)"\s*:\s*"((?:[^"\\\n]|\\.)*)"`
	anyMembers  = `(?:\s*,\s*"[^"\\\n]*"\s*:\s*(?:"(?:[^"\\\n]|\\.)*"|[\w.+-]+))*?\s*,\s*`
)

var (
	settingNamed   = lazy.Regexp(settingName)
	settingValue   = lazy.Regexp(`^` + anyMembers + aValue)
	valueOfSetting = lazy.Regexp(aValue + anyMembers + settingName)
)

// setting adds the value of a setting if the current string makes it a credential: it is
// the type of secret settings, or a name, such as the last segment of an OMA-URI. It returns
// the offset after both, or 0.
func (s *scanner) setting(p pair) int {
	end := p.end
	if p.quoted { // a name of several words
		end = p.after - 1
	}
	isType := isSecretType(s.src[p.start:p.end])
	if s.close == 0 || end != s.close || p.kind == none && !isType {
		return 0
	}
	before := s.src[max(0, s.open-searched):s.open]
	if !bytes.HasSuffix(bytes.TrimRight(before, anySpace), []byte(":")) { // the usual case for strings in arrays
		return 0
	}
	name := settingNamed.Get().FindSubmatch(before)
	if name == nil {
		return 0
	}
	of := pair{kind: p.kind, quoted: true, line: true, text: true}
	stored := isType || name[1] != nil // name[1]: an OMA-URI
	if isType {
		of.kind = strong
	} else if stored {
		of.kind = max(p.kind, weak)
	}
	check := func(from int, at []int) bool {
		// For a stored secret, Intune returns a GUID as the value.
		return at != nil && !(stored && guid.Get().Match(s.src[from+at[2]:from+at[3]])) && s.check(from+at[2], from+at[3], of)
	}
	after := end + 1
	if at := settingValue.Get().FindSubmatchIndex(s.src[after:min(len(s.src), after+searched)]); check(after, at) {
		return after + at[3] + 1
	}
	if check(s.open-len(before), valueOfSetting.Get().FindSubmatchIndex(before)) {
		return after
	}
	return 0
}

// isSecretType reports whether text is the type of settings with secret values.
func isSecretType(text []byte) bool { return bytes.HasSuffix(text, []byte("SecretSettingValue")) }

var (
	// told matches the text between the name of a credential and a word after it in prose, as
	// in "the password is ...", and said a word and the text between it and the name, as in
	// "... is the password".
	told = lazy.Regexp(`^[ \t>]+` + anyMark + `(?:(?:is|was|=|-|->|–|→)` + anyMark + `[ \t>]+` + anyMark + `)?((?:[^\x00- "<>,;()\\]|\\[^\x00- "<>,;()nrt])+)`)
	said = lazy.Regexp(`([^\s"'<>,;()/#]+) (?:is|was) (?:the|my|our|your|an?) (?:[\w-]+ ){0,2}$`)
)

const anyMark = "(?:\\\\*[\"'`\\p{Pi}\\p{Pf}])?"

// inProse adds the word after or before the name of a credential in prose if it can only be
// a credential, and returns the offset after both, or 0.
func (s *scanner) inProse(p pair) int {
	if p.kind != strong || p.quoted {
		return 0
	}
	found := func(from, to int) bool {
		text := string(bytes.TrimRight(s.src[from:to], "\\'`"))
		if !looksRandom(text) || isPlaceholder(text) || isURL([]byte(text)) {
			return false
		}
		s.add(from, from+len(text))
		return true
	}
	rest := s.src[p.after:min(len(s.src), p.after+maxExamined)]
	if at := told.Get().FindSubmatchIndex(rest); at != nil && found(p.after+at[2], p.after+at[3]) {
		return p.after + at[3]
	}
	from, _ := s.around(p.start, p.after)
	from = max(from, p.start-maxName)
	if at := said.Get().FindSubmatchIndex(s.src[from:p.start]); at != nil && found(from+at[2], from+at[3]) {
		return p.after
	}
	return 0
}

// value adds the value that starts at from if it is a credential, and returns the offset
// from which to continue.
func (s *scanner) value(from int, p pair) int {
	src := s.src
	limit := len(s.src)
	// The value is inside of the string, unless the closing mark is its start.
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
			return start // credentials in it are found on their own
		}
		found := s.check(first, end, p)
		if end-start > maxExamined || found && !s.broken {
			return next
		}
		return start // in broken text, several values may start here
	}
	if isURL(src[from:limit]) {
		return from
	}
	if c := src[from]; (c == '{' || c == '[') && (p.quoted || p.line) && !bytes.HasPrefix(src[from:], []byte("{{")) {
		if p.kind == bare || (p.kind == topic || p.kind == holder) && !(c == '[' && isQuote(src[s.blank(from+1, true):limit])) {
			return from
		}
		s.inside(from, p)
		return from
	}
	if end := from + literal(src[from:limit]); end > from && (end == limit || strings.IndexByte(" \t\r\n,}]/", src[end]) >= 0) && (p.quoted || p.line) && !p.param {
		if p.number(src[from:end]) {
			s.add(from, end)
		}
		return end
	}
	end := s.unquotedEnd(from, limit, p)
	if s.check(from, end, p) || end-from > maxExamined {
		return end
	}
	return from
}

// check adds a value if it is a credential under its name, and reports whether it is.
func (s *scanner) check(from, end int, p pair) bool {
	value := s.src[from:end]
	if bytes.IndexByte(value[:min(len(value), maxExamined)], '\\') >= 0 {
		value = unescape(value)
	}
	if !p.isCredential(value) {
		return false
	}
	s.add(from, end)
	return true
}

// inside adds the scalars in an object or array whose name suggests a credential, and
// member names that look like passwords. It does nothing inside one that it has searched.
func (s *scanner) inside(from int, p pair) {
	if from < s.insideEnd {
		return
	}
	src, close := s.src, s.close
	s.close = 0
	depth, member := 0, none // member: the kind of the last name
	i := from
	for i < len(s.src) && (depth > 0 || i == from) {
		c := src[i]
		if name, end := s.member(i, len(s.src)); end > 0 {
			if p.kind == strong && isQuote(src[i:]) && looksRandom(string(name)) && !isPlaceholder(string(name)) {
				_, size := quoteAt(src, i)
				s.add(i+size, i+size+len(name))
			}
			member, i = max(p.kind, kindOf(name)), end
			continue
		}
		of := pair{kind: max(p.kind, min(member, strong)), quoted: true, line: true, text: isQuote(src[i:])}
		switch {
		case c == '{' || c == '[':
			depth++
			i++
		case c == '}' || c == ']':
			depth--
			i++
		case isSpace(c) || strings.IndexByte(",:=>/", c) >= 0:
			i = max(i+1, s.blank(i, true))
		case of.text:
			from, end, next := s.quotedValue(i, len(s.src), of)
			s.check(from, end, of)
			member, i = none, max(next, from)
		default:
			member, i = none, max(i+1, s.value(i, of))
		}
	}
	s.insideEnd, s.close = i, close
}
