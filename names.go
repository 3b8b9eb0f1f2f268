package patchlint

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
)

// seed is random, so that nobody can craft names with equal hashes.
var seed = maphash.MakeSeed()

// nameKeys appends a sorted key for each member of an object: the hash of its name in
// the upper 32 bits and its record in the lower ones. Members with the same name are
// adjacent, except for others whose name has the same hash.
func (n Node) nameKeys(keys []uint64) []uint64 {
	for child := range n.Children() {
		keys = append(keys, nameHash(child.NameBytes())|uint64(child.id))
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

// repeated returns the members of an object whose name has occurred before, in source
// order: the record of each in the upper 32 bits, and the record of the first member
// with that name in the lower ones. It overwrites keys. Names are compared unescaped
// (RFC 8259 section 8.3).
func (n Node) repeated(keys []uint64) []uint64 {
	var firsts []Node // the first member of each name that has the current hash
	pairs, last := keys[:0], uint64(0)
	for i, key := range keys {
		again := Node{n.doc, int32(uint32(key))}
		if i == 0 || key>>32 != last>>32 {
			firsts = append(firsts[:0], again)
		} else {
			same := slices.IndexFunc(firsts, func(first Node) bool { return bytes.Equal(first.NameBytes(), again.NameBytes()) })
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

// lastNamed returns the last member with a name, in an object with many members.
func (n Node) lastNamed(name string) Node {
	keys := lazy.Get(&n.doc.memo, keysOf(n.id), func() []uint64 { return n.nameKeys(make([]uint64, 0, n.Len())) })
	hash := nameHash(name)
	at, _ := slices.BinarySearch(keys, hash|(1<<32-1))
	for at--; at >= 0 && keys[at]>>32 == hash>>32; at-- {
		if member := (Node{n.doc, int32(uint32(keys[at]))}); string(member.NameBytes()) == name {
			return member
		}
	}
	return Node{}
}

// keysOf is the memo key of the name keys of an object, given by its record.
type keysOf int32

// few is the number of siblings up to which a linear search is used.
const few = 64

// table returns the records of the children of a large object or array. It is built on
// the first call, so that many findings in one array do not take quadratic time.
func (n Node) table() []int32 {
	return lazy.Get(&n.doc.memo, tableOf(n.id), func() []int32 {
		table := make([]int32, 0, n.Len())
		for child := range n.Children() {
			table = append(table, child.id)
		}
		return table
	})
}

// tableOf is the memo key of the table of an object or array, given by its record.
type tableOf int32

// ordinal returns the index of n among its siblings.
func (n Node) ordinal() (index int) {
	parent := n.Parent()
	for child := range parent.Children() {
		if child == n {
			break
		}
		if index++; index > few {
			index, _ = slices.BinarySearch(parent.table(), n.id)
			break
		}
	}
	return index
}

// duplicates reports every member of a closed object whose name has occurred before.
func (s *scanner) duplicates(object int32, members int) {
	d := s.doc
	if s.limited || distinct(s.src, d.records, object) {
		return
	}
	n := Node{d, object}
	d.keys = n.nameKeys(slices.Grow(d.keys[:0], members))
	for _, pair := range n.repeated(d.keys) {
		if s.limited {
			return
		}
		again, first := Node{d, int32(pair >> 32)}, Node{d, int32(uint32(pair))}
		s.fault(Diagnostic{
			Rule: "json-duplicate-name", Severity: Error, Pointer: s.path(again), Span: again.Key(),
			Message: fmt.Sprintf("the name %s occurs twice in this object, and readers differ in which value they take; keep one", inert.Text(s.src[again.Key().Start:again.Key().End])),
			Related: []Related{{Pointer: s.path(first), Span: first.Key(), Message: "first here"}},
		})
	}
}

// distinct reports whether it is certain that no name occurs twice in an object. It
// returns false for large objects and for names with escapes.
func distinct(src []byte, records []record, object int32) bool {
	o := &records[object]
	// A name is compared with all names before it only if one of those has the
	// same 6-bit hash.
	var (
		seen    uint64
		members int
	)
	for a := object + 1; a < o.end; a = records[a].end {
		r := &records[a]
		if members++; members > few || r.escaped&escapedName != 0 {
			return false
		}
		name := src[r.key+1 : r.keyEnd()-1]
		bit := uint(len(name))
		if len(name) > 0 {
			bit += uint(name[0])*5 + uint(name[len(name)/2])*11
		}
		if seen&(1<<(bit&63)) == 0 {
			seen |= 1 << (bit & 63)
			continue
		}
		for b := object + 1; b < a; b = records[b].end {
			other := &records[b]
			if other.nameLength == r.nameLength && string(src[other.key:other.keyEnd()]) == string(src[r.key:r.keyEnd()]) {
				return false
			}
		}
	}
	return true
}
