package patchlint

import (
	"bytes"
	"hash/maphash"
	"slices"
	"unicode/utf8"
)

// seed makes it impossible to write names whose hashes are equal.
var seed = maphash.MakeSeed()

// nameKeys appends a key for each member of an object, in ascending order: the
// hash of its name, and in the lower half its record. Members of one name are
// next to each other but for others of the same hash.
func (n Node) nameKeys(keys []uint64) []uint64 {
	for child := range n.Children() {
		keys = append(keys, nameHash(child.nameBytes())|uint64(child.id))
	}
	slices.Sort(keys)
	return keys
}

func nameHash[T string | []byte](name T) uint64 {
	if text, ok := any(name).(string); ok {
		return maphash.String(seed, text) &^ (1<<32 - 1)
	}
	return maphash.Bytes(seed, []byte(name)) &^ (1<<32 - 1)
}

// nameBytes is Name without a copy where there need be none.
func (n Node) nameBytes() []byte {
	if name, plain := n.PlainName(); plain && utf8.Valid(name) {
		return name
	}
	return []byte(n.Name())
}

// repeated returns the members of an object whose name has occurred before in
// it, in their order: the record of each, and in the lower half that of the
// first of its name. It takes the place of the keys. Names are compared
// unescaped (RFC 8259 section 8.3).
func (n Node) repeated(keys []uint64) []uint64 {
	var firsts []Node // of the names that share a hash
	pairs, last := keys[:0], uint64(0)
	for i, key := range keys {
		again := Node{n.doc, int32(uint32(key))}
		if i == 0 || key>>32 != last>>32 {
			firsts = append(firsts[:0], again)
		} else {
			same := slices.IndexFunc(firsts, func(first Node) bool { return bytes.Equal(first.nameBytes(), again.nameBytes()) })
			if same >= 0 {
				pairs = append(pairs, key<<32|uint64(firsts[same].id))
			} else {
				firsts = append(firsts, again)
			}
		}
		last = key
	}
	slices.Sort(pairs)
	return pairs
}

// lastNamed returns the last member of that name of a large object.
func (n Node) lastNamed(name string) Node {
	keys := n.doc.Derived(keysOf(n.id), func() any { return n.nameKeys(make([]uint64, 0, n.Len())) }).([]uint64)
	hash := nameHash(name)
	at, _ := slices.BinarySearch(keys, hash|(1<<32-1))
	for at--; at >= 0 && keys[at]>>32 == hash>>32; at-- {
		if member := (Node{n.doc, int32(uint32(keys[at]))}); string(member.nameBytes()) == name {
			return member
		}
	}
	return Node{}
}

type keysOf int32 // the object

// stride is how many siblings are walked at the most to find one by its index.
const stride = 64

// milestones returns every child of a long list whose index is a multiple of
// stride. The first question makes the table, so that many findings in one
// array take no time.
func (n Node) milestones() []int32 {
	return n.doc.Derived(milestonesOf(n.id), func() any {
		var table []int32
		index := 0
		for child := range n.Children() {
			if index%stride == 0 {
				table = append(table, child.id)
			}
			index++
		}
		return table
	}).([]int32)
}

type milestonesOf int32 // the object or array

// ordinal returns the index of n among its siblings, and the one before.
func (n Node) ordinal() (index int, before Node) {
	parent := n.Parent()
	if !parent.Exists() {
		return 0, Node{}
	}
	child := Node{n.doc, parent.id + 1}
	for child != n {
		if index == stride {
			table := parent.milestones()
			// The last before n, so that the sibling before n is on the way.
			at, _ := slices.BinarySearch(table, n.id)
			if index = (at - 1) * stride; index > stride {
				child = Node{n.doc, table[at-1]}
			} else {
				index = stride
			}
		}
		before = child
		child.id = child.record().end
		index++
	}
	return index, before
}
