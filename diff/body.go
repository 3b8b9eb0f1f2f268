package diff

import (
	"slices"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// body renders the changes as compact JSON.
func (c *comparer) body() []byte {
	w := writer{model: c.resource.Model}
	w.WriteByte('{')
	if c.ODataType {
		w.WriteString(`"@odata.type":"` + c.resource.Type.TypeName() + `"`)
	}
	for _, change := range c.plan.Changes {
		w.name(change.Property.Name)
		w.value(change.Property, change.Sent)
	}
	w.WriteByte('}')
	return []byte(w.String())
}

// writer renders values as they are sent: compact, numbers and strings as they
// were spelled, without annotations, with @odata.type first and in "#" form
// where it is needed (OData JSON Format, 4.5.3) or was there.
type writer struct {
	strings.Builder
	model *schema.Model
}

// name writes a member name, with the comma before it where one is due.
func (w *writer) name(name string) {
	w.separate('{')
	w.WriteString(strconv.Quote(name) + ":") // names of the model are plain ASCII
}

// separate writes a comma unless the opening bracket was just written.
func (w *writer) separate(opening byte) {
	if last := w.String(); last[len(last)-1] != opening {
		w.WriteByte(',')
	}
}

func (w *writer) value(p *schema.Property, n patchlint.Node) {
	switch {
	case p.Collection && n.Kind() == patchlint.Array:
		w.elements(p, slices.Collect(n.Children()))
	case p.Type.Structured() && n.Kind() == patchlint.Object:
		w.object(p.Type, n)
	default:
		w.Write(n.Raw())
	}
}

func (w *writer) elements(p *schema.Property, list []patchlint.Node) {
	w.WriteByte('[')
	for _, element := range list {
		w.separate('[')
		if p.Type.Structured() && element.Kind() == patchlint.Object {
			w.object(p.Type, element)
		} else {
			w.Write(element.Raw())
		}
	}
	w.WriteByte(']')
}

// object writes what the type knows of an object: what a response may have
// beside that cannot be sent.
func (w *writer) object(declared *schema.Type, n patchlint.Node) {
	t := w.open(declared, n)
	for member := range n.Children() {
		if p := t.Property(member.Name()); p != nil {
			w.name(p.Name)
			w.value(p, member)
		}
	}
	w.WriteByte('}')
}

// open writes the opening brace and @odata.type of an object, and returns its
// actual type.
func (w *writer) open(declared *schema.Type, n patchlint.Node) *schema.Type {
	t := declared
	w.WriteByte('{')
	if annotation := n.Member("@odata.type"); annotation.Exists() {
		if named := w.model.Named(annotation.Text()); named != nil && named.Is(declared) {
			t = named
		}
		w.WriteString(`"@odata.type":"` + t.TypeName() + `"`)
	}
	return t
}

// overlay writes a single complex value: desired, and what desired leaves out
// as current has it, or as null and [] where it is to be pruned.
func (w *writer) overlay(declared *schema.Type, current, desired patchlint.Node, prune bool) {
	t := w.open(declared, desired)
	for member := range desired.Children() {
		p := t.Property(member.Name())
		if p == nil {
			continue
		}
		w.name(p.Name)
		if old := current.Member(p.Name); !p.Collection && p.Type.Structured() && member.Kind() == patchlint.Object && old.Kind() == patchlint.Object {
			w.overlay(p.Type, old, member, prune)
		} else {
			w.value(p, member)
		}
	}
	for member := range current.Children() {
		p := t.Property(member.Name())
		if p == nil || desired.Member(p.Name).Exists() {
			continue
		}
		w.name(p.Name)
		switch {
		case prune && p.Collection:
			w.WriteString("[]")
		case prune && p.Nullable && !p.Required:
			w.WriteString("null")
		default:
			w.value(p, member)
		}
	}
	w.WriteByte('}')
}

// plain writes any value as it stands, without comments.
func (w *writer) plain(n patchlint.Node) {
	switch n.Kind() {
	case patchlint.Object:
		w.WriteByte('{')
		for member := range n.Children() {
			w.separate('{')
			w.key(member)
			w.plain(member)
		}
		w.WriteByte('}')
	case patchlint.Array:
		w.WriteByte('[')
		for element := range n.Children() {
			w.separate('[')
			w.plain(element)
		}
		w.WriteByte(']')
	default:
		w.Write(n.Raw())
	}
}

// key writes the name of a member as it stands.
func (w *writer) key(member patchlint.Node) {
	at := member.Key()
	w.Write(member.Document().Source()[at.Start:at.End])
	w.WriteByte(':')
}
