package form

import (
	"strings"

	"github.com/patchlint/patchlint/internal/lazy"
)

// Placeholder reports whether text is or contains a placeholder of a template or a sample,
// such as "<name>", "#{name}#", "%NAME%" or "TODO". Delimiters that mean nothing else in a
// name count anywhere in the text, others only around all of it. A GUID in braces, as
// Windows writes it, JSON, CDATA, and an end tag or an empty element are not placeholders.
func Placeholder(text string) bool {
	text = strings.TrimSpace(text)
	if inner, ok := strings.CutPrefix(text, "{"); ok && IsGUID(strings.TrimSuffix(inner, "}")) {
		return false
	}
	return strings.EqualFold(text, "string") || wholePlaceholder.Get().MatchString(text) ||
		strings.ContainsAny(text, "#$%{_[@") && innerPlaceholder.Get().MatchString(text)
}

var (
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
