package schema

import (
	"bytes"
	"hash/maphash"
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
//     same text. Elements of the same bytes, of one spelling, have that text in
//     common without a look at the model.
//   - A hash only finds candidates. What it finds is compared byte by byte, so
//     a collision costs time and never a difference.
//   - Spellings and classes are counted from 0 in the order in which they first
//     appear, whatever the hash.
//   - The canonical text is that of canonicalizer, byte for byte: meaning
//     writes what is usual in an assignment, and leaves to it whatever else
//     there is.
//
// The bytes of the elements must not change while Classes is in use.
type Classes struct {
	meaning   meaning
	property  *Property
	spellings table
	nodes     []patchlint.Node // the first of each spelling
	classes   []int32          // of each spelling, -1 before it is asked for
	meanings  table
	texts     []byte // the canonical texts of meanings
}

// Reset makes c ready for the elements of a property, compared by how, and
// keeps its memory.
func (c *Classes) Reset(m *Model, p *Property, how Comparison) {
	c.meaning.reset(m, how)
	c.property = p
	c.spellings.reset()
	c.nodes, c.classes = c.nodes[:0], c.classes[:0]
	c.meanings.reset()
	c.texts = c.texts[:0]
}

// Spelling returns the number of the element's spelling. Elements of the same
// bytes have the same.
func (c *Classes) Spelling(element patchlint.Node) int {
	id, fresh := c.spellings.id(element.Raw())
	if fresh {
		c.nodes = append(c.nodes, element)
		c.classes = append(c.classes, -1)
	}
	return id
}

// Spellings is the number of spellings so far.
func (c *Classes) Spellings() int { return len(c.nodes) }

// Element returns the first element of a spelling.
func (c *Classes) Element(spelling int) patchlint.Node { return c.nodes[spelling] }

// Class returns the number of the class that a spelling belongs to.
func (c *Classes) Class(spelling int) int {
	if class := c.classes[spelling]; class >= 0 {
		return int(class)
	}
	start := len(c.texts)
	// Where texts has to grow, the texts in meanings stay where they were.
	c.texts = c.meaning.element(c.texts, c.nodes[spelling], c.property)
	id, fresh := c.meanings.id(c.texts[start:len(c.texts):len(c.texts)])
	if !fresh {
		c.texts = c.texts[:start]
	}
	c.classes[spelling] = int32(id)
	return id
}

// Filtered reports whether an element that Class was asked about may have an
// assignment filter. Where none has, WithoutFilter makes no difference.
func (c *Classes) Filtered() bool { return c.meaning.filtered }

// table numbers texts in the order in which they first appear. It is a hash
// table with open addressing; slots hold 1 + the number of a text.
type table struct {
	texts []hashed
	slots []int32
	hash  func([]byte) uint64 // nil for maphash; tests put a bad one here
}

type hashed struct {
	hash uint64
	text []byte
}

var seed = maphash.MakeSeed()

func (t *table) reset() {
	t.texts = t.texts[:0]
	clear(t.slots)
}

// id returns the number of a text, and whether it is new. The text is kept.
func (t *table) id(text []byte) (id int, fresh bool) {
	if 2*len(t.texts) >= len(t.slots) {
		t.grow()
	}
	var hash uint64
	if t.hash == nil {
		hash = maphash.Bytes(seed, text)
	} else {
		hash = t.hash(text)
	}
	slot := t.free(hash, text)
	if taken := t.slots[slot]; taken != 0 {
		return int(taken) - 1, false
	}
	t.texts = append(t.texts, hashed{hash, text})
	t.slots[slot] = int32(len(t.texts))
	return len(t.texts) - 1, true
}

// free returns the slot of a text: where it is, or where it belongs.
func (t *table) free(hash uint64, text []byte) int {
	mask := len(t.slots) - 1
	slot := int(hash) & mask
	for t.slots[slot] != 0 {
		if at := &t.texts[t.slots[slot]-1]; at.hash == hash && bytes.Equal(at.text, text) {
			break
		}
		slot = (slot + 1) & mask
	}
	return slot
}

func (t *table) grow() {
	t.slots = make([]int32, max(16, 2*len(t.slots)))
	mask := len(t.slots) - 1
	for i := range t.texts {
		slot := int(t.texts[i].hash) & mask
		for t.slots[slot] != 0 {
			slot = (slot + 1) & mask
		}
		t.slots[slot] = int32(i + 1)
	}
}

// meaning writes canonical texts as canonicalizer does, without making a string
// on the way where an element is what elements usually are: an object with few
// members, of strings without escapes, true, false and null.
type meaning struct {
	// levels compare the element itself, what its properties hold, and what
	// those hold.
	levels   [3]canonicalizer
	plain    bool // how is the zero Comparison but for Ordered, or WithoutFilter
	skip     bool // how is WithoutFilter
	filtered bool
}

func (w *meaning) reset(m *Model, how Comparison) {
	w.filtered = false
	w.skip = len(how.Ignore) == len(WithoutFilter.Ignore) && slices.Equal(how.Ignore, WithoutFilter.Ignore)
	w.plain = w.skip || len(how.Ignore) == 0
	below, _ := how.Below("*") // the patterns of WithoutFilter are the same below any token
	w.levels = [...]canonicalizer{{m, how}, {m, below}, {m, Comparison{Ordered: how.Ordered}}}
}

// element appends CanonicalElement.
func (w *meaning) element(b []byte, n patchlint.Node, p *Property) []byte {
	if !w.plain {
		w.filtered = true
		return w.levels[0].single(b, n, p)
	}
	return w.single(b, n, p, 0)
}

// few is how many members and properties an object has at the most that is
// read without canonicalizer.
const few = 8

// object appends canonicalizer.object.
func (w *meaning) object(b []byte, n patchlint.Node, declared *Type, level int) []byte {
	t := declared
	usual := n.Len() <= few
	if usual {
		var annotation patchlint.Node
		for member := range n.Children() {
			if member.NameIs("@odata.type") {
				annotation = member
			}
		}
		if annotation.Exists() {
			t = w.levels[0].model.TypeOf(annotation)
			usual = t != nil && t.Is(declared)
		}
	}
	if !usual || len(t.Properties) > few {
		w.filtered = true // it may be
		return w.levels[min(level, 2)].object(b, n, declared)
	}
	var values [few]patchlint.Node // of the properties in their order
	for member := range n.Children() {
		for i, p := range t.Properties {
			if member.NameIs(p.Name) {
				values[i] = member // the last of one name counts, as in Node.Member
				break
			}
		}
	}
	b = append(append(b, t.Short()...), '{')
	for i, p := range t.Properties {
		value := values[i]
		empty := value.Kind() == patchlint.Absent || value.Kind() == patchlint.Null
		if empty && !p.Collection {
			continue
		}
		filter := level == 1 && (p.Name == filterID || p.Name == filterType)
		if filter && w.skip {
			continue
		}
		if p.Name == filterID {
			if _, _, filtered := Filter(n); !filtered || NoID(value) {
				continue
			}
		}
		if p.Default != "" && textIs(value, p.Default) {
			continue
		}
		w.filtered = w.filtered || filter
		b = append(append(b, p.Name...), ':')
		if p.Collection {
			b = w.levels[min(level+1, 2)].value(b, value, p)
		} else {
			b = w.single(b, value, p, level+1)
		}
		b = append(b, ',')
	}
	return append(b, '}')
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
		if n.Escaped() || p.Type.Name == "Edm.DateTimeOffset" {
			break
		}
		raw := n.Raw()
		if p.holdsID() && len(raw) == 38 {
			if b, ok := appendGUID(b, raw); ok {
				return b
			}
		}
		if plain(raw[1 : len(raw)-1]) {
			return append(b, raw...)
		}
	}
	return w.levels[min(level, 2)].single(b, n, p)
}

// appendGUID appends a GUID in quotes in lower case.
func appendGUID(b, quoted []byte) ([]byte, bool) {
	b = append(b, quoted...)
	text := b[len(b)-len(quoted)+1 : len(b)-1]
	for i, c := range text {
		switch {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'f':
		case c == '-':
			if i != 8 && i != 13 && i != 18 && i != 23 {
				return nil, false
			}
			continue
		case 'A' <= c && c <= 'F':
			text[i] = c | 0x20
		default:
			return nil, false
		}
		if i == 8 || i == 13 || i == 18 || i == 23 {
			return nil, false
		}
	}
	return b, true
}

// plain reports whether encoding/json writes the text as it stands.
func plain(text []byte) bool {
	for _, c := range text {
		if c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			return false
		}
	}
	return true
}

// textIs reports whether n is the string text.
func textIs(n patchlint.Node, text string) bool {
	if n.Kind() != patchlint.String || n.Escaped() {
		return n.Text() == text
	}
	raw := n.Raw()
	return string(raw[1:len(raw)-1]) == text
}
