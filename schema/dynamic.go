package schema

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
)

// anyObject is the type of a dynamic property of which nothing is known but that there are
// objects in it. Every object can be one, and what is no object is not refused.
var anyObject = &Type{Name: "Edm.Untyped", short: "Untyped", Category: Complex, Open: true}

// DynamicOf is Dynamic for the members of one name that several objects of the type have;
// some may be absent. The property is of the type that is stated beside the first of them,
// else of one that is stated beside another and that the first can be of (OData JSON
// Format, 4.5.3). Where none is, the first value that is not null shows whether it is a
// collection or has objects in it.
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

// looks tells from the values of a dynamic property whether it is a collection, and its
// type. An empty array is one where all are arrays: it may stand for any value.
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

// stated returns the type that a "property@odata.type" states for a dynamic property, nil
// where it is not known or is for a collection and the value is not, or the other way round.
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
// primitive types, and whether it is that of a collection.
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

// takes reports whether a value can be one of the property.
func (m *Model) takes(n patchlint.Node, p *Property) bool {
	w := walker{Walker: &Walker{model: m}, of: p.Type, visitor: new(violations)}
	return w.value(n, p)
}

// dynamic walks a member that an open type lets its objects have.
func (w *walker) dynamic(member patchlint.Node, t *Type) bool {
	p := w.model.DynamicOf(t, member)
	return p == nil || p.Type == untyped || w.value(member, p)
}
