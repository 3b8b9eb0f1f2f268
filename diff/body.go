package diff

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// body renders the changes as compact JSON.
func (c *comparer) body() []byte {
	size := 100 // more than a name and a type
	for _, change := range c.plan.Changes {
		size += len(change.Property.Name) + len(change.Desired.Raw())
	}
	w := writer{model: c.resource.Model, out: make([]byte, 0, size)}
	w.text("{")
	if t := c.resource; c.ODataType || t != c.declared || t != c.resource.Declared() { // otherwise the service would assume the declared type
		w.typed(c.resource)
	}
	for _, change := range c.plan.Changes {
		w.property(change.Property, c.plan.Desired.Member(change.Property.Name))
		w.value(change.Property, change.Desired)
	}
	w.text("}")
	return w.out
}

// writer writes values for a PATCH body as compact JSON. It preserves the spelling of
// numbers and strings, drops annotations, and writes @odata.type first and with "#" if
// it is needed (OData JSON Format, 4.5.3) or was present.
type writer struct {
	model *schema.Model
	prune bool // see object
	based bool // a base is given; see object
	out   []byte

	place     *place           // of the object that is written
	uncleared []Change         // changes that Prune asks for and the type does not allow
	preserved bool             // a value was left out, or written as in current, because it is ignored, changes nothing, or remains after null
	whole     patchlint.Node   // the complex value whose members were added to those of desired
	kept      []patchlint.Node // by index in the last collection written: the element of current that it comes from, if any
	inPlace   bool             // that collection is written as in current
	element   bool             // the value is an element, written as in desired except what is ignored
	ambiguous patchlint.Node   // an element of current that may or may not be one of desired's, or a collection of desired of which an index is ignored
}

// sides holds the corresponding values in the three objects.
type sides struct{ current, desired, base patchlint.Node }

func (w *writer) text(text string) { w.out = append(w.out, text...) }

// separate writes a comma unless the last byte is an opening bracket.
func (w *writer) separate() {
	if last := w.out[len(w.out)-1]; last != '{' && last != '[' {
		w.text(",")
	}
}

// name writes a comma if needed and the name of a declared property or of control
// information, which never needs escaping.
func (w *writer) name(name string) {
	w.separate()
	w.text(`"`)
	w.text(name)
	w.text(`":`)
}

// key writes a comma if needed and the name of a member as in its source.
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
	if !p.Collection || n.Kind() != patchlint.Array {
		w.single(p, n)
		return
	}
	w.text("[")
	for element := range n.Children() {
		w.separate()
		w.single(p, element)
	}
	w.text("]")
}

func (w *writer) single(p *schema.Property, n patchlint.Node) {
	if p.Type.Structured() && n.Kind() == patchlint.Object {
		w.object(p.Type, schema.Comparison{}, sides{desired: n})
	} else {
		w.plain(n)
	}
}

// property writes the name of a property with the value member, preceded by the annotation
// that states the type of a dynamic property, if any.
func (w *writer) property(p *schema.Property, member patchlint.Node) {
	if p.Stated.Exists() {
		w.key(p.Stated)
		w.plain(p.Stated)
	}
	if p.Dynamic() {
		w.key(member)
	} else {
		w.name(p.Name)
	}
}

// open writes the opening brace and @odata.type of an object, and returns its actual
// type: the one that desired states, else the one in current, else declared. If that is
// unknown or not allowed, the object is foreign, and its change will be refused.
func (w *writer) open(declared *schema.Type, of sides) (t *schema.Type, foreign bool) {
	w.text("{")
	annotation := of.desired.Member("@odata.type")
	kept := !annotation.Exists()
	if kept {
		annotation = of.current.Member("@odata.type")
	}
	switch t = w.model.TypeOf(annotation); {
	case !annotation.Exists():
		return declared, false
	case t == nil || !t.Is(declared):
		w.name("@odata.type")
		w.plain(annotation)
		return declared, kept && !isUntyped(declared)
	case !kept || t != declared:
		w.typed(t)
	}
	return t, false
}

// isUntyped reports whether the properties of a type are unknown.
func isUntyped(t *schema.Type) bool { return t.Name == "Edm.Untyped" }

// plain writes a value as in its source, without white space and comments.
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
