package form

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/patchlint/patchlint/internal/lazy"
)

// Placeholder reports whether text is or contains a placeholder of a template or a sample,
// such as "<name>", "#{name}#", "%NAME%", "TODO" or "****". Delimiters that mean nothing else in a
// name count anywhere in the text, others only around all of it. A GUID in braces, as
// Windows writes it, JSON, CDATA, an end tag or an empty element, and percent-encoding are
// not placeholders.
func Placeholder[T ~string | ~[]byte](of T) bool {
	if !resemblesPlaceholder([]byte(of)) {
		return false
	}
	text := bytes.TrimSpace([]byte(of))
	if _, encoded := percentDecoded(text); encoded {
		text = bytes.ReplaceAll(text, []byte("%"), []byte(",")) // which delimits no placeholder
	}
	return isPlaceholder(text) || hasDelimiter(text) && innerPlaceholder.Get().Match(text)
}

// UnfilledURL is the message about a URL, with the placeholder that PlaceholderInURL returns.
const UnfilledURL = "%s in the URL is a placeholder that was not filled in; use the real id"

// PlaceholderInURL returns a placeholder in the path of a URL, percent-decoded, or nil. Only
// one with delimiters or the shape of a GUID counts, because a resource may have the name
// TODO. The path of a file in a drive may have any name.
func PlaceholderInURL(url []byte) (placeholder []byte) {
	url, _, _ = bytes.Cut(url, []byte("?"))
	certain := func(text []byte) bool {
		return hasDelimiter(text) || bytes.Contains(text, []byte("xxxx-xxxx")) || bytes.Contains(text, []byte("XXXX-XXXX"))
	}
	if !certain(url) {
		return nil
	}
	url, _ = percentDecoded(url)
	if url = pathInDrive.Get().ReplaceAll(url, nil); isPlaceholder(url) {
		return url
	}
	for part := range bytes.FieldsFuncSeq(url, func(r rune) bool { return strings.ContainsRune("/()'", r) }) {
		if part[0] != '$' && certain(part) && isPlaceholder(part) {
			return part
		}
	}
	for _, inner := range innerPlaceholder.Get().FindSubmatch(url) {
		if inner != nil {
			placeholder = inner // of a group, without the characters around it
		}
	}
	if placeholder != nil || bytes.Contains(url, []byte("/workbook/")) { // where a sheet may be "Sheet{1}"
		return placeholder
	}
	parts := partOfID.Get().FindAll(url, -1)
	if i := slices.IndexFunc(parts, isPlaceholder); i >= 0 {
		return parts[i]
	}
	return nil
}

// percentDecoded returns a text with its percent-encoding decoded once. encoded is false,
// and the text unchanged, if it has none or is not valid.
func percentDecoded(text []byte) (decoded []byte, encoded bool) {
	if bytes.IndexByte(text, '%') < 0 {
		return text, false
	}
	unescaped, err := url.PathUnescape(string(text))
	if err != nil || !utf8.ValidString(unescaped) {
		return text, false
	}
	return []byte(unescaped), true
}

// isPlaceholder reports whether all of a text is a placeholder.
func isPlaceholder(text []byte) bool {
	inner, braces := bytes.CutPrefix(text, []byte("{"))
	return !(braces && IsGUID(bytes.TrimSuffix(inner, []byte("}")))) && wholePlaceholder.Get().Match(text)
}

// resemblesPlaceholder reports whether a text has a delimiter or may have the start of a
// placeholder. Most texts have none, and take no time.
func resemblesPlaceholder(text []byte) bool {
	if len(text) == 0 || text[0] <= ' ' || text[0] >= utf8.RuneSelf {
		return len(text) > 0
	}
	return hasDelimiter(text) || slices.ContainsFunc(starts[text[0]|0x20], func(word string) bool {
		return len(text) >= len(word) && bytes.EqualFold(text[:len(word)], []byte(word))
	})
}

// hasDelimiter reports whether a text has a character that delimits placeholders.
func hasDelimiter(text []byte) bool {
	for i, c := range text {
		if n := delimiters[c]; n > 0 && (n == 1 || i == 0 || text[i-1] == c) {
			return true
		}
	}
	return false
}

var (
	// delimiters maps each character that delimits placeholders to the number of them in a
	// row that does: 2, or 1 at the start of the text.
	delimiters = [256]uint8{'<': 1, '{': 1, '#': 1, '$': 1, '%': 1, '_': 2, '[': 2, '@': 2}
	// starts lists other starts of placeholders by their first character.
	starts = [256][]string{
		't': {"todo", "tbd"}, 'f': {"fixme"}, 'p': {"placeholder"}, 'c': {"change"}, 'r': {"replace"}, 'y': {"your"},
		'i': {"insert"}, 'e': {"enter"}, 's': {"string"}, 'x': {"xxx"}, '(': {"(("}, '*': {"***"},
	}

	wholePlaceholder = lazy.Regexp(`(?is)^(?:` +
		`<(?:[^<>/!]|![^<>[])(?:[^<>]*[^<>/])?>|<%[^<>]+%>|\$?\{+[^{}"]+\}+|«[^«»]+»|` + // markup, braces, mail merge
		`\(\([\w./-]+\)\)|#[a-z]\w*#|@[a-z][\w.-]*@|` + // Concourse, Octopus, Autoconf
		`\$(?:env:|script:|global:)?[a-z_]\w*(?:\.\w+)*\$?|` + // a variable of a shell, StringTemplate
		`\[(?:parameters|variables|concat|format|reference|your|insert|enter)\b[^\[\]]*\]|` + // Azure Resource Manager, prose
		`(?:TODO|FIXME|TBD|PLACEHOLDER|CHANGE[_ -]?(?:ME|THIS)|REPLACE[_ -]?(?:ME|THIS|WITH))\b.*|` +
		`(?:YOUR|INSERT|ENTER)[_-][\w-]+|INSERT .* HERE|` +
		`string|x{3,36}|x{8}(?:-x{4}){3}-x{12}|` + // the shape of a GUID
		`\*{3,}` + // a mask
		`)$`)
	innerPlaceholder = lazy.Regexp(
		`#\{[^{}]+\}|\$\{[^{}]+\}|\$\([^()\s]+\)|\$\[[^\[\]]+\]|` + // Octopus and Azure DevOps, shells, Azure Pipelines
			`\{\{[^{}]+\}\}|\{%[^{}]+%\}|<%=[^<>]+%>|` + // Jinja, Mustache, ERB
			`(%[A-Za-z_]\w*%)(?:[^\\]|$)|(?:^|\W)(__[A-Za-z](?:\w*[A-Za-z0-9])?__)(?:$|\W)|` + // cmd, Replace Tokens
			`\[\[[^\[\]]+\]\]|@@[^@\s]+@@`)
	// partOfID matches a placeholder for a part of an id, as in that of a site. No id in a URL
	// has such a part, unless it is a GUID in braces.
	partOfID = lazy.Regexp(`\{[^{}/]+\}|<[^<>/]+>|(?i:x{8}(?:-x{4}){3}-x{12})`)
	// pathInDrive matches the path of a file in a URL, and the colons around it.
	pathInDrive = lazy.Regexp(`:/[^/:][^:]*:?`)
)
