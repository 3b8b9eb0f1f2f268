package schema

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/odata"
)

// anyObject is the type of a dynamic property whose values contain objects of unknown type.
// It allows any value.
var anyObject = &Type{Name: "Edm.Untyped", short: "Untyped", structured: true, Open: true}

// AnyPropertyOf returns the property of the given members, which have the same name in objects
// of type t; some may be absent. It is a declared or inherited property or, in an open
// type, a dynamic one. It returns nil if all are absent, for an annotation, and for an
// unknown member of a type that is not open. The type of a dynamic property is the one that
// an annotation states for the first member, or else one stated for another member if the
// first value is valid for it (OData JSON Format, 4.5.3). Without annotations, the first
// value that is not null shows whether the property is a collection or contains objects.
func (m *Model) AnyPropertyOf(t *Type, members ...patchlint.Node) *Property {
	first := slices.IndexFunc(members, patchlint.Node.Exists)
	if first < 0 {
		return nil
	}
	if p := t.PropertyOf(members[first]); p != nil || !t.Open {
		return p
	}
	name := members[first].Name()
	if strings.ContainsAny(name, "@#") || t.NavigationProperty(name) != nil {
		return nil
	}
	p := &Property{Name: name, Nullable: true, Index: -1}
	p.Collection, p.Type = looks(members)
	value := members[first]
	for _, n := range members[first:] {
		annotation := n.Parent().Member(p.Name + "@odata.type")
		if !annotation.Exists() {
			continue
		}
		stated := *p
		stated.Stated = annotation
		if t := m.stated(annotation.Text(), p.Collection); t != nil {
			stated.Type = t
		}
		if n == value || n.Kind() == value.Kind() && m.takes(value, &stated) {
			return &stated
		}
	}
	return p
}

// looks guesses from the values of a dynamic property whether it is a collection, and its
// type. An empty array counts as a collection only if all values are arrays, because it may
// replace any value.
func looks(values []patchlint.Node) (collection bool, t *Type) {
	isNoArray := func(n patchlint.Node) bool { return n.Kind() != patchlint.Array }
	i := slices.IndexFunc(values, func(n patchlint.Node) bool { return !isEmpty(n) })
	if i < 0 {
		return false, untyped
	}
	value := values[i]
	collection = !isNoArray(value) && (!value.Empty() || !slices.ContainsFunc(values, isNoArray))
	if value.Kind() == patchlint.Object {
		return false, anyObject
	}
	if collection {
		for element := range value.Children() {
			if element.Kind() == patchlint.Object {
				return true, anyObject
			}
		}
	}
	return collection, untyped
}

// stated returns the type in a "property@odata.type" of a dynamic property. It returns nil if
// the type is unknown, or if only one of the type and the value is a collection.
func (m *Model) stated(text string, collection bool) *Type {
	name, many := odata.StatedType(text)
	if many != collection {
		return nil
	}
	t := primitive("Edm." + name)
	if t == nil {
		t = m.typeNamed(name)
	}
	if t == nil || t == edmStream || t.Structured() && t.Abstract {
		return nil
	}
	return t
}

// takes reports whether a value is valid for the property, and for the type that is stated
// for it, if any.
func (m *Model) takes(n patchlint.Node, p *Property) bool {
	w := walker{model: m, of: p.Type, visitor: func(Visit) bool { return true }}
	w.violate = func(patchlint.Node, patchlint.Diagnostic) bool { return true }
	return (!p.Stated.Exists() || w.statedType(p.Stated, n)) && w.value(n, p)
}
