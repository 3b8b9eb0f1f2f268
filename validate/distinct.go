package validate

import (
	"encoding/binary"

	"github.com/patchlint/patchlint"
)

// distinctTargets reports that no two assignments of a collection can be for the
// same group, nor two of them for no group at all. It is the quick answer for
// rules that compare assignments: false means that they must look.
//
// Two assignments that are the same to the service, or name one group, have the
// same key here: the hash of the group's id with its case folded, or 0 for one
// that names no group by a GUID. That two keys are equal means nothing more.
func (p *Pass) distinctTargets(list patchlint.Node) bool {
	if list.Empty() {
		return true
	}
	if p.compared != list {
		p.compared, p.distinct = list, p.distinctKeys(list)
	}
	return p.distinct
}

func (p *Pass) distinctKeys(list patchlint.Node) bool {
	assignments := list.Len()
	if assignments < 2 {
		return true
	}
	size := 16
	for size < 2*assignments {
		size *= 2
	}
	if cap(p.keys) < size {
		p.keys = make([]uint64, size)
	}
	keys := p.keys[:size] // a hash table, 0 for a free place
	clear(keys)
	none := 0 // assignments without a group
	for element := range list.Children() {
		id := element.Member("target").Member("groupId")
		text, plain := id.PlainText()
		switch {
		case id.Escaped():
			return false
		case !plain || len(text) != 36:
			if none++; none > 1 {
				return false
			}
			continue
		}
		key := foldedHash(text)
		at := key >> 32 & uint64(size-1)
		for keys[at] != 0 {
			if keys[at] == key {
				return false
			}
			at = (at + 1) & uint64(size-1)
		}
		keys[at] = key
	}
	return true
}

// foldedHash mixes the 36 bytes of a GUID, letters in lower case, to a number
// that is not 0.
func foldedHash(text []byte) uint64 {
	const lower, odd = 0x2020202020202020, 0x9E3779B97F4A7C15
	h := uint64(odd)
	for i := 0; i < 32; i += 8 {
		h = (h ^ (binary.LittleEndian.Uint64(text[i:]) | lower)) * odd
		h ^= h >> 29
	}
	h = (h ^ uint64(binary.LittleEndian.Uint32(text[32:])|lower&0xFFFFFFFF)) * odd
	h ^= h >> 32
	return h | 1
}
