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
	prune bool // see object
	out   []byte

	uncleared []Skip // what object would have cleared, had its type allowed it
}

func (w *writer) text(text string) { w.out = append(w.out, text...) }

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

// key writes the name of a member, as it is written.
func (w *writer) key(member patchlint.Node) {
	w.separate()
	key := member.Key()
	w.out = append(append(w.out, member.Document().Source()[key.Start:key.End]...), ':')
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
		w.object(p.Type, "", patchlint.Node{}, n)
	} else {
		w.plain(n)
	}
}

// object writes what the type knows of an object: what a response may have
// beside that cannot be sent. Where there is a current value of the place that at
// leads to, what desired leaves out is written as current has it, or as null and []
// where it is to be pruned.
func (w *writer) object(declared *schema.Type, at patchlint.Pointer, current, desired patchlint.Node) {
	t := w.open(declared, desired)
	for member := range desired.Children() {
		p := propertyOf(t, member)
		if p == nil {
			continue
		}
		w.property(p, member)
		if old := current.Member(p.Name); merges(p, old, member) {
			w.object(p.Type, at.Append(p.Name), old, member)
		} else {
			w.value(p, member)
		}
	}
	for member := range current.Children() {
		p := propertyOf(t, member)
		if p == nil || desired.Member(p.Name).Exists() {
			continue
		}
		w.property(p, member)
		switch {
		case p.Collection && (w.prune || member.Kind() == patchlint.Null):
			w.text("[]") // what null means in current
		case w.prune && isDeclared(p) && p.Nullable && !p.Required:
			w.text("null")
		default:
			w.value(p, member)
			if w.prune {
				reason := NotClearable
				if !isDeclared(p) {
					reason = Undeclared
				}
				w.uncleared = append(w.uncleared, Skip{at.Append(p.Name), p, reason, member, patchlint.Node{}})
			}
		}
	}
	w.text("}")
}

// merges reports whether a value is sent with what it leaves out of current's: a
// single complex value, because services have been seen resetting that.
func merges(p *schema.Property, current, desired patchlint.Node) bool {
	return !p.Collection && p.Type.Structured() && current.Kind() == patchlint.Object && desired.Kind() == patchlint.Object
}

// propertyOf returns the property that a member of an object of type t is the value
// of, declared or not; nil for annotations and for what the type does not have.
func propertyOf(t *schema.Type, member patchlint.Node) *schema.Property {
	p := t.PropertyOf(member)
	if p == nil && t.Open {
		p = t.Dynamic(member.Name())
	}
	return p
}

// isDeclared reports whether the type of an object declares a property. An open type
// takes others.
func isDeclared(p *schema.Property) bool { return p.Index >= 0 }

// property writes the name of a member that is the value of a property.
func (w *writer) property(p *schema.Property, member patchlint.Node) {
	if isDeclared(p) {
		w.name(p.Name)
	} else {
		w.key(member)
	}
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
		w.plain(annotation)
		return declared
	}
	w.typed(t)
	return t
}

// plain writes any value as it is, without white space and comments.
func (w *writer) plain(n patchlint.Node) {
	switch n.Kind() {
	case patchlint.Object:
		w.text("{")
		for member := range n.Children() {
			w.key(member)
			w.plain(member)
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
		w.out = append(w.out, n.Raw()...)
	}
}
