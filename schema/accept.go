package schema

import (
	"bytes"

	"github.com/patchlint/patchlint"
)

// The accept plan answers one question quickly: does this payload certainly
// conform? It is made from the same facts as the JSON Schemas and the walk that
// explains, and answers "look closer" wherever it would have to say why.
//
// Invariants, each held by a test over the corpus, its mutations and random
// payloads (TestAccept, FuzzAccept):
//   - what Accepts accepts, Walk finds no violation in, and the JSON Schema
//     accepts;
//   - it then visits the stops that Walk visits, in the same order;
//   - it makes no copy of anything.
//
// It never speaks about a document in which a name stands twice or a text is
// broken: what that means is not decided here.

// plan is a structured type made ready for Accepts.
type plan struct {
	canonical string // @odata.type as TypeName writes it
	names     *nameTable
	required  uint64  // properties by their place in Properties
	simple    bool    // the plan can express the type
	derived   []*Type // that an object may be of
}

// actual returns the type that an @odata.type names in canonical writing, nil
// for any other text.
func (pl *plan) actual(text []byte) *Type {
	for _, t := range pl.derived {
		if string(text) == t.plan.canonical {
			return t
		}
	}
	return nil
}

func newPlan(t *Type) *plan {
	pl := &plan{canonical: t.TypeName(), simple: len(t.Properties) <= 64}
	for i, p := range t.Properties {
		if p.Required && i < 64 {
			pl.required |= 1 << i
		}
		// Walk holds strings against a pattern only where it is that of a GUID.
		pl.simple = pl.simple && (p.Pattern == "" || p.GUID)
	}
	pl.names = newNameTable(t.Properties)
	return pl
}

// Accepts reports whether a payload certainly conforms, and calls visit, as Walk
// does, for every stop on the way that is of interest, with the mask that of has
// for it. A nil interest is one in everything; visit may be nil. Where Accepts
// returns false, nothing is known, and the stops it has visited do not count.
func (r *Resource) Accepts(root patchlint.Node, of *Interest, visit func(mask uint64, v Visit)) bool {
	if !decidable(root.Document()) || root.Kind() != patchlint.Object || !r.Type.Structured() {
		return false
	}
	if of == nil && visit != nil {
		of = r.Model.NewInterest(^uint64(0))
	}
	a := accepter{model: r.Model, of: of, visit: visit}
	return a.object(root, r.Type)
}

// decidable reports whether what a document means is plain: all of it was read,
// and no name stands twice. Other faults of the text leave the tree as it is.
func decidable(doc *patchlint.Document) bool {
	if doc == nil || !doc.Whole() {
		return false
	}
	for i := range doc.Faults() {
		if rule := doc.Faults()[i].Rule; rule != "json-syntax" && rule != "json-encoding" || rule == "json-encoding" && doc.Faults()[i].Severity == patchlint.Error {
			return false
		}
	}
	return true
}

type accepter struct {
	model *Model
	of    *Interest
	visit func(mask uint64, v Visit) // nil for nobody
	// What is known to be refused is accepted: it is not asked about again.
	refused map[patchlint.Node]bool
}

func (a *accepter) object(n patchlint.Node, declared *Type) bool {
	t, canonical := declared, false
	var annotation patchlint.Node
	for member := range n.Children() {
		if name, ok := member.PlainName(); ok && string(name) == "@odata.type" {
			annotation = member
			break
		}
	}
	if annotation.Exists() {
		text, ok := annotation.PlainText()
		if !ok {
			return false
		}
		if t = declared.plan.actual(text); t != nil {
			canonical = true
		} else if t = a.model.named[string(text)]; t == nil || !t.Structured() || !t.Is(declared) {
			return false
		}
	}
	if t.Abstract || !t.plan.simple {
		return false
	}
	var seen, given uint64
	for member := range n.Children() {
		if canonical && member == annotation {
			continue
		}
		name, ok := member.PlainName()
		if !ok {
			return false
		}
		i := t.plan.names.find(name)
		if a.refused != nil && a.refused[member] {
			if i >= 0 {
				seen |= 1 << i
			}
			continue
		}
		if i < 0 {
			if member != annotation && !annotates(name) {
				return false
			}
			if a.visit != nil && a.of.Annotations != 0 {
				a.visit(a.of.Annotations, Visit{Node: member, Owner: t})
			}
			continue
		}
		p := t.Properties[i]
		if !a.value(member, p) {
			return false
		}
		seen |= 1 << i
		if member.Kind() != patchlint.Null {
			given |= 1 << i
		}
		if a.visit != nil {
			if mask := a.of.Properties[p.Index]; mask != 0 {
				a.visit(mask, Visit{Node: member, Owner: t, Property: p})
			}
		}
	}
	if t.plan.required&^seen != 0 {
		return false
	}
	if a.visit != nil {
		if mask := a.of.object(t, given); mask != 0 {
			a.visit(mask, Visit{Node: n, Type: t})
		}
	}
	return true
}

// annotates reports whether a name is certainly that of control information or an
// annotation, of which the model knows nothing: not the type of a property.
func annotates(name []byte) bool {
	return bytes.IndexByte(name, '@') >= 0 && !bytes.HasSuffix(name, []byte("@odata.type"))
}

func (a *accepter) value(n patchlint.Node, p *Property) bool {
	if !p.Collection {
		if n.Kind() == patchlint.Null {
			return p.Nullable && !p.Required
		}
		return a.single(n, p)
	}
	if n.Kind() != patchlint.Array {
		return false
	}
	for element := range n.Children() {
		if !a.single(element, p) && !a.refused[element] {
			return false
		}
	}
	return true
}

// single reports whether a value that is to be one of a property's certainly is.
func (a *accepter) single(n patchlint.Node, p *Property) bool {
	switch p.form {
	case anObject:
		return n.Kind() == patchlint.Object && a.object(n, p.Type)
	case aMember:
		text, ok := n.PlainText()
		if !ok {
			return false
		}
		for i := range p.Type.Members {
			if string(text) == p.Type.Members[i].Name {
				return true
			}
		}
		return false
	case aBoolean:
		return n.Kind() == patchlint.Bool
	case aText:
		return n.Kind() == patchlint.String
	case aGUID:
		text, ok := n.PlainText()
		return ok && (IsGUID(text) || p.Optional && len(text) == 0)
	case aDateTime:
		if text, ok := n.PlainText(); ok && IsPlainDateTime(text) {
			return true
		}
	}
	if n.Kind() == patchlint.Null {
		return false
	}
	silent := walker{model: a.model}
	return silent.primitive(n, p)
}

// form is what a single value of a property has to be.
type form uint8

const (
	anyOther form = iota // what the walk looks at
	anObject
	aMember // of an enumeration
	aBoolean
	aText
	aGUID
	aDateTime
)

func formOf(p *Property) form {
	switch p.Type.Category {
	case Complex, Entity:
		return anObject
	case Enum:
		return aMember
	}
	switch p.Type.Name {
	case "Edm.Boolean":
		return aBoolean
	case "Edm.String":
		if p.GUID {
			return aGUID
		}
		return aText
	case "Edm.DateTimeOffset":
		return aDateTime
	}
	return anyOther
}
