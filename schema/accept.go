package schema

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

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
// It never speaks about a document with faults: what a repeated name means is
// not decided here.

// plan is a structured type made ready for Accepts.
type plan struct {
	canonical string // @odata.type as TypeName writes it
	names     *nameTable
	required  uint64  // properties by their place in Properties
	marked    uint64  // the properties that mark a payload as one of the type
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
		for _, mark := range marks {
			if strings.HasSuffix(strings.ToLower(p.Name), mark) && i < 64 {
				pl.marked |= 1 << i
			}
		}
		// Walk holds strings against a pattern only where it is that of a GUID.
		pl.simple = pl.simple && (p.Pattern == "" || p.GUID)
	}
	pl.names = newNameTable(t.Properties)
	return pl
}

// marks reports whether a name is that of a property that marks a payload.
func (pl *plan) marks(name []byte) bool {
	i := pl.names.find(name)
	return i >= 0 && pl.marked>>i&1 != 0
}

// Interest is what a visitor looks at: a mask for the values of each property, by
// Property.Index, for the objects of each type, by Type.Index, and for
// annotations. What its bits say is the visitor's; 0 means that nobody looks.
type Interest struct {
	Properties, Types []uint64
	Annotations       uint64

	unless [][]unless // by Type.Index
}

// unless are bits that do not count for some objects of a type: those that give
// a value, and not null, for any of the properties, or those that give none.
type unless struct {
	mask       uint64
	given      bool
	properties uint64 // by their place in Type.Properties
}

// NewInterest returns an interest with the same mask for all there is.
func (m *Model) NewInterest(mask uint64) *Interest {
	all := func(n int) []uint64 { return slices.Repeat([]uint64{mask}, n) }
	return &Interest{all(m.properties), all(len(m.types)), mask, make([][]unless, len(m.types))}
}

// Unless takes the bits of a mask out of that of objects which give a value, and
// not null, for any property that a function chooses; where given is false, of
// those which give none.
func (of *Interest) Unless(t *Type, mask uint64, given bool, property func(*Property) bool) {
	u := unless{mask: mask, given: given}
	for i, p := range t.Properties {
		if property(p) {
			u.properties |= 1 << i
		}
	}
	of.unless[t.Index] = append(of.unless[t.Index], u)
}

// object is the mask for an object of a type that gives values for properties.
func (of *Interest) object(t *Type, given uint64) uint64 {
	mask := of.Types[t.Index]
	for _, u := range of.unless[t.Index] {
		if (given&u.properties != 0) == u.given {
			mask &^= u.mask
		}
	}
	return mask
}

// Accepts reports whether a payload certainly conforms, and calls visit, as Walk
// does, for every stop on the way that is of interest, with the mask that of has
// for it. A nil interest is one in everything; visit may be nil. Where Accepts
// returns false, nothing is known, and the stops it has visited do not count.
func (r *Resource) Accepts(root patchlint.Node, of *Interest, visit func(mask uint64, v Visit)) bool {
	if !decidable(root.Document()) || root.Kind() != patchlint.Object {
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
	if !decidable(root.Document()) || root.Kind() != patchlint.Object || !r.Type.plan.simple {
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
			continue
		case member.NameIs("@odata.type"):
			if r.Model.named[member.Text()] != r.Type {
				return root.Value(), nil, true // of another type, or of none
			}
			rest["@odata.type"] = member.Value()
			continue
		case p == nil:
			if name, plain := member.PlainName(); !plain || !annotates(name) {
				rest[member.Name()], ok = member.Value(), true
			}
			continue
		case p.Required, !p.Collection, member.Kind() != patchlint.Array:
			certain := a.value(member, p)
			if p.Required || !certain {
				rest[p.Name] = member.Value()
			}
			ok = ok || !certain
			continue
		}
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

// nameTable finds a property by its name with one comparison.
type nameTable struct {
	names []string
	mixer uint32         // odd
	slots []int8         // places in names, -1 for none; a power of two, or none
	rest  map[string]int // in place of slots, for names that no mixer tells apart
}

// newNameTable looks for a mixer with which no two names share a slot.
func newNameTable(properties []*Property) *nameTable {
	t := &nameTable{rest: make(map[string]int)}
	for i, p := range properties {
		t.names = append(t.names, p.Name)
		t.rest[p.Name] = i
	}
	for size := 16; size <= 512 && len(t.names) <= 64; size *= 2 {
		for seed := uint32(1); seed < 500; seed += 2 {
			t.mixer = seed * 0x9E3779B1
			if t.fill(size) {
				return t
			}
		}
	}
	t.slots = nil
	return t
}

func (t *nameTable) fill(size int) bool {
	t.slots = make([]int8, size)
	for i := range t.slots {
		t.slots[i] = -1
	}
	for i, name := range t.names {
		slot := &t.slots[t.slot([]byte(name))]
		if *slot >= 0 {
			return false
		}
		*slot = int8(i)
	}
	return true
}

// slot mixes the length of a name and three of its bytes: the first and two in
// the middle tell the names of a type apart.
func (t *nameTable) slot(name []byte) uint32 {
	n := len(name)
	if n == 0 {
		return 0
	}
	h := uint32(n) | uint32(name[0])<<8 | uint32(name[n/2])<<16 | uint32(name[n/3])<<24
	return h * t.mixer >> 16 & uint32(len(t.slots)-1)
}

// find returns the place of a name, -1 when there is no such name.
func (t *nameTable) find(name []byte) int {
	if t.slots == nil {
		if i, ok := t.rest[string(name)]; ok {
			return i
		}
		return -1
	}
	i := t.slots[t.slot(name)]
	if i < 0 || t.names[i] != string(name) {
		return -1
	}
	return int(i)
}
