package diff

import (
	"bytes"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// Elements is how two collections differ, compared as multisets of what the
// service takes for the same.
type Elements struct {
	// Added are the elements that only the body has, in its order; Removed those
	// that only current has, in current's order. Of several equal elements the
	// last are removed.
	Added, Removed []patchlint.Node
	// Modified are those that both have for the same target with another filter.
	Modified []Modified
	// Kept is the number of the others.
	Kept int

	inOrder bool // none is added, removed or modified, and all are in their places
}

// Modified is an element that is in both collections with the same target and
// another filter.
type Modified struct{ Current, Sent patchlint.Node }

func (e *Elements) same() bool { return len(e.Added)+len(e.Removed)+len(e.Modified) == 0 }

// compareCollections compares two collections. Either may be absent or null,
// which has no elements.
func compareCollections(m *schema.Model, p *schema.Property, current, sent patchlint.Node) Elements {
	var e Elements
	before, after := slices.Collect(current.Children()), slices.Collect(sent.Children())
	size := len(before)
	for len(before) > 0 && len(after) > 0 && bytes.Equal(before[0].Raw(), after[0].Raw()) {
		before, after = before[1:], after[1:]
	}
	for len(before) > 0 && len(after) > 0 && bytes.Equal(before[len(before)-1].Raw(), after[len(after)-1].Raw()) {
		before, after = before[:len(before)-1], after[:len(after)-1]
	}
	e.Kept = size - len(before)
	if len(before) == 0 || len(after) == 0 {
		e.Removed, e.Added, e.inOrder = before, after, len(before) == len(after)
		return e
	}

	if rearranged(before, after) {
		e.Kept += len(after)
	} else {
		e.surplus(m, p, before, after)
	}
	e.inOrder = e.same() && len(before) == len(after) && sameOrder(m, p, before, after)
	return e
}

// rearranged reports whether two lists have the same elements, byte for byte.
func rearranged(before, after []patchlint.Node) bool {
	first := func(n patchlint.Node) bool { return bytes.Equal(n.Raw(), after[0].Raw()) }
	if len(before) != len(after) || !slices.ContainsFunc(before, first) {
		return false // as a rule, at little cost
	}
	spellings := make(numbers, len(before))
	left := make([]int, len(before)+1)
	for _, n := range before {
		left[spellings.add(n.Raw())]++
	}
	for _, n := range after {
		i := spellings[string(n.Raw())]
		if left[i] == 0 {
			return false
		}
		left[i]--
	}
	return true
}

// sameOrder reports whether the elements of two lists, and the collections inside
// them, are the same in the same order.
func sameOrder(m *schema.Model, p *schema.Property, before, after []patchlint.Node) bool {
	ordered := schema.Comparison{Ordered: true}
	var one, other []byte
	for i, n := range before {
		if bytes.Equal(n.Raw(), after[i].Raw()) {
			continue
		}
		one, _ = m.AppendCanonicalElement(one[:0], n, p, ordered)
		other, _ = m.AppendCanonicalElement(other[:0], after[i], p, ordered)
		if !bytes.Equal(one, other) {
			return false
		}
	}
	return true
}

// surplus finds the elements that are left over when those that are the same cancel
// out, and makes modified of what is added and removed for the same target: each of
// the added takes the first of the removed that has its target.
func (e *Elements) surplus(m *schema.Model, p *schema.Property, before, after []patchlint.Node) {
	texts := make(numbers, len(before))
	was := classify(m, p, before, texts.add)
	wanted := classify(m, p, after, func(text []byte) int { return texts[string(text)] })

	left := make([]int, len(texts)+1)
	for _, class := range was {
		left[class.whole]++
	}
	var added []int
	for i, class := range wanted {
		if left[class.whole] == 0 {
			added = append(added, i)
		} else {
			left[class.whole]--
			e.Kept++
		}
	}
	// The first that is removed for each target, and the one after each, counted
	// from 1.
	first, next := make([]int, len(texts)+1), make([]int, len(before))
	removed := make([]bool, len(before))
	for i, class := range slices.Backward(was) {
		if left[class.whole] > 0 {
			left[class.whole]--
			removed[i] = true
			next[i], first[class.target] = first[class.target], i+1
		}
	}
	for _, i := range added {
		target := wanted[i].target
		if other := first[target] - 1; other >= 0 {
			first[target], removed[other] = next[other], false
			e.Modified = append(e.Modified, Modified{before[other], after[i]})
		} else {
			e.Added = append(e.Added, after[i])
		}
	}
	for i, n := range before {
		if removed[i] {
			e.Removed = append(e.Removed, n)
		}
	}
}

// numbers numbers texts from 1 on.
type numbers map[string]int

// add returns the number of a text, a new one if it has none.
func (m numbers) add(text []byte) int {
	n := m[string(text)]
	if n == 0 {
		n = len(m) + 1
		m[string(text)] = n
	}
	return n
}

// class is the numbers of an element's canonical text and of that without its filter.
type class struct{ whole, target int }

func classify(m *schema.Model, p *schema.Property, elements []patchlint.Node, number func(text []byte) int) []class {
	var text []byte
	list := make([]class, len(elements))
	for i, n := range elements {
		var filter int
		text, filter = m.AppendCanonicalElement(text[:0], n, p, schema.Comparison{})
		list[i].whole = number(text)
		list[i].target = list[i].whole
		if filter < len(text) {
			list[i].target = number(text[:filter])
		}
	}
	return list
}
