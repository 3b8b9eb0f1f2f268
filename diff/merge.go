package diff

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// carried is what is sent as current has it: elements of a collection or parts of them,
// or what desired leaves out of a complex value.
type carried struct {
	elements []patchlint.Node // by their place in what is sent; the zero Node for desired's own
	whole    patchlint.Node
	unclear  patchlint.Node // see writer

	uncleared []Change // what Prune would have cleared in whole
}

// sent returns the value to send for a property: desired's, except that a collection
// keeps what only the service has (with Base), and a single complex value what desired
// leaves out. Of one that desired does not have, what stays when it is cleared. It is
// current itself, which is the same and never sent, where there is nothing to send.
func (c *comparer) sent(p *schema.Property, how schema.Comparison, current, desired patchlint.Node) (patchlint.Node, carried) {
	w := writer{model: c.resource.Model, prune: c.Prune, based: c.base.Exists()}
	of := sides{current, desired, c.base.Member(p.Name)}
	switch {
	case !desired.Exists():
		if stays := w.cleared(p, how, of); !stays && len(w.uncleared) > 0 {
			return current, carried{uncleared: w.uncleared, unclear: w.unclear}
		}
	case !w.combines(p, how, of) && !merges(p, of) && (!isSingleComplex(p) || len(how.Ignore) == 0):
		return desired, carried{}
	case !w.merged(p, how, of):
		return current, carried{}
	case p.Collection && !slices.ContainsFunc(w.kept, patchlint.Node.Exists), !p.Collection && !merges(p, of) && !w.spared:
		return desired, carried{unclear: w.unclear}
	}
	switch {
	case p.Collection && w.inPlace:
		return current, carried{}
	case p.Collection:
		return literal(w.out), carried{elements: w.kept, unclear: w.unclear}
	}
	return literal(w.out), carried{whole: current, uncleared: w.uncleared, unclear: w.unclear}
}

// object writes what the type knows of an object and an update may set: what a response
// may have beside that cannot be sent. Where there is a current value, what desired leaves out,
// and what how says does not count, is written as current has it, or as null and [] where
// it is to be pruned or base has it. It reports whether the object says something: desired
// asks for a part of it that counts, or a part of current's stays that was not to be
// cleared. The pointers of what is uncleared start at the object.
func (w *writer) object(declared *schema.Type, how schema.Comparison, of sides) (says bool) {
	if of.current.Kind() != patchlint.Object { // of a dynamic property
		of.current = patchlint.Node{}
	}
	t, foreign := w.open(declared, of)
	bare := of.desired.Kind() == patchlint.Object // desired asks for it, and for nothing in it
	for member := range of.desired.Children() {
		old := of.current.Member(member.Name())
		p := propertyOf(w.model, t, member, old)
		if p == nil || p.Computed {
			continue
		}
		bare = false
		start, of := len(w.out), sides{old, member, of.base.Member(p.Name)}
		w.property(p, member)
		below, counts := within(p, how)
		if counts && !changesNothing(p, member) && w.merged(p, below, of) {
			says = true
			continue
		}
		w.spared = true
		w.out = w.out[:start]
		if !of.current.Exists() {
			continue
		}
		p = propertyOf(w.model, t, old, patchlint.Node{})
		w.property(p, old)
		w.value(p, old)
		says = says || !empty(of.current)
	}
	for member := range of.current.Children() {
		if of.desired.Member(member.Name()).Exists() {
			continue
		}
		p := propertyOf(w.model, t, member, patchlint.Node{})
		if p == nil {
			if foreign && !member.NameIs("@odata.type") { // then it is the same where nothing else differs
				w.key(member)
				w.plain(member)
				says = true
			}
			continue
		}
		below, counts := within(p, how)
		if p.Computed || w.element && counts && len(below.Ignore) == 0 {
			continue
		}
		w.property(p, member)
		of := sides{current: member, base: of.base.Member(p.Name)}
		switch clear := counts && (w.prune || !empty(of.base)); {
		case p.Collection && member.Kind() == patchlint.Null:
			w.text("[]") // what null means in current
		case clear && !w.element:
			says = w.cleared(p, below, of) || says
		default:
			w.spared = w.spared || !counts
			w.value(p, member)
			says = says || !empty(member)
		}
	}
	w.text("}")
	return says || bare
}

// inside is object for the single value of a property. The pointers of what is uncleared
// start at the object that has the property.
func (w *writer) inside(p *schema.Property, how schema.Comparison, of sides) (says bool) {
	before := len(w.uncleared)
	says = w.object(p.Type, how, of)
	under(p.Name, w.uncleared[before:])
	return says
}

