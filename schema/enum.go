package schema

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/spelling"
)

func (w *walker) enum(n patchlint.Node, p *Property) bool {
	t := p.Type
	switch n.Kind() {
	case patchlint.String:
		if text := n.TextBytes(); findMember(t, text) != nil || t.Flags && t.namesFlags(text) {
			return true
		}
	case patchlint.Number:
		v := wrong(n, wrongType, "%s takes a name in a string, not a number; must be one of %s", inert.Quote(p.Name), list(t.memberNames()))
		if name := t.numbered(string(n.Raw())); name != "" {
			v.Suggestion, v.certain = fixes.Quote(name), true
			v.Message = fmt.Sprintf("%s takes a name in a string, not a number; write %s for %s", inert.Quote(p.Name), v.Suggestion, n.Raw())
		}
		return w.refuse(v)
	default:
		if joined := t.joined(n); joined != "" {
			quoted := fixes.Quote(joined)
			v := wrong(n, wrongType, "%s takes one string, not an array; write %s", inert.Quote(p.Name), quoted)
			v.Suggestion = quoted
			return w.refuse(v)
		}
		return w.wrongType(n, p, "a string that names a member ("+list(t.memberNames())+")", "", false)
	}
	text := n.Text()
	v := wrong(n, enumValue, "invalid value %s; must be %s", inert.Quote(text), oneOf(t.memberNames()))
	if t.Flags {
		v.Message = fmt.Sprintf("invalid value %s; must be one or more of %s, separated by commas", inert.Quote(text), list(t.memberNames()))
	}
	if text != "" && unicode.IsLetter(rune(text[0])) && !form.Placeholder(text) { // else it cannot be a name
		v.Message += w.model.unlessAdded(t)
	}
	// A number in a string is for values without a member (OData JSON Format, 7.1).
	if name := t.numbered(text); name != "" {
		v.Suggestion, v.certain = fixes.Quote(name), true
		v.Message = fmt.Sprintf("%s is the number of %s; use the name, because it is unknown whether the service accepts numbers", inert.Quote(text), v.Suggestion)
		return w.refuse(v)
	}
	if near, certain := t.nearMembers(text); near != "" {
		v.Suggestion, v.certain = fixes.Quote(near), certain
		v.Message = fmt.Sprintf("invalid value %s; did you mean %s?", inert.Quote(text), v.Suggestion)
		if p.anyCase && near == t.anyCaseMember(text) {
			v.allowed = true
			v.Message = fmt.Sprintf("%s is %s in the metadata and in responses; samples show that the service accepts both, but write %[2]s", inert.Quote(text), v.Suggestion)
		}
	}
	return w.refuse(v) || v.allowed
}

// numbered returns the name of the first member with the given numeric value, or "".
func (t *Type) numbered(number string) string {
	for _, m := range t.Members {
		if m.number == number && number != "" {
			return m.Name
		}
	}
	return ""
}

// joined converts an array of member names to the string that the enumeration takes:
// one name, or several with commas between them for flags. It returns "" for any other
// value.
func (t *Type) joined(array patchlint.Node) string {
	var names []string
	for element := range array.Children() {
		if array.Kind() != patchlint.Array || findMember(t, element.TextBytes()) == nil || len(names) > 0 && !t.Flags {
			return ""
		}
		names = append(names, element.Text())
	}
	return strings.Join(names, ",")
}

// anyCaseMember returns the member that a text names, ignoring the case of ASCII letters, or "".
func (t *Type) anyCaseMember(text string) string {
	for _, m := range t.Members {
		if len(m.Name) == len(text) && strings.EqualFold(m.Name, text) { // "ſ", which is folded to "s", is longer
			return m.Name
		}
	}
	return ""
}

// nearMembers returns the member that a text most likely means, or for flags all of
// them, or "". certain reports whether it is the only possible meaning.
func (t *Type) nearMembers(text string) (near string, certain bool) {
	written := []string{text}
	if t.Flags {
		written = strings.Split(text, ",")
	}
	certain = true
	for i, name := range written {
		name = strings.TrimSpace(name)
		meant := spelling.Correction(name, t.memberNames())
		if meant == "" {
			return "", false
		}
		written[i], certain = meant, certain && strings.EqualFold(meant, name) && name != "String" // samples have "String" instead of a member
	}
	return strings.Join(written, ","), certain
}

// namesFlags reports whether a text is a comma-separated list of members (OData ABNF,
// enumValue), which may have spaces around them.
func (t *Type) namesFlags(text []byte) bool {
	for name := range bytes.SplitSeq(text, []byte{','}) {
		if findMember(t, bytes.Trim(name, " ")) == nil {
			return false
		}
	}
	return true
}

// flags returns the sorted members in a text that namesFlags accepts.
func flags(text string) []string {
	members := strings.Split(text, ",")
	for i := range members {
		members[i] = strings.Trim(members[i], " ")
	}
	slices.Sort(members)
	return slices.Compact(members)
}

// anyCasePattern returns a pattern of the members in any case. It lists both cases of each
// letter, because RE2 and ECMA-262 have no common notation to ignore case.
func (t *Type) anyCasePattern() string {
	var names []string
	for _, name := range t.memberNames() {
		var pattern strings.Builder
		for _, r := range name {
			if lower, upper := unicode.ToLower(r), unicode.ToUpper(r); lower != upper {
				fmt.Fprintf(&pattern, "[%c%c]", lower, upper)
			} else {
				pattern.WriteString(regexp.QuoteMeta(string(r)))
			}
		}
		names = append(names, pattern.String())
	}
	return "^(?:" + strings.Join(names, "|") + ")$"
}

// flagsPattern returns a pattern of the texts that namesFlags accepts.
func (t *Type) flagsPattern() string {
	var names []string
	for _, name := range t.memberNames() {
		names = append(names, regexp.QuoteMeta(name))
	}
	one := " *(?:" + strings.Join(names, "|") + ") *"
	return "^" + one + "(?:," + one + ")*$"
}
