package diff

import (
	"slices"
	"strconv"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// combines reports whether a collection may be sent with elements that only the service has,
// or with ignored parts of elements as in current. A collection inside an element never is.
func (w *writer) combines(p *schema.Property, how schema.Comparison, of sides) bool {
	others := w.based && !empty(of.current)
	return p.Collection && (others || len(how.Ignore) > 0) && listed(of.current) && of.desired.Kind() == patchlint.Array
}

// combined writes a collection of desired with the elements that only the service has, if
// there is a base, and with the ignored parts of the others as in current.
func (w *writer) combined(p *schema.Property, how schema.Comparison, of sides) {
	var kept []patchlint.Node
	w.inPlace = false
	if w.based {
		kept, w.inPlace = w.onlyInService(p, how, of)
	}
	if w.inPlace = w.inPlace && len(kept) > 0; w.inPlace {
		w.kept = kept
		w.value(p, of.current)
		return
	}
	before := w.ambiguous
	matched := w.match(p, how, of, kept)
	w.kept = append(matched, kept...)
	if w.ambiguous != before && len(kept) == 0 && same(w.model, p, how, of.current, of.desired) {
		w.ambiguous = before // nothing is lost: both are equal
		w.value(p, of.current)
		return
	}
	below, _ := how.Below("*")
	w.text("[")
	i := 0
	for element := range of.desired.Children() {
		w.separate()
		if matched[i].Kind() == patchlint.Object {
			inner := *w
			inner.prune, inner.based, inner.element = false, false, true
			inner.object(p.Type, below, sides{current: matched[i], desired: element})
			w.out, w.ambiguous = inner.out, inner.ambiguous
		} else {
			w.single(p, element)
		}
		i++
	}
	for _, element := range kept {
		w.separate()
		w.single(p, element)
	}
	w.text("]")
}

// match returns, for each element of desired, the element of current that is equal to it
// except for ignored parts. The zero Node says that no element is, or that nothing is
// ignored. The elements in kept are sent in addition. If it is ambiguous which element of
// current has the ignored part, match sets w.ambiguous to that element, or to desired.
func (w *writer) match(p *schema.Property, how schema.Comparison, of sides, kept []patchlint.Node) []patchlint.Node {
	below, counts := how.Below("*")
	for _, pattern := range how.Ignore {
		lost := of.current.Len() > 0 || len(pattern) == 1 // a new element is sent with its ignored parts
		if i, err := strconv.Atoi(pattern[0]); lost && err == nil && i >= 0 && i < max(of.current.Len(), of.desired.Len()) {
			w.ambiguous = of.desired // the order of elements does not count
		}
	}
	if !counts || len(below.Ignore) == 0 {
		return make([]patchlint.Node, of.desired.Len())
	}
	found := make(map[string]*candidate)
	var current []*candidate // of each element
	for element := range of.current.Children() {
		c := w.candidate(p, below, element)
		if first := found[c.counting]; first != nil {
			first.alike = first.alike && first.whole == c.whole
			c = first
		}
		found[c.counting], current = c, append(current, c)
	}
	var matched []patchlint.Node
	added := make(map[string]bool) // the targets of the elements that are new
	for element := range of.desired.Children() {
		d := w.candidate(p, below, element)
		c := found[d.counting]
		switch {
		case c == nil:
			added[d.target] = true
			matched = append(matched, patchlint.Node{})
			continue
		case !c.alike:
			w.ambiguous = c.node
		}
		c.taken = true
		matched = append(matched, c.node)
	}
	for element := range of.current.Children() {
		c := current[0]
		current = current[1:]
		if len(kept) > 0 && kept[0] == element { // in current's order
			kept = kept[1:]
			continue
		}
		// A removed element may have become an added one. Only its target can show that,
		// and only if nothing except the filter is ignored.
		if !c.taken && c.whole != c.counting && (added[c.target] || len(added) > 0 && c.rest != c.target) {
			w.ambiguous = c.node
		}
	}
	return matched
}

// candidate is an element of a collection that match may pair with one of the other side.
type candidate struct {
	node                          patchlint.Node
	counting, rest, whole, target string // rest and target are the texts without the filter
	alike                         bool   // all elements with this counting text are the same as a whole
	taken                         bool
}

func (w *writer) candidate(p *schema.Property, how schema.Comparison, n patchlint.Node) *candidate {
	counting, rest := w.model.AppendCanonical(nil, n, p, how)
	whole, target := w.model.AppendCanonical(nil, n, p, schema.Comparison{})
	return &candidate{
		node: n, alike: true,
		counting: string(counting), rest: string(counting[:rest]), whole: string(whole), target: string(whole[:target]),
	}
}

// onlyInService returns the elements of a collection that current has and neither base nor
// desired has, and whether the others are the elements of desired in its order. It leaves
// out an assignment of current if desired has one for the same target with another filter.
func (w *writer) onlyInService(p *schema.Property, how schema.Comparison, of sides) (kept []patchlint.Node, inPlace bool) {
	how, _ = how.Below("*") // for any element
	how.Ordered = false
	known, targets := make(map[string]bool), make(map[string]bool)
	var text []byte
	for element := range of.base.Children() {
		text, _ = w.model.AppendCanonical(text[:0], element, p, how)
		known[string(text)] = true
	}
	var wanted, others []string
	for element := range of.desired.Children() {
		c := w.candidate(p, how, element)
		known[c.counting], targets[c.target] = true, true
		wanted = append(wanted, c.counting)
	}
	for element := range of.current.Children() {
		if c := w.candidate(p, how, element); known[c.counting] || targets[c.target] {
			others = append(others, c.counting)
		} else {
			kept = append(kept, element)
		}
	}
	return kept, slices.Equal(wanted, others)
}
