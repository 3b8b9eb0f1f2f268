package odata

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
)

// ContextOf returns the @odata.context of an object, or else of the nearest value around it
// that has one, such as a response in a $batch response. It returns the zero Node if
// none of them has one.
func ContextOf(object patchlint.Node) (annotation patchlint.Node) {
	for n := object; n.Exists() && !annotation.Exists(); n = n.Parent() {
		annotation = n.Member("@odata.context")
	}
	return annotation
}

// Context is a parsed @odata.context (OData Protocol, 10):
// https://host/VERSION/$metadata#PATH(SELECTED)/$entity.
type Context struct {
	Base     string   // the URL before "#"
	Version  string   // the segment before $metadata
	Path     []string // the segments to the set or the object, with casts and inner keys, or a type
	Selected []string // the list of $select; nil if all properties are shown
	Entity   bool     // whether it describes one object: it ends in $entity or names a type
	Delta    bool     // whether the response may show only the changed properties
}

// ParseContext parses an @odata.context.
func ParseContext(text string) (c Context) {
	if text == "" { // the usual case
		return c
	}
	base, fragment, _ := strings.Cut(delimiters.Replace(strings.TrimSpace(text)), "#")
	c.Base = base
	if above, _, ok := strings.Cut(base, "$metadata"); ok {
		if _, rest, absolute := strings.Cut(above, "://"); absolute {
			_, above, _ = strings.Cut(rest, "/")
		}
		c.Version = strings.Trim(path.Base(above), "./") // "" for "..", and for a host alone
	}
	for _, segment := range split(fragment, '/') {
		switch segment {
		case "":
		case "$entity":
			c.Entity = true
		case "$delta":
			c.Delta = true
		default:
			c.Path = append(c.Path, segment)
		}
	}
	if last := len(c.Path) - 1; last >= 0 && !strings.HasPrefix(c.Path[last], "Collection(") {
		// Parentheses before another name contain a key. After the last name they contain the
		// selected properties: the context of one object has /$entity there instead of its
		// key (OData Protocol, 10.3). A key there, which some write, adds nothing.
		name, inside, _ := strings.Cut(c.Path[last], "(")
		c.Path[last] = name
		if items := split(strings.TrimSuffix(inside, ")"), ','); !isKey(items) {
			c.Selected = selection(items)
		}
		c.Entity = c.Entity || last == 0 && strings.Contains(name, ".")
	}
	return c
}

// delimiters decodes the characters that separate the parts of a context.
var delimiters = strings.NewReplacer("%24", "$", "%27", "'", "%28", "(", "%29", ")", "%2C", ",", "%2c", ",")

// Names returns the last segment of the path that is not a type, without its key, and the
// type after it. The type is a cast or, if every segment is a type, what the context names.
func (c Context) Names() (set, of string) {
	for _, segment := range slices.Backward(c.Path) {
		name, isType := nameIn(segment)
		if !isType {
			return name, of
		}
		of = cmp.Or(of, name)
	}
	return "", of
}

// Uncast returns the path without casts.
func (c Context) Uncast() string {
	return strings.Join(slices.DeleteFunc(slices.Clone(c.Path), func(segment string) bool {
		_, isType := nameIn(segment)
		return isType
	}), "/")
}

// nameIn returns the name in a segment, and whether it names a type.
func nameIn(segment string) (name string, isType bool) {
	name, inside, _ := strings.Cut(segment, "(")
	if name == "Collection" {
		return strings.TrimSuffix(inside, ")"), true
	}
	return name, strings.Contains(name, ".")
}

// split returns the parts of a text between separators that are not in parentheses or quotes.
func split(text string, separator byte) (parts []string) {
	depth, start, quoted := 0, 0, false
	for i := range len(text) {
		switch c := text[i]; {
		case c == '\'': // two escape one
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == separator && depth == 0:
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	return append(parts, text[start:])
}

// isKey reports whether the list in parentheses in a context is a key, not a list of
// properties.
func isKey(list []string) bool {
	return slices.ContainsFunc(list, func(item string) bool {
		name, _, _ := strings.Cut(item, "(")
		return strings.ContainsAny(name, "'-=@") || name != "" && name[0] >= '0' && name[0] <= '9'
	})
}

// selection returns the properties that a context selects, without casts. Expanded
// properties, which parentheses or "+" follow, are shown in addition, and a context with
// only such properties selects nothing (OData Protocol 4.01, 10.8 to 10.11).
func selection(list []string) (selected []string) {
	for _, item := range list {
		name, _, expanded := strings.Cut(item, "(")
		for first, rest, cast := strings.Cut(name, "/"); cast && strings.Contains(first, "."); first, rest, cast = strings.Cut(name, "/") {
			name = rest
		}
		switch {
		case name == "" || name == "*":
			return nil
		case !expanded && !strings.HasSuffix(name, "+"):
			selected = append(selected, name)
		}
	}
	return selected
}
