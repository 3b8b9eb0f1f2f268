package secret

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	"github.com/patchlint/patchlint/internal/lazy"
)

// pairAt returns the pair whose name is, or ends with, the word from start to end.
func (s *scanner) pairAt(start, end int) pair {
	src := s.src
	if s.close > 0 && s.open < start && end <= s.close {
		if k := s.ofString(); k != none {
			return pair{kind: k, start: start, end: s.close, after: s.close + 1, quoted: true, line: true}
		}
	}
	p := pair{kind: kindOf(src[start:end]), start: start, end: end, after: end}
	p.option = src[start] == '-' || bytes.EqualFold(src[start:end], []byte("ConvertTo-SecureString"))
	if p.kind <= bare && start > 0 && src[start-1] == ' ' {
		phrase := start - len(words.Get().Find(src[max(0, start-maxName):start]))
		if k := kindOf(src[phrase:end]); k > p.kind {
			p.kind, start = k, phrase
		}
	}
	if p.kind == none {
		return p
	}
	opening, size := quoteBefore(src, start)
	if _, n := quoteAt(src, end); n > 0 {
		p.quoted, p.after = opening != 0 || s.broken, end+n
	}
	before := bytes.TrimRight(src[:start-size], " \t")
	switch at := len(before); {
	case at == 0:
		p.line = true
	case strings.IndexByte("?&;", src[at-1]) >= 0:
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

// words matches the words before the last of a name in prose, as in "client secret value".
var words = lazy.Regexp(`(?:[\w.-]+ ){1,2}$`)

// ofString returns the kind of the current string if all of it can be a name.
func (s *scanner) ofString() kind {
	if s.close == 0 || s.close-s.open > maxName {
		return none
	}
	name := s.src[s.open+1 : s.close]
	if bytes.ContainsFunc(name, func(r rune) bool {
		return r > ' ' && r != '\\' && !unicode.IsLetter(r) && (r >= 0x80 || !isNameByte(byte(r)))
	}) {
		return none
	}
	return kindOf(name)
}

// assigned adds the value of a name after a separator, and returns the offset from which to
// continue, or 0 if the value is missing.
func (s *scanner) assigned(p pair) int {
	at := s.blank(p.after, p.quoted)
	rest := s.src[at:]
	n := 0 // the length of the separator
	switch {
	case len(rest) == 0 || bytes.HasPrefix(rest, []byte("://")):
		return 0
	case rest[0] == ':' || rest[0] == '=':
		n = run(rest[:min(len(rest), 3)], ":=>")
	case !p.quoted || !isQuote(rest) && !(s.broken && strings.IndexByte("[{", rest[0]) >= 0): // in quotation marks, the separator may be missing
		return 0
	}
	from := s.blank(at+n, p.quoted)
	p.param = p.param || rest[0] == '=' && n == 1 && at == p.after && from == at+n && !p.quoted
	return s.value(from, p)
}

// value adds the value that starts at from if it is a credential, and returns the offset
// from which to continue.
func (s *scanner) value(from int, p pair) int {
	src := s.src
	limit := len(src)
	// The value is inside the string, unless the closing mark is its start.
	if s.close > 0 && from <= s.close && !(s.broken && from == s.close) {
		limit = s.close
	}
	if from >= limit {
		return from
	}
	if c := src[from]; (c == '{' || c == '[') && (p.quoted || p.line) && !bytes.HasPrefix(src[from:], []byte("{{")) {
		texts := c == '[' && isQuote(src[s.blank(from+1, true):limit])
		if p.kind != bare && (p.kind != topic && p.kind != holder || texts) {
			s.inside(from, p)
		}
		return from
	}
	start, end, next := s.extent(from, limit, &p)
	ofSetting := p.kind == bare && valueFollows.Get().Match(src[next:])
	found := !(ofSetting && !containsRandom(src[start:end])) && s.check(start, end, p)
	if end-from > maxExamined || found && !(s.broken && p.text) {
		return next
	}
	return from // in broken text, several values may start here
}

// valueFollows matches the text after a "key" that is the name of a setting, as in a
// keyStringValuePair, and a credential only if it is random.
var valueFollows = lazy.Regexp(`^\s*,\s*"(?i:value)(?:@[\w.]+)?"\s*:`)

// containsRandom reports whether a part of a name between its separators looks random.
func containsRandom(name []byte) bool {
	parts := strings.FieldsFunc(string(name), func(r rune) bool { return r >= 0x80 || !isAlnum(byte(r)) })
	return slices.ContainsFunc(parts, looksRandom)
}

// check adds a value if it is a credential under its name, and reports whether it is.
func (s *scanner) check(from, end int, p pair) bool {
	value := s.src[from:end]
	ok := false
	if literal.Get().Match(value) && !(p.quoted && p.text) {
		n := len(number.Get().Find(value))
		ok = p.kind == strong && n >= 4 || p.kind != bare && n >= 8
	} else {
		if p.quoted && bytes.IndexByte(value[:min(len(value), maxExamined)], '\\') >= 0 {
			value = unescape(value)
		}
		ok = p.isCredential(value)
	}
	if ok {
		s.add(from, end)
	}
	return ok
}

var (
	// literal matches a number, true, false or null.
	literal = lazy.Regexp(`^\s*(?:true|false|null|-?[0-9][0-9.eE+-]*)\s*$`)
	number  = lazy.Regexp(`[0-9][0-9.eE+-]*`)
)

var (
	// typeName matches the name of a type in an annotation (OData JSON Format, 4.5.3).
	typeName = lazy.Regexp(`^(?:#|microsoft\.graph\.)[\w.()]+$`)

	isSettingName  = lazy.Regexp(`^"` + settingName + `"$`)
	isSettingValue = lazy.Regexp(`^"` + settingValue + `"$`)
)

// inside adds the scalars in an object or array whose name suggests a credential, except
// types, and words that are the name of a value in the same object. It does nothing inside
// one that it has searched.
func (s *scanner) inside(from int, p pair) {
	if from < s.insideEnd {
		return
	}
	src, close := s.src, s.close
	s.close = 0
	depth, member, name := 0, none, []byte(nil) // member: the kind of name, which is the last
	type scalar struct {
		start, end int
		of         pair
	}
	// Since the last bracket: the words that are the name of a value if there is one.
	words, valued := []scalar(nil), false
	decide := func() {
		for _, w := range words {
			if !valued {
				s.check(w.start, w.end, w.of)
			}
		}
		words, valued = words[:0], false
	}
	i := from
	for i < len(src) && (depth > 0 || i == from) {
		if found := memberName.Get().FindSubmatch(src[i:min(len(src), i+maxExamined)]); found != nil {
			name = found[1]
			member, i = kindOf(name), i+len(name)
			valued = valued || isSettingValue.Get().Match(name)
			continue
		}
		switch c := src[i]; {
		case c == '{' || c == '[':
			decide()
			depth++
			i++
		case c == '}' || c == ']':
			decide()
			depth--
			i++
		case strings.IndexByte(spaces+",:=>/", c) >= 0:
			i = max(i+1, s.blank(i, true))
		default:
			of := pair{kind: max(p.kind, min(member, strong)), quoted: true, line: true}
			start, end, next := s.extent(i, len(src), &of)
			switch {
			case bytes.HasSuffix(name, []byte(`@odata.type"`)) && typeName.Get().Match(src[start:end]):
			case isSettingName.Get().Match(name) && isWords(string(src[start:end])):
				words = append(words, scalar{start, end, of})
			default:
				s.check(start, end, of)
			}
			member, name, i = none, nil, max(i+1, next)
		}
	}
	decide()
	s.insideEnd, s.close = i, close
}
