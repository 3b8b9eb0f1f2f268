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

	c := classes{model: m, property: p, spellings: make(map[string]int, len(before)), texts: make(map[string]int)}
	spelledBefore, spelledAfter := c.spell(before), c.spell(after)
	if len(before) != len(after) || !slices.Equal(count(spelledBefore, len(c.first)), count(spelledAfter, len(c.first))) {
		e.surplus(before, after, c.classify(spelledBefore), c.classify(spelledAfter), len(c.first))
	} else {
		e.Kept += len(after) // the same elements, spelled alike
	}
	if e.same() && len(before) == len(after) {
		e.inOrder = true
		for i := range before {
			if spelledBefore[i] != spelledAfter[i] && !c.alike(before[i], after[i]) {
				e.inOrder = false
				break
			}
		}
	}
	e.pair(m, p)
	return e
}

// classes numbers the elements of two collections by their bytes, and these
// spellings by what the service takes for the same.
type classes struct {
	model     *schema.Model
	property  *schema.Property
	spellings map[string]int
	first     []patchlint.Node // of each spelling
	class     []int            // of each spelling
	texts     map[string]int   // canonical ones
	text      []byte           // memory for one
}

// spell returns the spelling of each element, counted from 0.
func (c *classes) spell(elements []patchlint.Node) []int {
	start := elements[0].Span().Start
	source := string(elements[0].Document().Source()[start:elements[len(elements)-1].Span().End])
	spelled := make([]int, len(elements))
	for i, n := range elements {
		raw := source[n.Span().Start-start : n.Span().End-start]
		id, again := c.spellings[raw]
		if !again {
			id = len(c.first)
			c.spellings[raw], c.first = id, append(c.first, n)
		}
		spelled[i] = id
	}
	return spelled
}

// classify returns the class of each spelling, counted from 0.
func (c *classes) classify(spelled []int) []int {
	for len(c.class) < len(c.first) {
		c.text = c.model.AppendCanonicalElement(c.text[:0], c.first[len(c.class)], c.property, schema.Comparison{})
		class, again := c.texts[string(c.text)]
		if !again {
			class = len(c.texts)
			c.texts[string(c.text)] = class
		}
		c.class = append(c.class, class)
	}
	classes := make([]int, len(spelled))
	for i, s := range spelled {
		classes[i] = c.class[s]
	}
	return classes
}

// alike reports whether two elements are the same, and the collections inside
// them in the same order.
func (c *classes) alike(a, b patchlint.Node) bool {
	ordered := schema.Comparison{Ordered: true}
	c.text = c.model.AppendCanonicalElement(c.text[:0], a, c.property, ordered)
	size := len(c.text)
	c.text = c.model.AppendCanonicalElement(c.text, b, c.property, ordered)
	return bytes.Equal(c.text[:size], c.text[size:])
}

// count returns how often each number below size occurs.
func count(numbers []int, size int) []int {
	counts := make([]int, size)
	for _, n := range numbers {
		counts[n]++
	}
	return counts
}

// surplus finds the elements that are left over when those of one class cancel
// out.
func (e *Elements) surplus(before, after []patchlint.Node, beforeClass, afterClass []int, size int) {
	left := count(beforeClass, size)
	for i, n := range after {
		if left[afterClass[i]] > 0 {
			left[afterClass[i]]--
			e.Kept++
		} else {
			e.Added = append(e.Added, n)
		}
	}
	for i, n := range slices.Backward(before) {
		if left[beforeClass[i]] > 0 {
			left[beforeClass[i]]--
			e.Removed = append(e.Removed, n)
		}
	}
	slices.Reverse(e.Removed)
}

// pair makes modified of what is added and removed for the same target. Each of
// the added takes the first of the removed that has its target.
func (e *Elements) pair(m *schema.Model, p *schema.Property) {
	if len(e.Added) == 0 || len(e.Removed) == 0 || !slices.ContainsFunc(e.Added, filtered) && !slices.ContainsFunc(e.Removed, filtered) {
		return
	}
	var text []byte
	target := func(n patchlint.Node) []byte {
		text = m.AppendCanonicalElement(text[:0], n, p, schema.WithoutFilter)
		return text
	}
	// The first of the removed that waits for a target, and the one after each,
	// counted from 1.
	first, next := make(map[string]int, len(e.Removed)), make([]int, len(e.Removed))
	for i, n := range slices.Backward(e.Removed) {
		of := target(n)
		next[i] = first[string(of)]
		first[string(of)] = i + 1
	}
	gone := make([]bool, len(e.Removed))
	e.Added = slices.DeleteFunc(e.Added, func(n patchlint.Node) bool {
		of := target(n)
		i := first[string(of)] - 1
		if i < 0 {
			return false
		}
		first[string(of)], gone[i] = next[i], true
		e.Modified = append(e.Modified, Modified{e.Removed[i], n})
		return true
	})
	var lost []patchlint.Node
	for i, n := range e.Removed {
		if !gone[i] {
			lost = append(lost, n)
		}
	}
	e.Removed = lost
}

// filtered reports whether an element has an assignment filter.
func filtered(element patchlint.Node) bool {
	for member := range element.Children() {
		if _, _, ok := schema.Filter(member); ok {
			return true
		}
	}
	return false
}
