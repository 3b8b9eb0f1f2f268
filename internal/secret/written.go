package secret

import (
	"bytes"
	"strings"

	"github.com/patchlint/patchlint/internal/lazy"
)

// way is a way to write a name and its value other than with a separator between them. One
// of its expressions may capture the value, which otherwise starts after both.
type way struct {
	prev, next    string           // the bytes of which one is before and after the name, if that matters
	sign          string           // what precedes the string that ends with the name, tested first because before is slow
	before, after *lazy.Expression // the text before the end of the name, if that matters, and after it
	stored        bool             // whether Intune stores the value, and returns a GUID for it
	option        bool             // whether the name must be an option of a command, or ConvertTo-SecureString
	random        bool             // whether the value must look random, because any word can be there
}

// The members of an object that are the name of a setting and its value.
const (
	settingName  = `(?i:(?:field)?id|(?:\w*config)?key|name|header)`
	settingValue = `(?i:\w*value(?:string)?)`
)

const (
	anyMembers = `(?:\s*,\s*"[^"\\\n]*"\s*:\s*(?:"(?:[^"\\\n]|\\.)*"|[\w.+-]+))*?\s*,\s*`
	aValue     = `"` + settingValue + `"\s*:\s*"((?:[^"\\\n]|\\.)*)"`
	inMember   = `"\s*:\s*"[^"\n]*$`
	settings   = `"` + settingName + inMember
	stored     = `"(?i:@odata\.type|omaUri)` + inMember

	mark        = "[\"'`]"
	attributes  = `(?:\s+[\w:.-]+\s*=\s*["'][^"'<>]*["'])*?`
	valued      = `(?:value|val|data|content)\s*=\s*["']([^"'<>]*)["']`
	inAttribute = `(?i)\b(?:id|name|key)\s*=\s*["'][^"'<>]*$`
	element     = `\s*<(?:\w+:)?(?:value|string|data|text)\b[^<>/]*>`
	content     = `(?:` + element + `)?\s*(?:<!\[CDATA\[)?([^<]*?)(?:\]\]>\s*)?</`
)

// ways are the ways to write a pair.
var ways = []way{
	// "name": "NAME", "value": "VALUE", with other members between them
	{next: `"`, sign: ":", before: lazy.Regexp(settings), after: lazy.Regexp(`^"` + anyMembers + aValue)},
	{next: `"`, sign: ":", before: lazy.Regexp(aValue + anyMembers + settings), after: lazy.Regexp(`^"`)},
	{next: `"`, sign: ":", before: lazy.Regexp(stored), after: lazy.Regexp(`^"` + anyMembers + aValue), stored: true},
	{next: `"`, sign: ":", before: lazy.Regexp(aValue + anyMembers + stored), after: lazy.Regexp(`^"`), stored: true},
	// {"NAME", "VALUE"}
	{next: `"`, sign: "{", before: lazy.Regexp(`\{\s*"[^"\n]*$`), after: lazy.Regexp(`^"\s*,\s*"([^"\n]*)"`)},

	// <NAME>VALUE</NAME>
	{prev: "<:", after: lazy.Regexp(`^(?i)` + attributes + `\s*>` + content)},
	// <key>NAME</key><string>VALUE</string>
	{next: "<", after: lazy.Regexp(`^(?i)</(?:\w+:)?(?:key|name|id)\s*>` + element + content)},
	// <LocURI>./NAME</LocURI><Data>VALUE</Data>
	{next: "<", after: lazy.Regexp(`^(?i)</LocURI\s*>(?:[^<]|</?(?:Target|Meta|Format|Type)\b[^<>]*>)*<Data>` + content)},
	// <data id="NAME" value="VALUE"/>, <string name="NAME">VALUE</string>
	{next: `"'`, sign: "=", before: lazy.Regexp(inAttribute), after: lazy.Regexp(`^(?i)["']` + attributes + `\s+` + valued)},
	{next: `"'`, sign: "=", before: lazy.Regexp(`(?i)\b` + valued + attributes + `\s+` + inAttribute), after: lazy.Regexp(`^["']`)},
	{next: `"'`, sign: "=", before: lazy.Regexp(inAttribute), after: lazy.Regexp(`^(?i)["']` + attributes + `\s*>` + content)},

	// set("NAME", "VALUE")
	{next: "\"'`", sign: "(", before: lazy.Regexp(`(?i)\b(?:set\w*|get\w+|put|add|append|header)\(\s*` + mark + `[\w .-]*$`), after: lazy.Regexp(`^` + mark + `\s*,\s*` + mark + `([^\n]*?)` + mark + `\s*[,)]`)},
	// -Name NAME -Value VALUE, setx NAME VALUE
	{next: "\"' ", after: lazy.Regexp(`^(?i)["']?\s+-Value:?\s+["']([^"'\n]*)["']`)},
	{next: "\"' ", before: lazy.Regexp(`(?i)\bsetx(?:\.exe)?\s+["']?[\w.-]*$`), after: lazy.Regexp(`^["']?[ \t]+`)},
	// "VALUE" | ConvertTo-SecureString, --NAME VALUE, ConvertTo-SecureString VALUE
	{option: true, before: lazy.Regexp(mark + "([^\"'`\n]+)" + mark + `\s*\|\s*(?i:ConvertTo-SecureString)$`), after: lazy.Regexp(`^`)},
	{option: true, after: lazy.Regexp(`^(?i)(?:\s+-(?:asplaintext|force|string)\b:?)*\s+`)},
	// the password is VALUE
	{random: true, next: " \t", after: lazy.Regexp(`^[ \t]+(?:(?:is|was|->?)[ \t]+)?` + mark + "?([^\\s\"'`<>,;()]+)")},
}

