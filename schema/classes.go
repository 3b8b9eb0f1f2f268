package schema

import (
	"bytes"
	"hash/maphash"
	"math/bits"
	"slices"

	"github.com/patchlint/patchlint"
)

// Classes tells which elements of a collection the service takes for the same,
// in time that grows with their bytes and without a text for each. The zero
// value is ready for Reset.
//
// Invariants:
//
//   - Two elements are of one class exactly when their CanonicalElement is the
//     same text, and have one target when it is by WithoutFilter. Elements of
//     the same bytes, of one spelling, have those texts in common without a look
//     at the model.
//   - A hash only finds candidates. What it finds is compared byte by byte, so
//     a collision costs time and never a difference.
//   - Spellings and classes are counted from 0 in the order in which they first
//     appear, whatever the hash. So are classes and targets together.
//   - The canonical text is that of canonicalizer, byte for byte: meaning
//     writes what is usual in an assignment, and leaves to it whatever else
//     there is.
//
// The bytes of the elements must not change while Classes is in use.
type Classes struct {
	// The canonical texts: of the element that is asked about, and of one that
	// may be the same.
	loose, bare, ordered [2]meaning
	property             *Property

	spellings table
	elements  []patchlint.Node // the first of each spelling
	classes   []int32          // of each spelling, -1 before it is asked for

	meanings table
	classed  []class // what has each number
	filtered bool
}

// class is what a number of Class or Target stands for.
type class struct {
	spelling int32 // the first of it
	target   int32 // its number, -1 before it is asked for
	bare     bool  // it is a target that no element without a filter has
}

// Reset makes c ready for about so many elements of a property. It keeps its
// memory, and how the kinds of elements there were are written if they are of
// the same type.
func (c *Classes) Reset(m *Model, p *Property, elements int) {
	for i := range c.loose {
		c.loose[i].reset(m, p, Comparison{})
		c.bare[i].reset(m, p, WithoutFilter)
		c.ordered[i].reset(m, p, Comparison{Ordered: true})
	}
	c.property, c.filtered = p, false
	c.spellings.reset(elements)
	clear(c.elements)
	c.elements, c.classes = slices.Grow(c.elements[:0], elements), slices.Grow(c.classes[:0], elements)
	c.meanings.reset(elements)
	c.classed = slices.Grow(c.classed[:0], elements)
}

// Release lets go of the elements, and keeps the memory.
func (c *Classes) Release() {
	for i := range c.loose {
		c.loose[i].release()
		c.bare[i].release()
		c.ordered[i].release()
	}
	clear(c.elements)
	c.elements = c.elements[:0]
}

// Same reports whether two elements are of one class, and the collections inside
// them in the same order.
func (c *Classes) Same(a, b patchlint.Node) bool {
	if !bytes.Equal(c.loose[0].element(a, c.property), c.loose[1].element(b, c.property)) {
		return false
	}
	if !c.loose[0].current.lists && !c.loose[1].current.lists {
		return true
	}
	return bytes.Equal(c.ordered[0].element(a, c.property), c.ordered[1].element(b, c.property))
}

// Spelling returns the number of the element's spelling. Elements of the same
// bytes have the same.
func (c *Classes) Spelling(element patchlint.Node) int {
	raw := element.Raw()
	id, fresh := c.spellings.id(raw, func(id int) bool { return bytes.Equal(c.elements[id].Raw(), raw) })
	if fresh {
		c.elements = append(c.elements, element)
		c.classes = append(c.classes, -1)
	}
	return id
}

// Element returns the first element of a spelling.
func (c *Classes) Element(spelling int) patchlint.Node { return c.elements[spelling] }

// Class returns the number of the class that a spelling belongs to.
func (c *Classes) Class(spelling int) int {
	if id := c.classes[spelling]; id >= 0 {
		return int(id)
	}
	text := c.loose[0].element(c.elements[spelling], c.property)
	id, fresh := c.meaning(text, spelling, false)
	if fresh && c.loose[0].current.filtered {
		c.filtered = true
		c.classed[id].target = -1
	}
	c.classes[spelling] = int32(id)
	return id
}

