package schema

import (
	"slices"
	"strconv"

	"github.com/patchlint/patchlint"
)

// uncertain returns what of a payload the plan does not certify, as Node.Value
// returns it: the members whose values it does not accept, of collections the
// elements, and with them what every object needs. The JSON Schema says of that
// what it says of the whole, because it holds the members of an object and the
// elements of an array each for itself. What is refused already, and all that is
// in it, is taken for certain. ok is false where nothing is left to ask about.
func (r *Resource) uncertain(root patchlint.Node, refused map[patchlint.Node]bool) (value any, left elements, ok bool) {
	if refused[root] {
		return nil, nil, false
	}
	if !decidable(root.Document()) || root.Kind() != patchlint.Object || !r.Type.Structured() || !r.Type.plan.simple {
		return root.Value(), nil, true
	}
	a := accepter{model: r.Model, refused: refused}
	rest := make(map[string]any)
	ok = r.Type.Abstract || slices.ContainsFunc(r.Type.Properties, func(p *Property) bool {
		return p.Required && !root.Member(p.Name).Exists()
	})
	for member := range root.Children() {
		p := r.Type.PropertyOf(member)
		switch {
		case refused[member]:
		case member.NameIs("@odata.type"):
			if r.Model.named[member.Text()] != r.Type {
				return root.Value(), nil, true // of another type, or of none
			}
			rest["@odata.type"] = member.Value()
		case p == nil:
			if name, plain := member.PlainName(); !plain || !annotates(name) {
				rest[member.Name()], ok = member.Value(), true
			}
		case p.Required, !p.Collection, member.Kind() != patchlint.Array:
			certain := a.value(member, p)
			if p.Required || !certain {
				rest[p.Name] = member.Value()
			}
			ok = ok || !certain
		default:
			var uncertain []any
			i := 0
			for element := range member.Children() {
				if !refused[element] && !a.single(element, p) {
					if left == nil {
						left = make(elements)
					}
					left[p.Name] = append(left[p.Name], i)
					uncertain = append(uncertain, element.Value())
				}
				i++
			}
			if len(uncertain) > 0 {
				rest[p.Name], ok = uncertain, true
			}
		}
	}
	return rest, left, ok
}

// elements are the indices of those elements that uncertain leaves in each
// collection.
type elements map[string][]int

// pointer returns the pointer into the whole for one into what is left.
func (e elements) pointer(p patchlint.Pointer) patchlint.Pointer {
	name, below := p.Cut()
	left, ok := e[name]
	if !ok || below == "" {
		return p
	}
	index, inside := below.Cut()
	i, err := strconv.Atoi(index)
	if err != nil || i >= len(left) {
		return p
	}
	return patchlint.Pointer("").Append(name).AppendIndex(left[i]) + inside
}
