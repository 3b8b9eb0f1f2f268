// Package identity tells one object of a type from another, by the key of the type: the id
// of most of them.
package identity

import (
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

// Key lists the names of the properties that are the key of a type: "id" of one that is
// not known, and none of a type with neither an id nor a key that is published.
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

// Of returns the key of an object as a URL has it, without its escapes, "" where the object
// does not show all of it. It is the text of the one property, else a='x',b=1 (OData URL
// Conventions, 4.3.1).
func Of(t *schema.Type, object patchlint.Node) string {
	names := Key(t)
	var parts []string
	for _, name := range names {
		member := object.Member(name)
		text := Text(member)
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

// Text returns the text of the value of a key property, "" where it has none.
func Text(n patchlint.Node) string {
	if n.Kind() == patchlint.Number {
		return string(n.Raw())
	}
	return n.Text()
}

// Same reports whether two keys, or values of a key property, are the same.
func Same(a, b string) bool { return strings.EqualFold(a, b) }

// Apart returns the first member of the key of an object for which another object of the
// type has another value: they are not the same object. It does not exist where nothing
// shows that.
func Apart(t *schema.Type, object, other patchlint.Node) patchlint.Node {
	for _, name := range Key(t) {
		member := object.Member(name)
		if a, b := Text(member), Text(other.Member(name)); a != "" && b != "" && !Same(a, b) {
			return member
		}
	}
	return patchlint.Node{}
}

// Names names the key of a type for a message: "id" in quotes, for most.
func Names(t *schema.Type) string {
	var quoted []string
	for _, name := range Key(t) {
		quoted = append(quoted, inert.Quote(name))
	}
	return strings.Join(quoted, " and ")
}
