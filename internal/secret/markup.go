package secret

import (
	"bytes"
	"strings"

	"github.com/patchlint/patchlint/internal/lazy"
)

// XML and commands are in the strings of a payload: profiles, settings and scripts.
// There a quotation mark and a slash may be escaped, and white space may be.

// anySpace has the characters that \s matches.
const anySpace = " \t\n\f\r"

const (
	gap        = `(?:\s|\\[nrt])`
	mark       = `\\?["']`
	attributes = `(?:` + gap + `+[\w:.-]+\s*=\s*` + mark + `[^"'<>\\]*` + mark + `)*?`
	valued     = `(?:value|val|data|content)`
	content    = `(?:` + gap + `*<(?:\w+:)?(?:value|string|data)\b[^<>/]*>)?` + gap + `*(?:<!\[CDATA\[)?` + gap + `*`
)

var (
	// What is between a name and the text that it is the name of: the rest of a tag,
	// <password>...; of an element, <key>Password</key><string>...; and of the address
	// of a node in SyncML.
	endOfTag  = lazy.Regexp(`^(?i)` + attributes + `\s*>` + content)
	endOfName = lazy.Regexp(`^(?i)\s*<\\?/(?:\w+:)?(?:key|name|id)\s*>` + gap + `*<(?:\w+:)?(?:value|string|data|text)\b[^<>/]*>` + content)
	endOfNode = lazy.Regexp(`^(?i)\s*<\\?/LocURI\s*>(?:[^<]|<\\?/?(?:Target|Meta|Format|Type)\b[^<>]*>)*<Data>` + content)
	// An attribute that is a name, and the one with its value after and before it.
	startOfAttribute = lazy.Regexp(`(?i)\b(?:id|name|key)\s*=\s*` + mark + `$`)
	attributeAfter   = lazy.Regexp(`^(?i)` + attributes + gap + `+` + valued + `\s*=\s*` + mark)
	attributeBefore  = lazy.Regexp(`(?i)\b` + valued + `\s*=\s*` + mark + `([^"'<>\\]*)` + mark + attributes + gap + `+\w+\s*=\s*` + mark + `$`)

	// What is between ConvertTo-SecureString and its argument, and before it the
	// argument that is piped.
	secureOptions = lazy.Regexp(`^(?i)(?:\s+-(?:asplaintext|force|string)\b:?)*\s+`)
	secureInput   = lazy.Regexp(mark + `([^"'\\\n]+)` + mark + `\s*\|\s*$`)
)

// searched is how many bytes before and after a name are searched for what leads to
// its value.
const searched = 512

// around is the part of the text that a name can have its value in, from not too far
// before it: of the string around it, if there is one. A string can start right after
// the name.
func (s *scanner) around(start, after int) (from, limit int) {
	if s.close > 0 && s.open < start && after <= s.close {
		return max(s.open+1, start-searched), s.close
	}
	return max(0, start-searched), s.limit
}

// markup masks the value in XML that belongs to a name, and returns where to go on, 0
// where there is none.
func (s *scanner) markup(start, after int, p pair) int {
	from, limit := s.around(start, after)
	before, rest := s.src[from:start], s.src[after:min(limit, after+searched)]
	p.quoted, p.text, p.line = false, true, true
	tag := bytes.TrimRightFunc(before[max(0, len(before)-maxName):], func(r rune) bool { return r == ':' || r < 0x80 && isNameByte(byte(r)) })
	tail := before[max(0, len(before)-16):]
	attribute := bytes.IndexByte(tail, '=') >= 0 && startOfAttribute.Get().Match(tail)
	n, node := 0, false
	switch {
	case bytes.HasSuffix(tag, []byte("<")):
		n = len(endOfTag.Get().Find(rest))
	case attribute:
		if at := attributeAfter.Get().FindIndex(rest); at != nil {
			from := after + at[1] - 1
			if s.src[from-1] == '\\' {
				from--
			}
			return s.value(from, p)
		}
		if at := attributeBefore.Get().FindSubmatchIndex(before); at != nil && s.judge(from+at[2], from+at[3], p) {
			return after
		}
		n = len(endOfTag.Get().Find(rest))
	case bytes.HasPrefix(bytes.TrimLeft(rest, anySpace), []byte("<")):
		if n = len(endOfName.Get().Find(rest)); n == 0 {
			n, node = len(endOfNode.Get().Find(rest)), true
		}
	}
	first := after + n
	if n == 0 || isURL(s.src[first:limit]) {
		return 0
	}
	end := limit
	if i := bytes.IndexByte(s.src[first:limit], '<'); i >= 0 {
		end = first + i
	}
	for _, mark := range []string{"]]>", `\n`, `\r`, `\t`} {
		end = first + len(bytes.TrimSuffix(s.src[first:end], []byte(mark)))
	}
	if node && literal(s.src[first:end]) == end-first && !p.number(s.src[first:end]) {
		return 0 // it turns something on or off
	}
	if s.judge(first, end, p) {
		return end
	}
	return 0
}

// command masks the value that a command line has after the name of an option, or
// around ConvertTo-SecureString, and returns where to go on, 0 where there is none.
func (s *scanner) command(start, end int, p pair) int {
	from, limit := s.around(start, end)
	skip := s.skipSpaces(end, limit) - end
	switch word := s.src[start:end]; {
	case bytes.EqualFold(word, []byte("ConvertTo-SecureString")):
		p.kind = strong
		if at := secureInput.Get().FindSubmatchIndex(s.src[from:start]); at != nil {
			p.text, p.line = true, true
			s.judge(from+at[2], from+at[3], p)
			return end
		}
		skip = len(secureOptions.Get().Find(s.src[end:min(limit, end+searched)]))
	case p.kind == none, p.quoted, !bytes.HasPrefix(word, []byte("-")):
		return 0
	}
	from = end + skip
	if skip == 0 || from >= limit || strings.IndexByte("-$(", s.src[from]) >= 0 {
		return 0
	}
	p.line = isQuote(s.src[from:limit])
	if next := s.value(from, p); next > from {
		return next
	}
	return 0
}