// merged writes the value of a property as desired has it, with what is to stay of
// current's. Where all that desired has is ignored, and current has no such value, it
// writes nothing and reports false.
func (w *writer) merged(p *schema.Property, how schema.Comparison, of sides) bool {
	switch {
	case w.combines(p, how, of):
		w.combined(p, how, of)
	case merges(p, of):
		w.inside(p, how, of)
	case of.desired.Kind() == patchlint.Object && isSingleComplex(p) && len(how.Ignore) > 0:
		start := len(w.out)
		if !w.inside(p, how, of) {
			w.out = w.out[:start]
			return false
		}
	case of.desired.Kind() == patchlint.Null && w.outlasts(p, how, of):
		all := *w
		all.prune = true // null asks for that
		stays := all.inside(p, how, of)
		if !stays {
			w.text("null")
			break
		}
		w.out, w.uncleared, w.spared = all.out, all.uncleared, true
	default:
		w.value(p, of.desired)
	}
	return true
}

// cleared writes what is to stay of the value of a property that desired does not have
// and that is to be cleared, or null and [], and reports whether something stays that was
// not to be cleared.
func (w *writer) cleared(p *schema.Property, how schema.Comparison, of sides) (stays bool) {
	if w.outlasts(p, how, of) {
		rest := *w
		if rest.inside(p, how, of) {
			*w = rest
			return true
		}
	}
	switch {
	case p.Collection && isDeclared(p) && w.prune:
		w.text("[]")
	case p.Collection && isDeclared(p):
		of.desired = literal([]byte("[]"))
		start := len(w.out)
		w.merged(p, how, of)
		return len(w.out)-start > len("[]")
	case isDeclared(p) && p.Nullable && !p.Required:
		w.text("null")
	default:
		w.value(p, of.current)
		reason := NotClearable
		if !isDeclared(p) {
			reason = Undeclared
		}
		if !empty(of.current) {
			w.uncleared = append(w.uncleared, skipped(p, reason, of.current, patchlint.Node{}))
		}
	}
	return false
}

// outlasts reports whether a part of current's value can stay when the value is cleared:
// what is ignored, and what only the service has, neither base nor desired.
func (w *writer) outlasts(p *schema.Property, how schema.Comparison, of sides) bool {
	return isSingleComplex(p) && of.current.Kind() == patchlint.Object &&
		(len(how.Ignore) > 0 || !w.prune && of.desired.Kind() == patchlint.Absent && of.base.Kind() == patchlint.Object)
}

// within says how the values of a property of an object are compared, and whether they are
// at all: not those of a collection all of whose elements are ignored.
func within(p *schema.Property, object schema.Comparison) (how schema.Comparison, counts bool) {
	how, counts = object.Below(p.Name)
	if counts && p.Collection {
		_, counts = how.Below("*")
	}
	return how, counts
}

// combines reports whether a collection is sent with the elements that only the service
// has, or with what is ignored in elements as current has it.
func (w *writer) combines(p *schema.Property, how schema.Comparison, of sides) bool {
	return p.Collection && (w.based || len(how.Ignore) > 0) && of.current.Kind() == patchlint.Array && of.desired.Kind() == patchlint.Array
}

// merges reports whether a value is sent with what it leaves out of current's, and with
// what is ignored as current has it: a single complex value, because services have been
// seen resetting that.
func merges(p *schema.Property, of sides) bool {
	return isSingleComplex(p) && of.current.Kind() == patchlint.Object && of.desired.Kind() == patchlint.Object
}

