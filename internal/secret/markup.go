package secret

import (
	"bytes"
	"strings"

	"github.com/patchlint/patchlint/internal/lazy"
)

// This file finds credentials in XML and command lines, which are in strings of payloads as
// profiles, settings and scripts. There, quotation marks, slashes and white space may be
// escaped.

// anySpace is the white space that \s matches.
const anySpace = " \t\n\f\r"

const (
	gap        = `(?:\s|\\[nrt])`
	mark       = `\\?["']`
	attributes = `(?:` + gap + `+[\w:.-]+\s*=\s*` + mark + `[^"'<>\\]*` + mark + `)*?`
	valued     = `(?:value|val|data|content)`
	content    = `(?:` + gap + `*<(?:\w+:)?(?:value|string|data)\b[^<>/]*>)?` + gap + `*(?:<!\[CDATA\[)?` + gap + `*`
)

var (
	// The text between a name and its value: the rest of a tag, as in <password>...; of an
	// element, as in <key>Password</key><string>...; or of the address of a node in SyncML.
	endOfTag  = lazy.Regexp(`^(?i)` + attributes + `\s*>` + content)
	endOfName = lazy.Regexp(`^(?i)\s*<\\?/(?:\w+:)?(?:key|name|id)\s*>` + gap + `*<(?:\w+:)?(?:value|string|data|text)\b[^<>/]*>` + content)
	endOfNode = lazy.Regexp(`^(?i)\s*<\\?/LocURI\s*>(?:[^<]|<\\?/?(?:Target|Meta|Format|Type)\b[^<>]*>)*<Data>` + content)
	// An attribute whose value is a name, and the attribute with its value after and before it.
	startOfAttribute = lazy.Regexp(`(?i)\b(?:id|name|key)\s*=\s*` + mark + `$`)
	attributeAfter   = lazy.Regexp(`^(?i)` + attributes + gap + `+` + valued + `\s*=\s*` + mark)
	attributeBefore  = lazy.Regexp(`(?i)\b` + valued + `\s*=\s*` + mark + `([^"'<>\\]*)` + mark + attributes + gap + `+\w+\s*=\s*` + mark + `$`)

	// The text between ConvertTo-SecureString and its argument.
	secureOptions = lazy.Regexp(`^(?i)(?:\s+-(?:asplaintext|force|string)\b:?)*\s+`)
	// A string that is piped to ConvertTo-SecureString or compared with a name.
	stringBefore = lazy.Regexp(mark + `([^"'\\\n]+)` + mark + `\s*(?:\||[!=]==?)\s*$`)
	// The text before the name of a variable that setx sets.
	setxBefore = lazy.Regexp(`(?i)\bsetx\s+(?:/m\s+)?$`)

	// Commands with a password that has no name.
	unnamedArgument = lazy.Regexp(`^(?i)(?:` +
		`curl(?:\.exe)?\s(?:[^\n]*?\s)??(?:-u|--user)(?:\s*|=)(?:` + mark + `)?[^\s:"'\\]+:` + argument +
		`|net1?(?:\.exe)? +user +\S+ +` + argument +
		`|net1?(?:\.exe)? +use +(?:\w: +)?\\\\\S+(?: +/\S+)* +` + argument +
		`|sshpass +-p *` + argument + `)`)
)

const argument = `(?:` + mark + `)?([^\s"'/\\*-][^\s"'\\]*)`

// unnamed adds the password of a command without options for it, and returns the offset
// after it, or 0.
func (s *scanner) unnamed(start int) int {
	if c := s.src[start] | 0x20; c != 'c' && c != 'n' && c != 's' || start > 0 && isAlnum(s.src[start-1]) {
		return 0 // "internet user" is not a command
	}
	_, limit := s.around(start, start)
	at := unnamedArgument.Get().FindSubmatchIndex(s.src[start:min(limit, start+maxExamined)])
	for i := 2; i < len(at); i += 2 {
		if at[i] >= 0 && s.check(start+at[i], start+at[i+1], pair{kind: strong, line: true}) {
			return start + at[i+1]
		}
	}
	return 0
}

// searched is the number of bytes before and after a name that are searched for the way to
// its value.
const searched = 512

// around returns the part of the text where the value of a name can be: in the string
// around the name, if there is one, and at most searched bytes before it. The current
// string may also start right after the name.
func (s *scanner) around(start, after int) (from, limit int) {
	if s.close > 0 && s.open < start && after <= s.close {
		return max(s.open+1, start-searched), s.close
	}
	return max(0, start-searched), len(s.src)
}

// markup adds the value of a name in XML if it is a credential, and returns the offset
// after it, or else 0.
func (s *scanner) markup(p pair) int {
	if p.kind == none {
		return 0
	}
	start, after := p.start, p.after
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
		if at := attributeBefore.Get().FindSubmatchIndex(before); at != nil && s.check(from+at[2], from+at[3], p) {
			return after
		}
		n = len(endOfTag.Get().Find(rest))
	case bytes.HasPrefix(bytes.TrimLeft(rest, anySpace), []byte("<")):
		if n = len(endOfName.Get().Find(rest)); n == 0 {
			n, node = len(endOfNode.Get().Find(rest)), true
		}
	}
	first := after + n
	if n == 0 || isURL(s.src[first:limit]) || isQuote(s.src[first:limit]) {
		return 0 // a quotation mark is after a placeholder such as <PASSWORD>
	}
	end := limit
	if i := bytes.IndexByte(s.src[first:limit], '<'); i >= 0 {
		end = first + i
	}
	for _, mark := range []string{"]]>", `\n`, `\r`, `\t`} {
		end = first + len(bytes.TrimSuffix(s.src[first:end], []byte(mark)))
	}
	if node && literal(s.src[first:end]) == end-first && !p.number(s.src[first:end]) {
		return 0 // the value of a switch
	}
	if s.check(first, end, p) {
		return end
	}
	return 0
}

// command adds the value of an option of a command line, the argument of
// ConvertTo-SecureString, or a string that is compared with a name, if it is a credential. It
// returns the offset after it, or 0.
func (s *scanner) command(p pair) int {
	from, limit := s.around(p.start, p.end)
	word, before := s.src[p.start:p.end], s.src[from:p.start]
	operator := "="
	secure := bytes.EqualFold(word, []byte("ConvertTo-SecureString"))
	if secure {
		p.kind, operator = strong, "|"
	} else if p.kind == none || p.quoted {
		return 0
	}
	if bytes.HasSuffix(bytes.TrimRight(before, anySpace), []byte(operator)) {
		at := stringBefore.Get().FindSubmatchIndex(before)
		if at == nil {
			return 0
		}
		p.text, p.line = true, true
		s.check(from+at[2], from+at[3], p)
		return p.end
	}
	skip := s.skipSpaces(p.end, limit) - p.end
	switch {
	case secure:
		skip = len(secureOptions.Get().Find(s.src[p.end:min(limit, p.end+searched)]))
	case !bytes.HasPrefix(word, []byte("-")) && !setxBefore.Get().Match(before[max(0, len(before)-16):]):
		return 0
	}
	from = p.end + skip
	if skip == 0 || from >= limit || strings.IndexByte("-$(", s.src[from]) >= 0 {
		return 0
	}
	p.line = isQuote(s.src[from:limit])
	if next := s.value(from, p); next > from {
		return next
	}
	return 0
}
