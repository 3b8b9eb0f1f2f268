package diff

import (
	"bytes"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// body renders the changes as compact JSON.
func (c *comparer) body() []byte {
	size := len(`{"@odata.type":"",}`) + len(c.resource.Type.Name)
	for _, change := range c.plan.Changes {
		size += len(`"":,`) + len(change.Property.Name) + len(change.Sent.Raw())
	}
	w := writer{model: c.resource.Model, out: make([]byte, 0, size)}
	w.text("{")
	if c.ODataType || c.resource.Type != c.declared { // or it would be taken for the declared type
		w.typed(c.resource.Type)
	}
	for _, change := range c.plan.Changes {
		w.name(change.Property.Name)
		w.value(change.Property, change.Sent)
	}
	w.text("}")
	return w.bytes()
}

// writer renders values as they are sent: compact, numbers and strings as they
// were spelled, without annotations, with @odata.type first and in "#" form
// where it is needed (OData JSON Format, 4.5.3) or was there.
//
// Most of what is sent stands in a document just so. What is written is
// therefore held back as a run of a document's source for as long as the source
// goes on with it, and copied when it does not: an array that is written the
// way it is sent is copied in one piece.
type writer struct {
	model      *schema.Model
	out        []byte
	doc        *patchlint.Document
	source     []byte // of doc; out is to be followed by source[start:end]
	start, end int
	// The @odata.type that was met last, for most elements have the same.
	spelt []byte
	named *schema.Type
	// Objects that were sent as they stand, where that type is declared. What
	// stands around the strings of an object, and its @odata.type, decides that,
	// and most elements of a collection are of a few kinds that differ in their
	// ids and in nothing else.
	asItStands [8]struct {
		declared *schema.Type
		object   patchlint.Node
	}
	next int // which of them is given up next
}

// bytes returns what was written.
func (w *writer) bytes() []byte {
	w.out = append(w.out, w.source[w.start:w.end]...)
	w.start = w.end
	return w.out
}

// at takes note that what is written next may stand in a document, from the
// offset on.
func (w *writer) at(doc *patchlint.Document, offset int) {
	if doc != w.doc || offset != w.end {
		w.bytes()
		w.doc, w.source, w.start, w.end = doc, doc.Source(), offset, offset
	}
}

// text writes text.
func (w *writer) text(text string) {
	if end := w.end + len(text); end <= len(w.source) && string(w.source[w.end:end]) == text {
		w.end = end
		return
	}
	w.out = append(w.bytes(), text...)
}

// raw writes a value as it stands.
func (w *writer) raw(n patchlint.Node) {
	if n.Exists() {
		w.span(n.Document(), n.Span())
	}
}

func (w *writer) span(doc *patchlint.Document, s patchlint.Span) {
	w.at(doc, s.Start)
	w.end = s.End
}

// separate writes a comma unless the opening bracket was just written.
func (w *writer) separate(opening byte) {
	written := w.out
	if w.start < w.end {
		written = w.source[w.start:w.end]
	}
	if written[len(written)-1] != opening {
		w.text(",")
	}
}

// name writes a member name, with the comma before it where one is due.
func (w *writer) name(name string) {
	w.separate('{')
	w.text(`"`)
	w.text(name) // names of the model are plain ASCII
	w.text(`":`)
}

// typed writes the @odata.type of an object of type t.
func (w *writer) typed(t *schema.Type) {
	w.text(`"@odata.type":"#`)
	w.text(t.Name)
	w.text(`"`)
}

func (w *writer) value(p *schema.Property, n patchlint.Node) {
	if p.Collection && n.Kind() == patchlint.Array {
		w.at(n.Document(), n.Span().Start)
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
	w.separate('[')
	if n.Kind() != patchlint.Object {
		w.single(p, n)
		return
	}
	for i := range w.asItStands {
		if like := &w.asItStands[i]; like.declared == p.Type && like.object.Alike(n, "@odata.type") {
			w.raw(n)
			return
		}
	}
	w.single(p, n)
	if span := n.Span(); w.doc == n.Document() && w.start <= span.Start && w.end == span.End {
		like := &w.asItStands[w.next]
		like.declared, like.object = p.Type, n
		w.next = (w.next + 1) % len(w.asItStands)
	}
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
		if p := t.PropertyOf(member); p != nil {
			w.name(p.Name)
			w.value(p, member)
		}
	}
	w.text("}")
}

// open writes the opening brace and @odata.type of an object, and returns its
// actual type.
func (w *writer) open(declared *schema.Type, n patchlint.Node) *schema.Type {
	t := declared
	w.at(n.Document(), n.Span().Start)
	w.text("{")
	if annotation := typeAnnotation(n); annotation.Exists() {
		if raw := annotation.Raw(); !bytes.Equal(raw, w.spelt) {
			w.spelt, w.named = raw, w.model.TypeOf(annotation)
		}
		if w.named == nil || !w.named.Is(declared) { // in current, and refused
			w.text(`"@odata.type":`)
			w.raw(annotation)
			return declared
		}
		t = w.named
		w.typed(t)
	}
	return t
}

// typeAnnotation returns the @odata.type of an object, which as a rule stands
// in front.
func typeAnnotation(n patchlint.Node) patchlint.Node {
	for member := range n.Children() {
		if member.NameIs("@odata.type") {
			return member
		}
		break
	}
	return n.Member("@odata.type")
}

// overlay writes a single complex value: desired, and what desired leaves out
// as current has it, or as null and [] where it is to be pruned.
func (w *writer) overlay(declared *schema.Type, current, desired patchlint.Node, prune bool) {
	t := w.open(declared, desired)
	for member := range desired.Children() {
		p := t.PropertyOf(member)
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
		p := t.PropertyOf(member)
		if p == nil || desired.Member(p.Name).Exists() {
			continue
		}
		w.name(p.Name)
		switch {
		case p.Collection && (prune || member.Kind() == patchlint.Null):
			w.text("[]") // what null means in current
		case prune && p.Nullable && !p.Required:
			w.text("null")
		default:
			w.value(p, member)
		}
	}
	w.text("}")
}

// plain writes any value as it stands, without comments.
func (w *writer) plain(n patchlint.Node) {
	switch n.Kind() {
	case patchlint.Object:
		w.at(n.Document(), n.Span().Start)
		w.text("{")
		for member := range n.Children() {
			w.separate('{')
			w.key(member)
			w.plain(member)
		}
		w.text("}")
	case patchlint.Array:
		w.at(n.Document(), n.Span().Start)
		w.text("[")
		for element := range n.Children() {
			w.separate('[')
			w.plain(element)
		}
		w.text("]")
	default:
		w.raw(n)
	}
}

// key writes the name of a member as it stands.
func (w *writer) key(member patchlint.Node) {
	w.span(member.Document(), member.Key())
	w.text(":")
}
