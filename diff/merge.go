package diff

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/schema"
)

// sent returns the value to send for a property: the one in desired, to which a collection
// adds the elements that only the service has (with Base), and a single complex value the
// members that desired leaves out. If desired does not have the property, it returns the
// value that remains when the property is cleared. It returns current, which is equal and
// so never sent, if there is nothing to send. The writer records which parts come from current.
func (c *comparer) sent(p *schema.Property, how schema.Comparison, current, desired patchlint.Node) (value patchlint.Node, w writer) {
	w = writer{model: c.resource.Model, prune: c.Prune, based: c.base.Exists()}
	of := sides{current, desired, c.base.Member(p.Name)}
	switch {
	case !desired.Exists():
		if remains := w.cleared(p, how, of); !remains && len(w.uncleared) > 0 {
			return current, w
		}
	case !w.combines(p, how, of) && !merges(p, of) && (!isSingleComplex(p) || len(how.Ignore) == 0):
		return desired, w
	case !w.merged(p, how, of):
		return current, w
	case p.Collection && !slices.ContainsFunc(w.kept, patchlint.Node.Exists), !p.Collection && !merges(p, of) && !w.preserved:
		return desired, w
	}
	switch {
	case !p.Collection:
		w.whole = current
	case w.inPlace:
		return current, w
	}
	return literal(w.out), w
}

// object writes the properties of an object that its type declares and an update may set.
// If there is a current value, it writes the properties that desired leaves out or that how
// ignores as in current, or as null and [] if they are to be pruned or base has them. It
// reports whether there is a reason to send the object: desired has a part of it that
// counts, or a part of current remains that was not to be cleared.
func (w *writer) object(declared *schema.Type, how schema.Comparison, of sides) (needed bool) {
	if of.current.Kind() != patchlint.Object { // of a dynamic property
		of.current = patchlint.Node{}
	}
	t, foreign := w.open(declared, of)
	bare := of.desired.Kind() == patchlint.Object // desired has the object and nothing to set in it
	for member := range of.desired.Children() {
		old := of.current.Member(member.Name())
		p := w.model.AnyPropertyOf(t, member, old)
		if p == nil || p.Computed {
			continue
		}
		bare = false
		start, of := len(w.out), sides{old, member, of.base.Member(p.Name)}
		w.property(p, member)
		below, counts := within(p, how)
		if counts && !changesNothing(p, member) && w.merged(p, below, of) {
			needed = true
			continue
		}
		w.preserved = true
		w.out = w.out[:start]
		if !of.current.Exists() {
			continue
		}
		p = w.model.AnyPropertyOf(t, old)
		w.property(p, old)
		w.value(p, old)
		needed = needed || !empty(of.current)
	}
	needed = w.leftOut(t, foreign, how, of) || needed
	w.text("}")
	return needed || bare
}

// leftOut writes the members of current that desired leaves out, as a part of object. If
// foreign is set, the type of the object is unknown. For needed, see object.
func (w *writer) leftOut(t *schema.Type, foreign bool, how schema.Comparison, of sides) (needed bool) {
	for member := range of.current.Children() {
		if of.desired.Member(member.Name()).Exists() {
			continue
		}
		p := w.model.AnyPropertyOf(t, member)
		if p == nil {
			if !w.element {
				w.uncleared = appendKept(w.uncleared, w.place, t, w.prune, how, sides{member, of.desired, of.base})
			}
			if foreign && member.Name() != "@odata.type" { // so that it is equal if nothing else differs
				w.key(member)
				w.plain(member)
				needed = true
			}
			continue
		}
		below, counts := within(p, how)
		if p.Computed || w.element && counts && len(below.Ignore) == 0 {
			continue
		}
		w.property(p, member)
		clear := counts && (w.prune || sets(of.base, p))
		of := sides{current: member, base: of.base.Member(p.Name)}
		switch {
		case p.Collection && member.Kind() == patchlint.Null:
			w.text("[]") // what null means in current
		case clear && !w.element:
			needed = w.cleared(p, below, of) || needed
		default:
			w.preserved = w.preserved || !counts
			w.value(p, member)
			needed = needed || !empty(member)
		}
	}
	return needed
}

// inside is like object for the single value of a property.
func (w *writer) inside(p *schema.Property, how schema.Comparison, of sides) (needed bool) {
	above := w.place
	w.place = &place{above: above, token: p.Name}
	needed = w.object(p.Type, how, of)
	w.place = above
	return needed
}

// merged writes the value of a property in desired with the parts of current that remain.
// If everything in desired is ignored and current has no such value, it writes nothing and
// returns false.
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
		all.prune = true // null requests that
		remains := all.inside(p, how, of)
		if !remains {
			w.text("null")
			break
		}
		w.out, w.uncleared, w.preserved = all.out, all.uncleared, true
	default:
		w.value(p, of.desired)
	}
	return true
}

