package patchlint

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"math"
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
		all := make(names, n.Len()/2) // growing once if none repeats
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

// doubtful is the set of all hashes of names. It says that a name may have occurred twice.
const doubtful = math.MaxUint64

// addName adds the name of the last member to the set of its object. A name is
// compared with all names before it only if one of those has the same 6-bit hash. Large
// objects and those that have names with escapes are doubtful.
func (s *scanner) addName(set *uint64, last *record) {
	name := s.src[last.key:last.keyEnd()]
	bit := uint64(1) << ((len(name) + 5*int(name[1]) + 11*int(name[len(name)/2])) & 63)
	switch {
	case last.escaped != 0 || s.doc.records[s.container].finish > few:
		bit = doubtful
	case *set&bit != 0:
		for i := s.container + 1; i < int32(len(s.doc.records)-1); i = s.doc.records[i].end {
			if r := &s.doc.records[i]; r.nameLength == last.nameLength && string(s.src[r.key:r.keyEnd()]) == string(name) {
				bit = doubtful
			}
		}
	}
	*set |= bit
}
