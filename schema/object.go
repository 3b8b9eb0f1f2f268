package schema

import "github.com/patchlint/patchlint"

// Object is a JSON object bound to the type that it is of: every member is
// matched to its property once, and of several members of one name the last counts.
// The zero Object is bound to nothing.
type Object struct {
	Type *Type

	values []patchlint.Node // by Property.Index
}

// Value returns the value of a property, the zero Node where the object has
// none or its type does not declare the property.
func (o Object) Value(p *Property) patchlint.Node {
	if p == nil || p.Index < 0 || p.Index >= len(o.values) || o.Type.Properties[p.Index] != p {
		return patchlint.Node{}
	}
	return o.values[p.Index]
}

// set makes a member the value of its property, and returns that; nil for a
// member that the type does not declare.
func (o Object) set(member patchlint.Node) *Property {
	p := o.Type.PropertyOf(member)
	if p != nil {
		o.values[p.Index] = member
	}
	return p
}

// binder has the memory of the objects that are bound at each depth.
type binder struct {
	levels [][]patchlint.Node
	depth  int
}

// open returns an object with none of its members matched. It lasts until the
// call of close that belongs to it.
func (b *binder) open(t *Type) Object {
	if b.depth == len(b.levels) {
		b.levels = append(b.levels, nil)
	}
	values := b.levels[b.depth]
	if cap(values) < len(t.Properties) {
		values = make([]patchlint.Node, len(t.Properties))
	}
	values = values[:len(t.Properties)]
	b.levels[b.depth] = values
	b.depth++
	return Object{t, values}
}

// close lets go of the object that was opened last.
func (b *binder) close() {
	b.depth--
	clear(b.levels[b.depth])
}
