package validate

import (
	"encoding/binary"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/form"
)

// distinctTargets reports whether it is certain that the assignments of a collection have
// different targets. It lets rules that compare assignments skip most collections.
//
// It compares a key for each assignment, the first eight bytes of its groupId in lower
// case, and returns false if two are equal or if more than one assignment has no GUID as
// groupId.
func (p *Pass) distinctTargets(list patchlint.Node) bool {
	if p.compared != list {
		p.compared, p.distinct = list, p.distinctKeys(list)
	}
	return p.distinct
}

func (p *Pass) distinctKeys(list patchlint.Node) bool {
	none := 0 // assignments without a group
	p.keys = p.keys[:0]
	for element := range list.Children() {
		text := element.Member("target").Member("groupId").TextBytes()
		if len(text) == len(form.ZeroGUID) {
			const folded = 0x2020_2020_2020_2020 // digits have this bit in either case
			p.keys = append(p.keys, binary.LittleEndian.Uint64(text)|folded)
		} else if none++; none > 1 {
			return false
		}
	}
	slices.Sort(p.keys)
	return len(slices.Compact(p.keys)) == len(p.keys)
}
