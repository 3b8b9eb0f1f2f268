package validate

import (
	"hash/maphash"
	"slices"

	"github.com/patchlint/patchlint"
)

// distinctTargets reports that no two assignments of a collection can be for the
// same group, nor two of them for no group at all. It is the quick answer for
// rules that compare assignments: false means that they must look.
//
// Two assignments that are the same to the service, or name one group, have the
// same key here: the hash of the group's id with its case folded; those that
// name no group by a GUID are counted. That two keys are equal means nothing more.
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
	none := 0 // assignments without a group
	p.keys = p.keys[:0]
	for element := range list.Children() {
		id := element.Member("target").Member("groupId")
		text, plain := id.PlainText()
		switch {
		case id.Kind() == patchlint.String && !plain:
			return false
		case len(text) != len(folded{}):
			if none++; none > 1 {
				return false
			}
		default:
			var key folded
			for i, c := range text {
				key[i] = c | 0x20
			}
			p.keys = append(p.keys, maphash.Bytes(seed, key[:]))
		}
	}
	slices.Sort(p.keys)
	for i := 1; i < len(p.keys); i++ {
		if p.keys[i-1] == p.keys[i] {
			return false
		}
	}
	return true
}

// folded is a GUID with its letters in lower case.
type folded [36]byte

var seed = maphash.MakeSeed()
