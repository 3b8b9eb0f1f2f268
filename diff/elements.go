package diff

import (
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// Modified is an element that is in both collections with the same target and
// another filter.
type Modified struct{ Current, Sent patchlint.Node }

// Elements tells what a change of a collection does to its elements, compared
// as multisets: which are added, in the order they are sent, which are removed,
// in the order of current, and how many are kept. Of the added and removed
// those that differ in their filter only are given as modified.
func (c Change) Elements(m *schema.Model) (added, removed []patchlint.Node, modified []Modified, kept int) {
	p := c.Property
	if !p.Collection {
		return nil, nil, nil, 0
	}
	key := func(n patchlint.Node) string { return m.CanonicalElement(n, p, schema.Comparison{}) }
	before, after, kept := schema.CutEqualEnds(c.Current, c.Sent)
	surplus := make(map[string]int) // in before and not in after
	for _, element := range before {
		surplus[key(element)]++
	}
	for _, element := range after {
		if k := key(element); surplus[k] > 0 {
			surplus[k]--
			kept++
		} else {
			added = append(added, element)
		}
	}
	for _, element := range slices.Backward(before) { // of equal ones the last are gone
		if k := key(element); surplus[k] > 0 {
			surplus[k]--
			removed = append(removed, element)
		}
	}
	slices.Reverse(removed)

	who := func(n patchlint.Node) string { return m.CanonicalElement(n, p, schema.WithoutFilter) }
	partner := make(map[string][]int)
	for i, n := range removed {
		partner[who(n)] = append(partner[who(n)], i)
	}
	gone := make(map[int]bool)
	var fresh []patchlint.Node
	for _, n := range added {
		if list := partner[who(n)]; len(list) > 0 {
			partner[who(n)] = list[1:]
			gone[list[0]] = true
			modified = append(modified, Modified{removed[list[0]], n})
		} else {
			fresh = append(fresh, n)
		}
	}
	var lost []patchlint.Node
	for i, n := range removed {
		if !gone[i] {
			lost = append(lost, n)
		}
	}
	return fresh, lost, modified, kept
}
