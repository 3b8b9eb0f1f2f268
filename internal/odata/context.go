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
	Path     []string // the segments to the set or the object, with keys and casts, or a type
	Selected []string // the list of $select; nil if all properties are shown
	Entity   bool     // whether it describes one object: it ends in $entity or names a type
	Delta    bool     // whether the response may show only the changed properties
}

// ParseContext parses an @odata.context.
func ParseContext(text string) (c Context) {
	base, fragment, _ := strings.Cut(strings.TrimSpace(text), "#")
	c.Base = base
	if above, _, ok := strings.Cut(strings.ReplaceAll(base, "%24", "$"), "$metadata"); ok {
		if _, rest, absolute := strings.Cut(above, "://"); absolute {
			_, above, _ = strings.Cut(rest, "/")
		}
		c.Version = strings.Trim(path.Base(above), "./") // "" for "..", and for a host alone
	}
	list := false
	for _, segment := range split(fragment, '/') {
		name, inside, _ := strings.Cut(segment, "(")
		inside = strings.TrimSuffix(inside, ")")
		switch name {
		case "":
		case "$entity":
			c.Entity = true
		case "$delta":
			c.Delta = true
		case "Collection":
			c.Path, c.Selected, list = append(c.Path, inside), nil, true
		default:
			c.Selected = nil
			if items := split(inside, ','); !isKey(items) {
				c.Selected, segment = selection(items), name
			}
			c.Path = append(c.Path, segment)
		}
	}
	if set, of := c.Names(); set == "" && of != "" && !list {
		c.Entity = true
	}
	return c
}

// Names returns the last segment of the path that is not a type, without its key, and the
// type after it. The type is a cast or, if there is no such segment, the type that the
// context names.
func (c Context) Names() (set, of string) {
	for _, segment := range slices.Backward(c.Path) {
		name, _, _ := strings.Cut(segment, "(")
		if !strings.Contains(name, ".") {
			return name, of
		}
		of = cmp.Or(of, name)
	}
	return "", of
}

// Uncast returns the path without casts.
func (c Context) Uncast() string {
	return strings.Join(slices.DeleteFunc(slices.Clone(c.Path), func(segment string) bool {
		name, _, _ := strings.Cut(segment, "(")
		return strings.Contains(name, ".")
	}), "/")
}

// split returns the parts of a text between separators that are not in parentheses.
func split(text string, separator byte) (parts []string) {
	depth, start := 0, 0
	for i := range len(text) {
		switch {
		case text[i] == '(':
			depth++
		case text[i] == ')':
			depth--
		case text[i] == separator && depth == 0:
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
