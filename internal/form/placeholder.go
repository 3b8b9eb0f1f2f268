package form

import (
	"bytes"
	neturl "net/url"
	"slices"
	"unicode/utf8"

	"github.com/patchlint/patchlint/internal/lazy"
)

// Placeholder reports whether text is or contains a placeholder of a template or a sample,
// such as "<name>", "#{name}#", "%NAME%" or "TODO". Delimiters that mean nothing else in a
// name count anywhere in the text, others only around all of it. A GUID in braces, as
// Windows writes it, JSON, CDATA, and an end tag or an empty element are not placeholders.
func Placeholder[T ~string | ~[]byte](of T) bool {
	if !resemblesPlaceholder([]byte(of)) {
		return false
	}
	text := bytes.TrimSpace([]byte(of))
	if bytes.IndexByte(text, '%') >= 0 {
		if decoded, err := neturl.PathUnescape(string(text)); err == nil && utf8.ValidString(decoded) {
			text = []byte(decoded)
		}
	}
	if inner, ok := bytes.CutPrefix(text, []byte("{")); ok && IsGUID(bytes.TrimSuffix(inner, []byte("}"))) {
		return false
	}
	return bytes.EqualFold(text, []byte("string")) || wholePlaceholder.Get().Match(text) || innerPlaceholder.Get().Match(text)
}

// UnfilledURL is the message about a URL for which PlaceholderInURL returns true.
const UnfilledURL = "%s has a placeholder that was not filled in; use the real id"

// PlaceholderInURL reports whether a URL contains a placeholder, possibly percent-encoded. A
// name that only looks like one does not count: the resource /me/todo, the path of a file in
// a drive, or TODO as the name of a sheet in a workbook.
func PlaceholderInURL(url []byte) bool {
	if bytes.IndexByte(url, '%') >= 0 {
		if decoded, err := neturl.PathUnescape(string(url)); err == nil && decoded != string(url) && PlaceholderInURL([]byte(decoded)) {
			return true
		}
	}
	if address, rest, ok := bytes.Cut(url, []byte(":/")); ok && !bytes.HasPrefix(rest, []byte("/")) {
		url = address
	}
	named := false
	for part, rest := []byte(nil), url; len(rest) > 0; {
		end := bytes.IndexAny(rest, "/()'")
		if part, rest = rest, nil; end >= 0 {
			part, rest = part[:end], part[end+1:]
		}
		if len(part) > 0 && part[0] != '$' && string(part) != "todo" && Placeholder(part) && (!named || bytes.ContainsAny(part, "<{")) {
			return true
		}
		named = named || string(part) == "workbook"
	}
	return Placeholder(url)
}

// resemblesPlaceholder reports whether a text has a delimiter or may have the start of a
// placeholder. Most texts have none, and take no time.
func resemblesPlaceholder(text []byte) bool {
	if len(text) == 0 || text[0] <= ' ' || text[0] >= utf8.RuneSelf {
		return len(text) > 0
	}
	for i, c := range text {
		if n := delimiters[c]; n > 0 && (n == 1 || i == 0 || text[i-1] == c) {
			return true
		}
	}
	return slices.ContainsFunc(starts[text[0]|0x20], func(word string) bool {
		return len(text) >= len(word) && bytes.EqualFold(text[:len(word)], []byte(word))
	})
}

var (
	// delimiters maps each character that delimits placeholders to the number of them in a
	// row that does: 2, or 1 at the start of the text.
	delimiters = [256]uint8{'<': 1, '{': 1, '#': 1, '$': 1, '%': 1, '_': 2, '[': 2, '@': 2}
	// starts lists other starts of placeholders by their first character.
	starts = [256][]string{
		't': {"todo", "tbd"}, 'f': {"fixme"}, 'p': {"placeholder"}, 'c': {"change"}, 'r': {"replace"}, 'y': {"your"},
		'i': {"insert"}, 'e': {"enter"}, 's': {"string"}, 'x': {"xxx"}, '(': {"(("},
	}

	wholePlaceholder = lazy.Regexp(`(?is)^(?:` +
		`<(?:[^<>/!]|![^<>[])(?:[^<>]*[^<>/])?>|<%[^<>]+%>|\$?\{+[^{}"]+\}+|«[^«»]+»|` + // markup, braces, mail merge
		`\(\([\w./-]+\)\)|#[a-z]\w*#|@[a-z][\w.-]*@|` + // Concourse, Octopus, Autoconf
		`\$(?:env:|script:|global:)?[a-z_]\w*(?:\.\w+)*\$?|` + // a variable of a shell, StringTemplate
		`\[(?:parameters|variables|concat|format|reference|your|insert|enter)\b[^\[\]]*\]|` + // Azure Resource Manager, prose
		`(?:TODO|FIXME|TBD|PLACEHOLDER|CHANGE[_ -]?(?:ME|THIS)|REPLACE[_ -]?(?:ME|THIS|WITH))\b.*|` +
		`(?:YOUR|INSERT|ENTER)[_-][\w-]+|INSERT .* HERE|` +
		`x{3,36}|x{8}(?:-x{4}){3}-x{12}` + // the shape of a GUID
		`)$`)
	innerPlaceholder = lazy.Regexp(
		`#\{[^{}]+\}|\$\{[^{}]+\}|\$\([^()\s]+\)|\$\[[^\[\]]+\]|` + // Octopus and Azure DevOps, shells, Azure Pipelines
			`\{\{[^{}]+\}\}|\{%[^{}]+%\}|<%=[^<>]+%>|` + // Jinja, Mustache, ERB
			`%[A-Za-z_]\w*%(?:[^\\]|$)|(?:^|\W)__[A-Za-z](?:\w*[A-Za-z0-9])?__(?:$|\W)|` + // cmd, Replace Tokens
			`\[\[[^\[\]]+\]\]|@@[^@\s]+@@`)
)
