package diff

import (
	"encoding/json"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// body renders the changes as compact JSON.
func (c *comparer) body() []byte {
	size := len(`{"@odata.type":""}`) + len(c.resource.Type.TypeName())
	for _, change := range c.plan.Changes {
		size += len(change.Property.Name) + change.Sent.Span().Len() + len(`,"":`)
	}
	w := writer{model: c.resource.Model, out: make([]byte, 0, size)}
	w.text("{")
	if t := c.resource.Type; c.ODataType || t != c.declared || t != c.resource.Declared() { // or it would be taken for the declared type
		w.typed(c.resource.Type)
	}
	for _, change := range c.plan.Changes {
		name, _ := json.Marshal(change.Property.Name) // that of an undeclared property can be any text
		w.separate()
		w.out = append(append(w.out, name...), ':')
		w.value(change.Property, change.Sent)
	}
	w.text("}")
	return w.out
}

// writer renders values as they are sent: compact, numbers and strings as they
// were spelled, without annotations, with @odata.type first and in "#" form
// where it is needed (OData JSON Format, 4.5.3) or was there.
type writer struct {
	model *schema.Model
	out   []byte

	uncleared []Skip // what overlay would have cleared, had its type allowed it
}

func (w *writer) text(text string) { w.out = append(w.out, text...) }

func (w *writer) raw(n patchlint.Node) { w.out = append(w.out, n.Raw()...) }

// separate writes a comma unless a bracket was just opened.
func (w *writer) separate() {
	if last := w.out[len(w.out)-1]; last != '{' && last != '[' {
		w.text(",")
	}
}

// name writes the name of a declared property or of control information, with the
// comma before it where one is due. Neither has characters to escape.
func (w *writer) name(name string) {
	w.separate()
	w.text(`"`)
	w.text(name)
	w.text(`":`)
}

// typed writes the @odata.type of an object of type t.
func (w *writer) typed(t *schema.Type) {
	w.name("@odata.type")
	w.text(`"#`)
	w.text(t.Name)
	w.text(`"`)
}

func (w *writer) value(p *schema.Property, n patchlint.Node) {
	if p.Collection && n.Kind() == patchlint.Array {
		w.text("[")
		for element := range n.Children() {
			w.element(p, element)
		}
		w.text("]")
		return
	}
	w.single(p, n)
}

// element writes an element of an array, with the comma before it where one is
// due.
func (w *writer) element(p *schema.Property, n patchlint.Node) {
	w.separate()
	w.single(p, n)
}

func (w *writer) single(p *schema.Property, n patchlint.Node) {
	if p.Type.Structured() && n.Kind() == patchlint.Object {
		w.object(p.Type, n)
	} else {
		w.raw(n)
	}
}

// object writes what the type knows of an object: what a response may have
// beside that cannot be sent.
func (w *writer) object(declared *schema.Type, n patchlint.Node) {
	t := w.open(declared, n)
	for member := range n.Children() {
		switch p := propertyOf(t, member); {
		case p == nil:
		case p.Index < 0:
			w.member(member, member)
		default:
			w.name(p.Name)
			w.value(p, member)
		}
	}
	w.text("}")
}

// propertyOf returns the property that a member of an object of type t is the value
// of; nil for annotations and for what the type does not have. Index is below 0 where
// an open type does not declare it.
func propertyOf(t *schema.Type, member patchlint.Node) *schema.Property {
	p := t.PropertyOf(member)
	if p == nil && t.Open {
		p = t.Dynamic(member.Name())
	}
	return p
}

// open writes the opening brace and @odata.type of an object, and returns its
// actual type.
func (w *writer) open(declared *schema.Type, n patchlint.Node) *schema.Type {
	w.text("{")
	annotation := n.Member("@odata.type")
	if !annotation.Exists() {
		return declared
	}
	t := w.model.TypeOf(annotation)
	if t == nil || !t.Is(declared) { // in current, and refused
		w.name("@odata.type")
		w.raw(annotation)
		return declared
	}
	w.typed(t)
	return t
}

// overlay writes a single complex value, to which at leads: desired, and what
// desired leaves out as current has it, or as null and [] where it is to be pruned.
func (w *writer) overlay(declared *schema.Type, at patchlint.Pointer, current, desired patchlint.Node, prune bool) {
	t := w.open(declared, desired)
	had, wanted := schema.Bind(current, t), schema.Bind(desired, t)
	for member := range desired.Children() {
		p := propertyOf(t, member)
		if p == nil {
			continue
		}
		if p.Index < 0 {
			w.member(member, member)
			continue
		}
		w.name(p.Name)
		if old := had.Value(p); !p.Collection && p.Type.Structured() && member.Kind() == patchlint.Object && old.Kind() == patchlint.Object {
			w.overlay(p.Type, at.Append(p.Name), old, member, prune)
		} else {
			w.value(p, member)
		}
	}
	for member := range current.Children() {
		p := propertyOf(t, member)
		if p == nil || wanted.Value(p).Exists() || p.Index < 0 && desired.Member(p.Name).Exists() {
			continue
		}
		if p.Index < 0 {
			w.member(member, member)
			if prune {
				w.uncleared = append(w.uncleared, Skip{at.Append(p.Name), p, Undeclared, member, patchlint.Node{}})
			}
			continue
		}
		w.name(p.Name)
		switch {
		case p.Collection && (prune || member.Kind() == patchlint.Null):
			w.text("[]") // what null means in current
		case prune && p.Nullable && !p.Required:
			w.text("null")
		default:
			if prune {
				w.uncleared = append(w.uncleared, Skip{at.Append(p.Name), p, NotClearable, member, patchlint.Node{}})
			}
			w.value(p, member)
		}
	}
	w.text("}")
}

// plain writes any value as it is, without comments.
func (w *writer) plain(n patchlint.Node) {
	switch n.Kind() {
	case patchlint.Object:
		w.text("{")
		for member := range n.Children() {
			w.member(member, member)
		}
		w.text("}")
	case patchlint.Array:
		w.text("[")
		for element := range n.Children() {
			w.separate()
			w.plain(element)
		}
		w.text("]")
	default:
		w.raw(n)
	}
}

// member writes the name of one member, as it is written, with the value of
// another.
func (w *writer) member(name, value patchlint.Node) {
	w.separate()
	key := name.Key()
	w.out = append(append(w.out, name.Document().Source()[key.Start:key.End]...), ':')
	w.plain(value)
}
