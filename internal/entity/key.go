package entity

import (
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

// Key returns the names of the properties that are the key of a type. It returns "id" for
// an unknown type, and none for a type with neither an id nor a published key.
func Key(t *schema.Type) (names []string) {
	if t == nil || !t.Structured() {
		return []string{"id"}
	}
	for _, p := range t.Properties {
		if p.Key {
			names = append(names, p.Name)
		}
	}
	if len(names) == 0 && t.Property("id") != nil {
		return []string{"id"}
	}
	return names
}

// ID returns the key of an object as in a URL, without escapes, or "" if the object does
// not show all of it. It is the text of the property, or for several properties
// a='x',b=1 (OData URL Conventions, 4.3.1).
func ID(t *schema.Type, object patchlint.Node) string {
	names := Key(t)
	var parts []string
	for _, name := range names {
		member := object.Member(name)
		text := KeyText(member)
		switch {
		case text == "":
			return ""
		case len(names) == 1:
			return text
		case member.Kind() == patchlint.String:
			text = "'" + strings.ReplaceAll(text, "'", "''") + "'"
		}
		parts = append(parts, name+"="+text)
	}
	return strings.Join(parts, ",")
}

// KeyText returns the text of the value of a key property, or "" if it has none.
func KeyText(n patchlint.Node) string {
	if n.Kind() == patchlint.Number {
		return string(n.Raw())
	}
	return n.Text()
}

// SameKey reports whether two keys, or values of a key property, are the same.
func SameKey(a, b string) bool { return strings.EqualFold(a, b) }

// Apart returns the first key property of object whose value is different in other, an object
// of the same type. Such a property shows that they are different objects. Apart returns the
// zero Node if nothing shows that.
func Apart(t *schema.Type, object, other patchlint.Node) patchlint.Node {
	if !object.Exists() || !other.Exists() {
		return patchlint.Node{}
	}
	for _, name := range Key(t) {
		member := object.Member(name)
		if a, b := KeyText(member), KeyText(other.Member(name)); a != "" && b != "" && !SameKey(a, b) {
			return member
		}
	}
	return patchlint.Node{}
}

// KeyNames returns the names of the key properties of a type for messages, in quotes.
func KeyNames(t *schema.Type) string {
	var quoted []string
	for _, name := range Key(t) {
		quoted = append(quoted, inert.Quote(name))
	}
	return strings.Join(quoted, " and ")
}