// enumMember matches the start of a member of an enumeration in $metadata, whose value is
// its number.
var enumMember = lazy.Regexp(`<(?:\w+:)?Member\s[^<>]*$`)

// written adds the value of a name that is written in one of the ways if it is a credential,
// and returns the offset from which to continue, or 0.
func (s *scanner) written(p pair) int {
	const searched = 512 // bytes before and after a name
	first, limit := 0, len(s.src)
	if s.close > 0 && s.open < p.end && p.end < s.close && !s.broken { // in a string
		first, limit = s.open+1, s.close
	}
	first = max(first, p.end-searched)
	before, rest := s.src[first:p.end], s.src[p.end:min(limit, p.end+searched)]
	fits := func(char []byte, chars string) bool { return chars == "" || bytes.ContainsAny(char, chars) }
	next := rest[:min(1, len(rest))]
	sign := bytes.TrimRight(before[:max(0, bytes.LastIndex(before, next))], spaces)
	for _, w := range ways {
		if !fits(s.src[max(0, p.start-1):p.start], w.prev) || !fits(next, w.next) || !bytes.HasSuffix(sign, []byte(w.sign)) ||
			w.option && !p.option || w.random && (p.kind != strong || p.quoted) {
			continue
		}
		after := w.after.Get().FindSubmatchIndex(rest)
		if after == nil {
			continue
		}
		at, text := []int(nil), before
		if w.sign == "=" {
			text = before[1+bytes.LastIndexAny(before, "<>"):] // which an attribute cannot have
		}
		if w.before != nil {
			if at = w.before.Get().FindSubmatchIndex(text); at == nil {
				continue
			}
		}
		of, from, end, next := p, 0, 0, p.after
		switch {
		case len(at) > 2:
			from, end = p.end-len(text)+at[2], p.end-len(text)+at[3]
		case len(after) > 2:
			from, end, next = p.end+after[2], p.end+after[3], p.end+after[1]
		default:
			from = p.end + after[1]
			if of.line = isQuote(s.src[from:limit]); from < limit && strings.IndexByte("-$(", s.src[from]) < 0 {
				return s.value(from, of)
			}
			continue
		}
		of.text, of.line, of.quoted = true, true, p.quoted || p.end == s.close
		value := s.src[from:end]
		if w.stored && guid.Get().Match(value) || w.random && !looksRandom(string(value)) ||
			strings.Trim(string(value), "-0123456789") == "" && enumMember.Get().Match(before) {
			continue
		}
		if s.check(from, end, of) {
			return next
		}
	}
	return 0
}