// Target returns a number that elements have in common which differ in their
// filter at most. That of an element without a filter is its class; no other is
// a class.
func (c *Classes) Target(spelling int) int {
	id := c.Class(spelling)
	if target := c.classed[id].target; target >= 0 {
		return int(target)
	}
	text := c.bare[0].element(c.elements[spelling], c.property)
	target, _ := c.meaning(text, spelling, true)
	c.classed[id].target = int32(target)
	return target
}

// meaning returns the number of a canonical text, which is that of a spelling.
func (c *Classes) meaning(text []byte, spelling int, bare bool) (id int, fresh bool) {
	id, fresh = c.meanings.id(text, func(id int) bool {
		other := &c.loose[1]
		if c.classed[id].bare {
			other = &c.bare[1]
		}
		return bytes.Equal(text, other.element(c.elements[c.classed[id].spelling], c.property))
	})
	if fresh {
		c.classed = append(c.classed, class{int32(spelling), int32(id), bare})
	}
	return id, fresh
}

// Filtered reports whether an element that Class was asked about may have an
// assignment filter. Where none has, its target is its class.
func (c *Classes) Filtered() bool { return c.filtered }

// table numbers texts in the order in which they first appear. It is a hash
// table with open addressing: a slot holds half of a text's hash above 1 + its
// number, and at least half of the slots hold nothing.
type table struct {
	slots []uint64
	count int
	hash  func([]byte) uint64 // nil for maphash; tests put a bad one here
}

var seed = maphash.MakeSeed()

// reset makes t empty, with room for size texts.
func (t *table) reset(size int) {
	t.count = 0
	slots := max(16, 1<<bits.Len(uint(2*size)))
	t.slots = slices.Grow(t.slots[:0], slots)[:slots]
	clear(t.slots)
}

// id returns the number of a text, and whether it is new. same tells whether
// the text of a number is this one; it is asked when their hashes are equal.
func (t *table) id(text []byte, same func(id int) bool) (id int, fresh bool) {
	if 2*t.count >= len(t.slots) {
		t.grow()
	}
	var hash uint64
	if t.hash == nil {
		hash = maphash.Bytes(seed, text)
	} else {
		hash = t.hash(text)
	}
	hash &^= 1<<32 - 1
	slot := t.slot(hash)
	for t.slots[slot] != 0 {
		if id := int(uint32(t.slots[slot])) - 1; t.slots[slot]&^(1<<32-1) == hash && same(id) {
			return id, false
		}
		slot = (slot + 1) & (len(t.slots) - 1)
	}
	t.count++
	t.slots[slot] = hash | uint64(t.count)
	return t.count - 1, true
}

// slot is where the search for a hash starts.
func (t *table) slot(hash uint64) int { return int(hash>>32) & (len(t.slots) - 1) }

func (t *table) grow() {
	before := t.slots
	t.slots = make([]uint64, 2*len(before))
	for _, held := range before {
		if held == 0 {
			continue
		}
		slot := t.slot(held)
		for t.slots[slot] != 0 {
			slot = (slot + 1) & (len(t.slots) - 1)
		}
		t.slots[slot] = held
	}
}

// meaning writes canonical texts as canonicalizer does, without making a string
// on the way where an element is what elements usually are: an object with few
// members, of strings without escapes, true, false and null.
type meaning struct {
	// levels compare the element itself, what its properties hold, and what
	// those hold.
	levels [3]canonicalizer
	bare   bool // by WithoutFilter
	of     *Type
	// The @odata.type that was met last, for most elements have the same.
	spelt []byte
	named *Type
	// Most elements of a collection are of a few kinds, and those of one kind
	// differ in their ids and in nothing else.
	stencils [8]stencil
	next     int      // the stencil that is given up next
	current  *stencil // of the last element
	start    int      // of the element
}

