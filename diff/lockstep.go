package diff

import (
	"slices"
	"sync"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// lockstep compares collections element by element, over the documents as they
// stand: no element becomes a text of its own, and none that is written alike
// on both sides is looked into.
//
// Invariants:
//
//   - It says what the clear definitions say: of Model.Same about the whole
//     values, and of CanonicalElement about elements. The tests hold it against
//     those.
//   - What is the same tokens on both sides is the same value, so it may be
//     left out on both sides, and does not change how many are added, removed
//     and modified. Which of several equal elements is said to be removed, it
//     does change; elements therefore cuts the ends as CutEqualEnds does.
//   - Absent and null collections have no elements.
//
// Its memory is used again from property to property, and from plan to plan.
type lockstep struct {
	before, after  []patchlint.Node
	classes        schema.Classes
	bySpelling     []int
	byClass        []int
	added, removed []int // by target
}

var locksteps = sync.Pool{New: func() any { return new(lockstep) }}

// release puts l back, without what would keep documents in memory.
func (l *lockstep) release() {
	clear(l.before)
	clear(l.after)
	l.classes.Release()
	locksteps.Put(l)
}

// difference is what a change of a collection does to its elements, in numbers.
type difference struct {
	same    bool // for each element there is one of the same meaning
	inOrder bool // and in the same place
	removed int  // of current, and not modified
}

// list appends the elements of an array to an empty list.
func list(nodes []patchlint.Node, array patchlint.Node) []patchlint.Node {
	nodes = slices.Grow(nodes[:0], array.Len())
	for element := range array.Children() {
		nodes = append(nodes, element)
	}
	return nodes
}

// compare compares two collections, each an array, null or absent.
func (l *lockstep) compare(m *schema.Model, p *schema.Property, current, sent patchlint.Node) difference {
	l.before, l.after = list(l.before, current), list(l.after, sent)
	before, after := l.before, l.after
	for len(before) > 0 && len(after) > 0 && before[0].Equal(after[0]) {
		before, after = before[1:], after[1:]
	}
	for len(before) > 0 && len(after) > 0 && before[len(before)-1].Equal(after[len(after)-1]) {
		before, after = before[:len(before)-1], after[:len(after)-1]
	}
	if len(before) == 0 || len(after) == 0 {
		none := len(before) == len(after)
		return difference{none, none, len(before)}
	}
	size := len(before) + len(after)
	l.classes.Reset(m, p, size)
	if len(before) == len(after) && l.inOrder(before, after) {
		return difference{true, true, 0}
	}

	// How many more there are in current than are sent, by spelling and then by
	// meaning. Spellings that cancel out are not asked for theirs.
	l.bySpelling = slices.Grow(l.bySpelling[:0], size)
	count := func(elements []patchlint.Node, by int) {
		for _, element := range elements {
			spelling := l.classes.Spelling(element)
			if spelling == len(l.bySpelling) {
				l.bySpelling = append(l.bySpelling, 0)
			}
			l.bySpelling[spelling] += by
		}
	}
	count(before, +1)
	count(after, -1)
	l.byClass = slices.Grow(l.byClass[:0], size)
	for spelling, n := range l.bySpelling {
		if n != 0 {
			l.byClass = add(l.byClass, l.classes.Class(spelling), n)
		}
	}
	added, removed := surplus(l.byClass)
	d := difference{added+removed == 0, false, removed}
	if added > 0 && removed > 0 && l.classes.Filtered() {
		d.removed -= l.modified()
	}
	return d
}

// modified returns how many of the elements that compare found to be added have
// the target of one that it found to be removed.
func (l *lockstep) modified() int {
	l.added, l.removed = l.added[:0], l.removed[:0]
	for spelling, n := range l.bySpelling {
		if n == 0 {
			continue
		}
		balance := &l.byClass[l.classes.Class(spelling)]
		switch target := l.classes.Target(spelling); {
		case *balance < 0:
			l.added = add(l.added, target, -*balance)
		case *balance > 0:
			l.removed = add(l.removed, target, *balance)
		}
		*balance = 0 // the other spellings of the class are counted with this one
	}
	modified := 0
	for target := range min(len(l.added), len(l.removed)) {
		modified += min(l.added[target], l.removed[target])
	}
	return modified
}

// add adds n to the count at index i.
func add(counts []int, i, n int) []int {
	for i >= len(counts) {
		counts = append(counts, 0)
	}
	counts[i] += n
	return counts
}

// surplus sums up what is below and above zero.
func surplus(balance []int) (below, above int) {
	for _, n := range balance {
		below, above = below+max(0, -n), above+max(0, n)
	}
	return below, above
}

// inOrder reports whether the elements are the same one by one. It stops at the
// first that are not.
func (l *lockstep) inOrder(before, after []patchlint.Node) bool {
	for i := range before {
		if !before[i].Equal(after[i]) && !l.classes.Same(before[i], after[i]) {
			return false
		}
	}
	return true
}

// elements is Change.Elements.
func (l *lockstep) elements(m *schema.Model, p *schema.Property, current, sent patchlint.Node) (added, removed []patchlint.Node, modified []Modified, kept int) {
	before, after, kept := schema.CutEqualEnds(current, sent)
	l.classes.Reset(m, p, len(before)+len(after))
	class := func(element patchlint.Node) int { return l.classes.Class(l.classes.Spelling(element)) }
	surplus := l.byClass[:0]
	for _, element := range before {
		surplus = add(surplus, class(element), 1)
	}
	for _, element := range after {
		if k := class(element); k < len(surplus) && surplus[k] > 0 {
			surplus[k]--
			kept++
		} else {
			added = append(added, element)
		}
	}
	for _, element := range slices.Backward(before) { // of equal ones the last are gone
		if k := class(element); surplus[k] > 0 {
			surplus[k]--
			removed = append(removed, element)
		}
	}
	slices.Reverse(removed)
	l.byClass = surplus
	if len(added) == 0 || len(removed) == 0 || !l.classes.Filtered() {
		return added, removed, nil, kept
	}

	// Each of the added takes the first of the removed that has its target.
	target := func(element patchlint.Node) int { return l.classes.Target(l.classes.Spelling(element)) }
	waiting := make(map[int][]int) // indices of removed, by target
	for i, element := range removed {
		k := target(element)
		waiting[k] = append(waiting[k], i)
	}
	gone := make([]bool, len(removed))
	var fresh, lost []patchlint.Node
	for _, element := range added {
		if k := target(element); len(waiting[k]) > 0 {
			i := waiting[k][0]
			waiting[k] = waiting[k][1:]
			gone[i] = true
			modified = append(modified, Modified{removed[i], element})
		} else {
			fresh = append(fresh, element)
		}
	}
	for i, element := range removed {
		if !gone[i] {
			lost = append(lost, element)
		}
	}
	return fresh, lost, modified, kept
}
