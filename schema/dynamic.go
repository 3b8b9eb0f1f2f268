package schema

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
)

// anyObject is the type of a dynamic property whose values contain objects of unknown type.
// It allows any value.
var anyObject = &Type{Name: "Edm.Untyped", short: "Untyped", Category: Complex, Open: true}

// DynamicOf is like Dynamic for the members with one name of several objects of the type,
// some of which may be absent. The type of the property is the one that an annotation
// states for the first member, or else one stated for another member if the first value is
// valid for it (OData JSON Format, 4.5.3). Without annotations, the first value that is
// not null shows whether the property is a collection or contains objects.
func (m *Model) DynamicOf(t *Type, members ...patchlint.Node) *Property {
	first := slices.IndexFunc(members, patchlint.Node.Exists)
	if first < 0 || !t.Open {
		return nil
	}
	p := t.Dynamic(members[first].Name())
	if p == nil {
		return nil
	}
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
	name, many := statedName(text)
	if many != collection {
		return nil
	}
	t := primitive("Edm." + name)
	if t == nil {
		t = m.Named(name)
	}
	if t == nil || t == edmStream || t.Structured() && t.Abstract {
		return nil
	}
	return t
}

// statedName returns the name in a "property@odata.type", without the namespace of the
// primitive types, and whether it names a collection.
func statedName(text string) (name string, many bool) {
	name, many = strings.CutPrefix(strings.TrimPrefix(text, "#"), "Collection(")
	if closed, ok := strings.CutSuffix(name, ")"); many && ok {
		name = closed
	}
	return strings.TrimPrefix(name, "Edm."), many
}

// StateTheSame reports whether two "property@odata.type" state the same type.
func StateTheSame(a, b patchlint.Node) bool {
	one, many := statedName(a.Text())
	other, others := statedName(b.Text())
	return one == other && many == others
}

// takes reports whether a value is valid for the property.
func (m *Model) takes(n patchlint.Node, p *Property) bool {
	w := walker{Walker: &Walker{model: m}, of: p.Type, visitor: new(violations)}
	return w.value(n, p)
}

// dynamic walks a dynamic member of an object of an open type.
func (w *walker) dynamic(member patchlint.Node, t *Type) bool {
	p := w.model.DynamicOf(t, member)
	return p == nil || p.Type == untyped || w.value(member, p)
}
