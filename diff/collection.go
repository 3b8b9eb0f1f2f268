package diff

import (
	"bytes"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// same reports whether the compared collections have the same elements.
func (c *Change) same() bool { return len(c.Added)+len(c.Removed)+len(c.Modified) == 0 }

// compareCollections compares two collections. It returns a Change with Added, Removed and
// Modified set, and whether the elements are the same in the same order. A
// missing or null collection is empty.
func compareCollections(m *schema.Model, p *schema.Property, current, sent patchlint.Node) (c Change, inOrder bool) {
	_, before, after := cutEqualEnds(children(current), children(sent), func(a, b patchlint.Node) bool { return bytes.Equal(a.Raw(), b.Raw()) })
	if len(before) == 0 || len(after) == 0 {
		c.Removed, c.Added = before, after
		return c, len(before) == len(after)
	}

	if !rearranged(before, after) {
		c.surplus(m, p, before, after)
	}
	return c, c.same() && len(before) == len(after) && sameOrder(m, p, before, after)
}

// cutEqualEnds returns two lists without the equal elements at their ends, and the number of
// those at the start.
func cutEqualEnds[T any](a, b []T, equal func(a, b T) bool) (start int, restA, restB []T) {
	for start < min(len(a), len(b)) && equal(a[start], b[start]) {
		start++
	}
	a, b = a[start:], b[start:]
	for len(a) > 0 && len(b) > 0 && equal(a[len(a)-1], b[len(b)-1]) {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return start, a, b
}

// children returns the elements of a collection.
func children(n patchlint.Node) []patchlint.Node {
	return slices.AppendSeq(slices.Grow([]patchlint.Node(nil), n.Len()), n.Children())
}

// rearranged reports whether two lists have the same elements, byte for byte.
func rearranged(before, after []patchlint.Node) bool {
	first := func(n patchlint.Node) bool { return bytes.Equal(n.Raw(), after[0].Raw()) }
	if len(before) != len(after) || !slices.ContainsFunc(before, first) {
		return false // the usual case, without building a map
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
	for i, n := range before {
		if !bytes.Equal(n.Raw(), after[i].Raw()) && !same(m, p, schema.Comparison{Ordered: true}, n, after[i]) {
			return false
		}
	}
	return true
}

// surplus compares two lists as multisets, and sets Added, Removed and Modified. An
// added element and the first removed one with the same target become a modified pair.
func (c *Change) surplus(m *schema.Model, p *schema.Property, before, after []patchlint.Node) {
	texts := make(numbers, len(before))
	was := classify(m, p, before, texts.add)
	wanted := classify(m, p, after, func(text []byte) int { return texts[string(text)] })

	left := make([]int, len(texts)+1)
	for _, class := range was {
		left[class.whole]++
	}
	added := make([]int, 0, len(after))
	for i, class := range wanted {
		if left[class.whole] == 0 {
			added = append(added, i)
		} else {
			left[class.whole]--
		}
	}
	// Linked lists of the removed elements of each target, with 1-based indexes.
	first, next := make([]int, len(texts)+1), make([]int, len(before))
	removed := make([]bool, len(before))
	for i, class := range slices.Backward(was) {
		if left[class.whole] > 0 {
			left[class.whole]--
			removed[i] = true
			next[i], first[class.target] = first[class.target], i+1
		}
	}
	c.Added, c.Removed = after[:0], before[:0] // elements move to the left
	for _, i := range added {
		target := wanted[i].target
		if other := first[target] - 1; other >= 0 {
			first[target], removed[other] = next[other], false
			c.Modified = append(c.Modified, [2]patchlint.Node{before[other], after[i]})
		} else {
			c.Added = append(c.Added, after[i])
		}
	}
	for i, n := range before {
		if removed[i] {
			c.Removed = append(c.Removed, n)
		}
	}
}

// numbers assigns numbers to texts, starting from 1.
type numbers map[string]int

// add returns the number of a text, assigning one if it is new.
func (m numbers) add(text []byte) int {
	n := m[string(text)]
	if n == 0 {
		n = len(m) + 1
		m[string(text)] = n
	}
	return n
}

// class holds the numbers of the canonical text of an element and of that text without
// the filter.
type class struct{ whole, target int }

func classify(m *schema.Model, p *schema.Property, elements []patchlint.Node, number func(text []byte) int) []class {
	var text []byte
	list := make([]class, len(elements))
	for i, n := range elements {
		var filter int
		text, filter = m.AppendCanonical(text[:0], n, p, schema.Comparison{})
		list[i].whole = number(text)
		list[i].target = list[i].whole
		if filter < len(text) {
			list[i].target = number(text[:filter])
		}
	}
	return list
}