// combined writes a collection of desired with the elements that only the service has,
// if there is a base, and with what is ignored in the others as current has it.
func (w *writer) combined(p *schema.Property, how schema.Comparison, of sides) {
	var kept []patchlint.Node
	w.inPlace = false
	if w.based {
		kept, w.inPlace = onlyInService(w.model, p, how, of)
	}
	if w.inPlace = w.inPlace && len(kept) > 0; w.inPlace {
		w.kept = kept
		w.value(p, of.current)
		return
	}
	before := w.unclear
	matched := w.match(p, how, of, kept)
	w.kept = append(matched, kept...)
	if w.unclear != before && len(kept) == 0 && w.model.Canonical(of.current, p, how) == w.model.Canonical(of.desired, p, how) {
		w.unclear = before // and need not be known
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
			w.out, w.unclear = inner.out, inner.unclear
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

// match returns the element of current that each element of desired is but for what is
// ignored, the zero Node for one that is new, or where nothing is ignored. An element has
// no name, so it is told by all that counts. Those in kept are sent besides. Where that does not tell which one of
// current's has the part that is ignored, that one is unclear.
func (w *writer) match(p *schema.Property, how schema.Comparison, of sides, kept []patchlint.Node) []patchlint.Node {
	below, counts := how.Below("*")
	for _, pattern := range how.Ignore {
		first, _ := pattern.Cut()
		if i, err := strconv.Atoi(first); err == nil && i >= 0 && i < max(of.current.Len(), of.desired.Len()) {
			w.unclear = of.current // elements have no order that counts
		}
	}
	if !counts || len(below.Ignore) == 0 {
		return make([]patchlint.Node, of.desired.Len())
	}
	type candidate struct {
		node                          patchlint.Node
		counting, rest, whole, target string // rest and target are the texts without the filter
		alike                         bool   // all elements with this counting text are the same as a whole
		taken                         bool
	}
	read := func(n patchlint.Node) *candidate {
		c := &candidate{node: n, alike: true}
		c.counting, c.rest = elementText(w.model, n, p, below)
		c.whole, c.target = elementText(w.model, n, p, schema.Comparison{})
		return c
	}
	found := make(map[string]*candidate)
	var current []*candidate // of each element
	for element := range of.current.Children() {
		c := read(element)
		if first := found[c.counting]; first != nil {
			first.alike = first.alike && first.whole == c.whole
			c = first
		}
		found[c.counting], current = c, append(current, c)
	}
	var matched []patchlint.Node
	added := make(map[string]bool) // the targets of the elements that are new
	for element := range of.desired.Children() {
		d := read(element)
		c := found[d.counting]
		switch {
		case c == nil:
			added[d.target] = true
			matched = append(matched, patchlint.Node{})
			continue
		case !c.alike:
			w.unclear = c.node
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
		// An element that is gone may have become one that is added. Only its target can
		// tell, and only if nothing but the filter is ignored.
		if !c.taken && c.whole != c.counting && (added[c.target] || len(added) > 0 && c.rest != c.target) {
			w.unclear = c.node
		}
	}
	return matched
}

// elementText returns the canonical text of an element of a collection, and the part of it
// before the filter of an assignment.
func elementText(m *schema.Model, n patchlint.Node, p *schema.Property, how schema.Comparison) (text, target string) {
	b, filter := m.AppendCanonicalElement(nil, n, p, how)
	return string(b), string(b[:filter])
}

func isSingleComplex(p *schema.Property) bool { return !p.Collection && p.Type.Structured() }

// onlyInService returns the elements of a collection that current has, and neither base
// nor desired, and whether the others are desired's, in its order. An assignment of
// current is not kept beside one of desired for the same target with another filter.
func onlyInService(m *schema.Model, p *schema.Property, how schema.Comparison, of sides) (kept []patchlint.Node, inPlace bool) {
	how, _ = how.Below("*") // an element, whichever
	how.Ordered = false
	key := func(n patchlint.Node) string {
		text, _ := elementText(m, n, p, how)
		return text
	}
	target := func(n patchlint.Node) string {
		_, target := elementText(m, n, p, schema.Comparison{})
		return target
	}
	known, targets := make(map[string]bool), make(map[string]bool)
	for element := range of.base.Children() {
		known[key(element)] = true
	}
	var wanted, others []string
	for element := range of.desired.Children() {
		k := key(element)
		known[k], wanted = true, append(wanted, k)
		targets[target(element)] = true
	}
	for element := range of.current.Children() {
		if k := key(element); known[k] || targets[target(element)] {
			others = append(others, k)
		} else {
			kept = append(kept, element)
		}
	}
	return kept, slices.Equal(wanted, others)
}

// checkCarried refuses a change that would send what current has and Graph would
// refuse, though it came from there: a type that is not known here, for example.
func (c *comparer) checkCarried(p *schema.Property, sent patchlint.Node, carried carried) {
	switch at := carried.unclear; {
	case at.Kind() == patchlint.Array:
		c.refusef(Current, payloadShape, at, at.Opening(),
			"what is to be ignored is named by the index of an element, which tells nothing of an element in desired, and the body would replace it; write * for the index, or ignore the whole collection")
	case at.Exists():
		c.refusef(Current, payloadShape, at, opening(at),
			"whether desired has this element is unknown, so what is to be ignored in it cannot be kept, and the body would replace it; ignore the whole collection, or nothing in it")
	}
	if !carried.whole.Exists() && len(carried.elements) == 0 {
		return
	}
	name := p.Name
	key, _ := json.Marshal(name)
	object := literal(slices.Concat([]byte("{"), key, []byte(":"), sent.Raw(), []byte("}")))
	for _, v := range c.resource.Check(object) {
		first, below := v.Node.Pointer().Cut()
		if first != name || v.Severity() != patchlint.Error {
			continue
		}
		place := carried.whole
		if !place.Exists() {
			var index string
			index, below = below.Cut()
			i, err := strconv.Atoi(index)
			if err != nil || !carried.elements[i].Exists() {
				continue // desired's, and refused
			}
			place = carried.elements[i]
		}
		for token := range below.Tokens() {
			next := place.Member(token)
			if i, err := strconv.Atoi(token); err == nil && place.Kind() == patchlint.Array && (len(carried.elements) > 0 || !c.base.Exists()) {
				next = place.Element(i) // with a base, the elements inside may be others
			}
			if !next.Exists() {
				break // what is sent has it from desired
			}
			place = next
		}
		c.refusef(Current, v.Rule, place, opening(place), "%s (current has it, and the body would send it back; say in desired what is wanted there)", v.Message)
	}
}