// stencil is an element with its canonical text, and what of it may be written
// over.
type stencil struct {
	raw, text []byte
	holes     []hole // in the order of the element
	filtered  bool   // there may be a filter in the text
	lists     bool   // there may be a collection in it, of more than one element
}

// hole is the inside of a string that stands in the canonical text just as it
// does in the element, whatever it holds as long as that is verbatim and not
// NoID, or does not stand there at all.
type hole struct {
	start, end int
	text       int // -1 for one that the canonical text leaves out
}

func (t *stencil) add(h hole) {
	i := len(t.holes)
	for i > 0 && t.holes[i-1].start > h.start {
		i--
	}
	t.holes = slices.Insert(t.holes, i, h)
}

// fill writes an element over the stencil, and reports whether it fits: it
// differs from the one before in its holes only.
func (t *stencil) fill(raw []byte) bool {
	if len(raw) != len(t.raw) {
		return false
	}
	at := 0
	for _, h := range t.holes {
		inside := raw[h.start:h.end]
		if !bytes.Equal(raw[at:h.start], t.raw[at:h.start]) || charactersOf(inside) != verbatim || string(inside) == ZeroGUID {
			return false
		}
		at = h.end
	}
	if !bytes.Equal(raw[at:], t.raw[at:]) {
		return false
	}
	for _, h := range t.holes {
		if h.text >= 0 {
			copy(t.text[h.text:], raw[h.start:h.end])
		}
	}
	return true
}

// reset makes w ready for elements of a property. What it has written is of use
// for every property of the same structured type.
func (w *meaning) reset(m *Model, p *Property, how Comparison) {
	if w.of == p.Type && w.levels[0].model == m && p.Type.Structured() {
		return
	}
	w.release()
	w.of, w.bare = p.Type, len(how.Ignore) > 0
	below := how
	if w.bare {
		below = belowWithoutFilter
	}
	w.levels = [...]canonicalizer{{m, how}, {m, below}, {m, Comparison{Ordered: how.Ordered}}}
}

// release lets go of the elements that were met.
func (w *meaning) release() {
	w.of, w.spelt, w.named = nil, nil, nil
	for i := range w.stencils {
		w.stencils[i].raw = nil
	}
}

// element returns CanonicalElement, for the moment.
func (w *meaning) element(n patchlint.Node, p *Property) []byte {
	raw := n.Raw()
	for i := range w.stencils {
		if s := &w.stencils[i]; s.fill(raw) {
			w.current = s
			return s.text
		}
	}
	s := &w.stencils[w.next]
	w.next = (w.next + 1) % len(w.stencils)
	// A canonical text is about as long as what it is of.
	*s = stencil{raw: raw, text: slices.Grow(s.text[:0], len(raw)+64), holes: s.holes[:0]}
	w.current, w.start = s, n.Span().Start
	s.text = w.single(s.text, n, p, 0)
	return s.text
}

// few is how many members an object has at the most that is read without
// canonicalizer.
const few = 8

// object appends canonicalizer.object.
func (w *meaning) object(b []byte, n patchlint.Node, declared *Type, level int) []byte {
	var values [few]patchlint.Node // of the properties of t, in their order
	t, usual := declared, n.Len() <= few
	if usual {
		// The annotation is looked for in front, where it belongs, and again
		// if another one turns up: the last of one name counts.
		annotation := patchlint.Node{}
		for member := range n.Children() {
			if member.NameIs("@odata.type") {
				annotation, t = member, w.typeOf(member, declared)
			}
			break
		}
		last := match(n, t, annotation, &values)
		if last != annotation {
			t, values = w.typeOf(last, declared), [few]patchlint.Node{}
			match(n, t, last, &values)
		}
		usual = t != nil && len(t.Properties) <= few
	}
	if !usual {
		w.current.filtered, w.current.lists = true, true // there may be
		return w.levels[min(level, 2)].object(b, n, declared)
	}
	b = append(append(b, t.Short()...), '{')
	for i, p := range t.Properties {
		value := values[i]
		empty := value.Kind() == patchlint.Absent || value.Kind() == patchlint.Null
		if empty && !p.Collection {
			continue
		}
		filter := level == 1 && (p.Name == FilterID || p.Name == FilterType)
		if filter && w.bare {
			if text, ok := value.PlainText(); ok && p.Name == FilterID {
				start := value.Span().Start + 1 - w.start
				w.current.add(hole{start, start + len(text), -1})
			}
			continue
		}
		if p.Name == FilterID {
			if _, _, filtered := Filter(n); !filtered || NoID(value) {
				continue
			}
		}
		if text, ok := value.PlainText(); p.Default != "" && (string(text) == p.Default || !ok && value.Text() == p.Default) {
			continue
		}
		w.current.filtered = w.current.filtered || filter
		b = append(append(b, p.Name...), ':')
		if p.Collection {
			w.current.lists = w.current.lists || value.Len() > 1
			b = w.levels[min(level+1, 2)].value(b, value, p)
		} else {
			b = w.single(b, value, p, level+1)
		}
		b = append(b, ',')
	}
	return append(b, '}')
}

