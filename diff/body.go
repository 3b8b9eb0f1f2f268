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
	based bool // there is a base, see object
	out   []byte

	uncleared []Skip // what object would have cleared, had its type allowed it
	spared    bool   // object has come to what does not count
}

// sides are the values of a place in the three objects.
type sides struct{ current, desired, base patchlint.Node }

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
		w.list(p, n, nil)
		return
	}
	w.single(p, n)
}

// list writes an array with more elements at its end.
func (w *writer) list(p *schema.Property, n patchlint.Node, more []patchlint.Node) {
	w.text("[")
	for element := range n.Children() {
		w.element(p, element)
	}
	for _, element := range more {
		w.element(p, element)
	}
	w.text("]")
}

// element writes an element of an array, with the comma before it where one is
// due.
func (w *writer) element(p *schema.Property, n patchlint.Node) {
	w.separate()
	w.single(p, n)
}

func (w *writer) single(p *schema.Property, n patchlint.Node) {
	if p.Type.Structured() && n.Kind() == patchlint.Object {
		w.object(p.Type, schema.Comparison{}, sides{desired: n})
	} else {
		w.plain(n)
	}
}

// object writes what the type knows of an object: what a response may have
// beside that cannot be sent. Where there is a current value, what desired leaves out,
// and what how says does not count, is written as current has it, or as null and [] where
// it is to be pruned or base has it. It reports whether the object says something: desired
// asks for a part of it that counts, or a part of current's stays that was not to be
// cleared. The pointers of what is uncleared start at the object.
func (w *writer) object(declared *schema.Type, how schema.Comparison, of sides) (says bool) {
	t := w.open(declared, of)
	bare := of.desired.Kind() == patchlint.Object // desired asks for it, and for nothing in it
	for member := range of.desired.Children() {
		p := propertyOf(t, member)
		if p == nil {
			continue
		}
		bare = false
		start, of := len(w.out), sides{of.current.Member(p.Name), member, of.base.Member(p.Name)}
		w.property(p, member)
		below, counts := within(p, how)
		if counts && w.merged(p, below, of) {
			says = true
			continue
		}
		w.spared = true
		if !of.current.Exists() {
			w.out = w.out[:start]
			continue
		}
		w.value(p, of.current)
		says = says || !empty(of.current)
	}
	for member := range of.current.Children() {
		p := propertyOf(t, member)
		if p == nil || of.desired.Member(p.Name).Exists() {
			continue
		}
		w.property(p, member)
		of := sides{current: member, base: of.base.Member(p.Name)}
		below, counts := within(p, how)
		switch clear := counts && (w.prune || !empty(of.base)); {
		case p.Collection && member.Kind() == patchlint.Null:
			w.text("[]") // what null means in current
		case clear:
			says = w.cleared(p, below, of) || says
		default:
			w.spared = w.spared || !counts
			w.value(p, member)
			says = says || !empty(member) && !p.Computed
		}
	}
	w.text("}")
	return says || bare
}

// inside is object for the single value of a property. The pointers of what is uncleared
// start at the object that has the property.
func (w *writer) inside(p *schema.Property, how schema.Comparison, of sides) (says bool) {
	before := len(w.uncleared)
	says = w.object(p.Type, how, of)
	under(p.Name, w.uncleared[before:])
	return says
}

// merged writes the value of a property as desired has it, with what is to stay of
// current's. Where all that desired has is ignored, and current has no such value, it
// writes nothing and reports false.
func (w *writer) merged(p *schema.Property, how schema.Comparison, of sides) bool {
	switch {
	case w.combines(p, of):
		kept, inPlace := onlyInService(w.model, p, how, of)
		if inPlace && len(kept) > 0 {
			w.value(p, of.current)
		} else {
			w.list(p, of.desired, kept)
		}
	case merges(p, of):
		w.inside(p, how, of)
	case of.desired.Kind() == patchlint.Object && isSingleComplex(p) && len(how.Ignore) > 0:
		start := len(w.out)
		if !w.inside(p, how, of) {
			w.out = w.out[:start]
			return false
		}
	case of.desired.Kind() == patchlint.Null && w.outlasts(p, how, of):
		all := *w
		all.prune = true // null asks for that
		stays := all.inside(p, how, of)
		if !stays {
			w.text("null")
			break
		}
		w.out, w.uncleared, w.spared = all.out, all.uncleared, true
	default:
		w.value(p, of.desired)
	}
	return true
}

// cleared writes what is to stay of the value of a property that desired does not have
// and that is to be cleared, or null and [], and reports whether something stays that was
// not to be cleared.
func (w *writer) cleared(p *schema.Property, how schema.Comparison, of sides) (stays bool) {
	if w.outlasts(p, how, of) {
		rest := *w
		if rest.inside(p, how, of) {
			*w = rest
			return true
		}
	}
	switch {
	case p.Collection && w.prune:
		w.text("[]")
	case p.Collection:
		of.desired = literal([]byte("[]"))
		start := len(w.out)
		w.merged(p, how, of)
		return len(w.out)-start > len("[]")
	case isDeclared(p) && p.Nullable && !p.Required:
		w.text("null")
	default:
		w.value(p, of.current)
		reason := NotClearable
		if !isDeclared(p) {
			reason = Undeclared
		}
		if !empty(of.current) {
			w.uncleared = append(w.uncleared, Skip{pointerTo(p), p, reason, of.current, patchlint.Node{}})
		}
	}
	return false
}

// outlasts reports whether a part of current's value can stay when the value is cleared:
// what is ignored, and what only the service has, neither base nor desired.
func (w *writer) outlasts(p *schema.Property, how schema.Comparison, of sides) bool {
	return isSingleComplex(p) && of.current.Kind() == patchlint.Object &&
		(len(how.Ignore) > 0 || !w.prune && of.desired.Kind() == patchlint.Absent && of.base.Kind() == patchlint.Object)
}

// within says how the values of a property of an object are compared, and whether they are
// at all: not those of a collection all of whose elements are ignored.
func within(p *schema.Property, object schema.Comparison) (how schema.Comparison, counts bool) {
	how, counts = object.Below(p.Name)
	if counts && p.Collection {
		_, counts = how.Below("*")
	}
	return how, counts
}

// combines reports whether a collection is sent with the elements that only the service
// has.
func (w *writer) combines(p *schema.Property, of sides) bool {
	return p.Collection && w.based && of.current.Kind() == patchlint.Array && of.desired.Kind() == patchlint.Array
}

// merges reports whether a value is sent with what it leaves out of current's, and with
// what is ignored as current has it: a single complex value, because services have been
// seen resetting that.
func merges(p *schema.Property, of sides) bool {
	return isSingleComplex(p) && of.current.Kind() == patchlint.Object && of.desired.Kind() == patchlint.Object
}

func isSingleComplex(p *schema.Property) bool { return !p.Collection && p.Type.Structured() }

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
// actual type: current's where desired does not say.
func (w *writer) open(declared *schema.Type, of sides) *schema.Type {
	w.text("{")
	annotation := of.desired.Member("@odata.type")
	if !annotation.Exists() {
		if t := w.model.TypeOf(of.current.Member("@odata.type")); t != nil && t != declared && t.Is(declared) {
			w.typed(t)
			return t
		}
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
