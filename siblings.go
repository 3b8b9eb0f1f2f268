package patchlint

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
)

// few is the number of siblings up to which a linear search is used.
const few = 64

// element returns the array element at the 0-based index i, or the zero Node.
func (n Node) element(i int) Node {
	if n.Kind() != Array || i < 0 {
		return Node{}
	}
	if i > few {
		if table := n.table(); i < len(table) {
			return Node{n.doc, table[i]}
		}
		return Node{}
	}
	for child := range n.Children() {
		if i == 0 {
			return child
		}
		i--
	}
	return Node{}
}

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

// seed is random, so that nobody can craft names with equal hashes.
var seed = maphash.MakeSeed()

// names are the records of members by the hashes of their names.
type names map[uint64]int32

// find returns the record of the member of an object with a name, or 0, and its key. The
// key is the hash of the name, or the next one that no other name has. Names are hashed and
// compared unescaped (RFC 8259 section 8.3).
func (m names) find(object Node, name []byte) (key uint64, record int32) {
	for key = maphash.Bytes(seed, name); ; key++ {
		if record = m[key]; record == 0 || bytes.Equal(Node{object.doc, record}.NameBytes(), name) {
			return key, record
		}
	}
}

// lastNamed returns the record of the last member with a name, or 0.
func (n Node) lastNamed(name string) int32 {
	all := lazy.Get(&n.doc.memo, namesOf(n.id), func() names {
		all := make(names)
		for child := range n.Children() {
			key, _ := all.find(n, child.NameBytes())
			all[key] = child.id
		}
		return all
	})
	_, record := all.find(n, []byte(name))
	return record
}

// namesOf is the memo key of the names of an object, given by its record.
type namesOf int32

// duplicates reports every member of a closed object whose name has occurred before, if any.
func (s *scanner) duplicates(object int32) {
	n := Node{s.doc, object}
	firsts := make(names, n.Len())
	for again := range n.Children() {
		key, record := firsts.find(n, again.NameBytes())
		if record == 0 {
			firsts[key] = again.id
			continue
		}
		first := Node{s.doc, record}
		s.fault(Diagnostic{
			Rule: "json-duplicate-name", Severity: Error, Pointer: openPath(again), Span: again.Key(),
			Message: fmt.Sprintf("the name %s occurs twice in this object, and parsers differ in which value they use; keep one", inert.Text(s.src[again.Key().Start:again.Key().End])),
			Related: []Related{{Pointer: openPath(first), Span: first.Key(), Message: "first occurrence"}},
		})
		if s.limited {
			return
		}
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