// match puts the members of an object to the properties of t, the last of one
// name in each place, and returns the last @odata.type. t may be nil.
func match(n patchlint.Node, t *Type, annotation patchlint.Node, values *[few]patchlint.Node) patchlint.Node {
	if t == nil || len(t.Properties) > few {
		return annotation
	}
	for member := range n.Children() {
		name, ok := member.PlainName()
		if !ok {
			name = []byte(member.Name())
		}
		if i := t.plan.names.find(name); i >= 0 {
			values[i] = member
		} else if string(name) == "@odata.type" {
			annotation = member
		}
	}
	return annotation
}

// typeOf returns the type that an @odata.type names, nil where that is none for
// what is declared.
func (w *meaning) typeOf(annotation patchlint.Node, declared *Type) *Type {
	if raw := annotation.Raw(); !bytes.Equal(raw, w.spelt) {
		w.spelt, w.named = raw, w.levels[0].model.TypeOf(annotation)
	}
	if w.named == nil || !w.named.Is(declared) {
		return nil
	}
	return w.named
}

// single appends canonicalizer.single.
func (w *meaning) single(b []byte, n patchlint.Node, p *Property, level int) []byte {
	switch n.Kind() {
	case patchlint.Object:
		if p.Type.Structured() {
			return w.object(b, n, p.Type, level)
		}
	case patchlint.Null, patchlint.Bool:
		return append(b, n.Raw()...)
	case patchlint.String:
		if p.Type.Name == "Edm.DateTimeOffset" {
			break
		}
		raw := n.Raw()
		text := raw[1 : len(raw)-1]
		switch kind := charactersOf(text); {
		case kind == verbatim:
			if p.Default == "" && p.Name != FilterType {
				start := n.Span().Start + 1 - w.start
				w.current.add(hole{start, start + len(text), len(b) + 1})
			}
			return append(b, raw...)
		case kind == hexadecimal && !p.holdsID():
			return append(b, raw...)
		case kind == hexadecimal && IsGUID(text):
			b = append(b, raw...)
			for i, c := range b[len(b)-len(raw):] {
				if 'A' <= c && c <= 'F' {
					b[len(b)-len(raw)+i] = c | 0x20
				}
			}
			return b
		}
	}
	return w.levels[min(level, 2)].single(b, n, p)
}

// characters says what a text consists of.
type characters uint8

const (
	verbatim    characters = 0 // what encoding/json writes as it stands
	hexadecimal characters = 1 // and A to F, which a GUID may have
	escaped     characters = 2 // and what it may escape
)

func charactersOf(text []byte) characters {
	all := verbatim
	for _, c := range text {
		all |= charactersByByte[c]
	}
	return all
}

var charactersByByte = func() (table [256]characters) {
	for i := range table {
		switch c := byte(i); {
		case 'A' <= c && c <= 'F':
			table[i] = hexadecimal
		case c < ' ' || c > '~' || bytes.IndexByte([]byte(`"\<>&`), c) >= 0:
			table[i] = escaped
		}
	}
	return table
}()