// cleared writes the parts that remain of a property that desired does not have and that
// is to be cleared, or null or []. It reports whether a part remains that was not to be
// cleared.
func (w *writer) cleared(p *schema.Property, how schema.Comparison, of sides) (remains bool) {
	if w.outlasts(p, how, of) {
		rest := *w
		if rest.inside(p, how, of) {
			*w = rest
			return true
		}
	}
	switch {
	case p.Collection && !p.Dynamic() && w.prune:
		w.text("[]")
	case p.Collection && !p.Dynamic():
		of.desired = literal([]byte("[]"))
		start := len(w.out)
		w.merged(p, how, of)
		return len(w.out)-start > len("[]")
	case !p.Dynamic() && p.Nullable:
		w.text("null")
	case slices.ContainsFunc(p.Type.Members, func(m schema.Member) bool { return m.Name == p.Default }):
		w.text(strconv.Quote(p.Default))
	default:
		w.value(p, of.current)
		reason := notClearable
		if p.Dynamic() {
			reason = undeclared
		}
		if !empty(of.current) {
			w.uncleared = append(w.uncleared, skipped(w.place, p, reason, of.current, patchlint.Node{}))
		}
	}
	return false
}

// outlasts reports whether a part of the value in current can remain when the value is
// cleared: a part that is ignored, or that neither base nor desired has.
func (w *writer) outlasts(p *schema.Property, how schema.Comparison, of sides) bool {
	return isSingleComplex(p) && of.current.Kind() == patchlint.Object &&
		(len(how.Ignore) > 0 || !w.prune && !of.desired.Exists() && of.base.Kind() == patchlint.Object)
}

// within returns how to compare the values of a property of an object, and whether to
// compare them at all. A collection is not compared if all its elements are ignored.
func within(p *schema.Property, object schema.Comparison) (how schema.Comparison, counts bool) {
	how, counts = object.Below(p.Name)
	if counts && p.Collection {
		_, counts = how.Below("*")
	}
	return how, counts
}

// merges reports whether a value is sent with the parts of current that it leaves out or
// that are ignored: a single complex value is, because services have been seen to reset
// omitted properties.
func merges(p *schema.Property, of sides) bool {
	return isSingleComplex(p) && of.current.Kind() == patchlint.Object && of.desired.Kind() == patchlint.Object
}

// sets reports whether an object of base sets a property: to another value than its default.
// The id and the type of a filter are set together.
func sets(base patchlint.Node, p *schema.Property) bool {
	if p.Name == graph.FilterID || p.Name == graph.FilterType {
		_, id, ok := graph.Filter(base)
		return ok && !graph.NoID(id)
	}
	n := base.Member(p.Name)
	return !empty(n) && (p.Default == "" || n.Text() != p.Default)
}

func isSingleComplex(p *schema.Property) bool { return !p.Collection && p.Type.Structured() }

// checkCarried refuses a change that would send a value of current that the model does not
// allow, such as an object of an unknown type.
func (c *comparer) checkCarried(p *schema.Property, sent patchlint.Node, w writer) {
	switch at := w.ambiguous; {
	case at.Kind() == patchlint.Array:
		c.refusef(Desired, payloadShape, at, at.Opening(),
			"an element of this collection is ignored by its index, which does not identify it in current, so the body would replace the ignored value; write * for the index, or ignore the whole collection")
	case at.Exists():
		c.refusef(Current, payloadShape, at, opening(at),
			"it is unknown which element of desired this is, if any, so the body would replace the ignored values in it; ignore the whole collection, or nothing in it")
	}
	if !w.whole.Exists() && !slices.ContainsFunc(w.kept, patchlint.Node.Exists) {
		return
	}
	name, _ := json.Marshal(p.Name)
	stated := ""
	if p.Stated.Exists() {
		stated = string(name[:len(name)-1]) + `@odata.type":` + string(p.Stated.Raw()) + ","
	}
	object := literal(slices.Concat([]byte("{"+stated), name, []byte(":"), sent.Raw(), []byte("}")))
	for _, v := range c.resource.Check(object) {
		if v.Severity != patchlint.Error || v.Pointer == "" {
			continue
		}
		below := slices.Collect(v.Pointer.Tokens())[1:]
		place := w.whole
		if !place.Exists() {
			if len(below) == 0 {
				continue
			}
			i, _ := strconv.Atoi(below[0])
			if place, below = w.kept[i], below[1:]; !place.Exists() {
				continue // it comes from desired, and has been refused
			}
		}
		for _, token := range below {
			next := place.Member(token)
			if place.Kind() == patchlint.Array && (!w.whole.Exists() || !c.base.Exists()) {
				next = place.Document().Find(place.Pointer().Append(token)) // with a base, a collection inside w.whole may have other elements there
			}
			if !next.Exists() {
				break // it comes from desired
			}
			place = next
		}
		c.refusef(Current, v.Rule, place, opening(place), "%s (current has this value, and the body would send it back; write the value that you want in desired)", v.Message)
	}
}
