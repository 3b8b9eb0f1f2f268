package diff

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/assignment"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/schema"
)

// comparer makes one plan: check, then compare, then body and warn.
type comparer struct {
	Options
	id       string           // of the object, "" where desired has it
	declared *schema.Type     // that the objects are said to be of
	resource *schema.Resource // that they say they are of
	base     patchlint.Node
	refused  []Finding
	plan     *Plan

	applies    bool // Apply asks, not Compute
	context    context
	annotation patchlint.Node // current's @odata.context
}

// compare finds out how each property differs and decides about it: those of
// desired in its order, then those that only the others have in the order of the
// model. No name occurs twice in desired; that has been refused.
func (c *comparer) compare() {
	if len(c.Ignore) == 0 && bytes.Equal(c.plan.Current.Raw(), c.plan.Desired.Raw()) {
		return
	}
	c.partial()
	for member := range c.plan.Desired.Children() {
		if p := propertyOf(c.resource.Type, member); p != nil {
			c.present(p, c.plan.Current.Member(p.Name), member)
		} else {
			c.related(c.resource.Type, schema.Comparison{Ignore: c.Ignore}, c.plan.Current.Member(member.Name()), member)
		}
	}
	if !c.Prune && !c.base.Exists() {
		return
	}
	for _, p := range c.resource.Type.Properties {
		if !c.plan.Desired.Member(p.Name).Exists() {
			c.absent(p, c.plan.Current.Member(p.Name))
		}
	}
	for member := range c.plan.Current.Children() {
		if p := c.resource.Type.Dynamic(member.Name()); p != nil && !c.plan.Desired.Member(p.Name).Exists() {
			c.undeclared(p, member)
		}
	}
}

// partial refuses a property of current that continues on another page (OData JSON
// Format, 4.5.5), where it is compared.
func (c *comparer) partial() {
	for member := range c.plan.Current.Children() {
		name, ok := strings.CutSuffix(member.Name(), "@odata.nextLink")
		if !ok || name == "" || !c.Prune && !c.base.Member(name).Exists() && !c.plan.Desired.Member(name).Exists() {
			continue
		}
		p := c.resource.Type.Property(name)
		if p == nil {
			continue
		}
		if _, counts := c.comparison(p); counts {
			c.refusef(Current, payloadShape, member, member.Key(),
				"%s continues at %s, so only a part of it is here; get the rest and save them as one", inert.Quote(name), inert.Quote(member.Name()))
		}
	}
}

// present decides about a property that desired has.
func (c *comparer) present(p *schema.Property, current, desired patchlint.Node) {
	how, counts := c.comparison(p)
	if p.Computed {
		// The id has been held against current's.
		if p.Name != "id" && counts && c.resource.Model.Canonical(current, p, how) != c.resource.Model.Canonical(desired, p, how) {
			c.skip(p, readOnly, current, desired)
		}
		return
	}
	if len(how.Ignore) == 0 && bytes.Equal(current.Raw(), desired.Raw()) {
		return
	}
	if counts && empty(desired) && !current.Exists() && !c.context.selects(p) {
		c.hidden(p, "so whether the service holds what desired empties is unknown")
		return
	}
	c.unreadable(p, current)
	sent, carried := c.merged(p, how, current, desired)
	d := c.difference(p, how, current, sent)
	change := func(kind Kind) {
		c.change(Change{pointerTo(p), p, kind, current, sent, d.elements, c.inside(p, pointerTo(p), how, current, sent)}, carried)
	}
	switch {
	case d.same && !d.inOrder:
		c.skip(p, OrderOnly, current, desired)
	case d.same:
	case !counts:
		c.skip(p, ignored, current, desired)
	case p.Management == schema.Clock && !c.sends(p):
		c.skip(p, ServerManaged, current, desired)
	case p.Type.Category == schema.Enum && desired.Text() == "unknownFutureValue" && !p.Collection:
		c.skip(p, noOperation, current, desired)
	case p.Collection && sent.Empty():
		change(Clear)
	case p.Collection:
		change(ReplaceCollection)
	case sent.Kind() == patchlint.Null:
		change(Clear)
	default:
		change(Set)
	}
	if counts {
		c.plan.Skipped = append(c.plan.Skipped, carried.uncleared...)
		before := len(c.plan.Skipped)
		c.relatedInside(p, how, current, desired)
		under(p.Name, c.plan.Skipped[before:])
	}
}

// hidden refuses a response made with $select that does not show a property.
func (c *comparer) hidden(p *schema.Property, consequence string) {
	c.context.selected = nil // it is said once
	c.refusef(Current, payloadShape, c.annotation, c.annotation.Span(),
		"this response was made with $select and does not show %s, %s; get the whole object, without $select", inert.Quote(p.Name), consequence)
}

// absent decides about a property that desired does not have: it is left alone
// unless it is to be cleared.
func (c *comparer) absent(p *schema.Property, current patchlint.Node) {
	inBase := !empty(c.base.Member(p.Name))
	if p.Computed || !c.Prune && !inBase {
		return
	}
	how, counts := c.comparison(p)
	if counts && p.Management != schema.Clock && !c.context.selects(p) {
		c.hidden(p, "so whether that is to be cleared is unknown")
	}
	if empty(current) {
		return
	}
	c.unreadable(p, current)
	var sent patchlint.Node
	var carried carried
	switch {
	case p.Collection && c.Prune:
		sent = literal([]byte("[]"))
	case p.Collection:
		sent, carried = c.merged(p, how, current, literal([]byte("[]")))
	default:
		sent, carried = c.remains(p, how, current)
	}
	d := c.difference(p, how, current, sent)
	change := func(kind Kind) {
		c.change(Change{pointerTo(p), p, kind, current, sent, d.elements, c.inside(p, pointerTo(p), how, current, sent)}, carried)
	}
	switch {
	case p.Management == schema.Clock:
		c.skip(p, ServerManaged, current, patchlint.Node{})
	case !counts:
		c.skip(p, ignored, current, patchlint.Node{})
	case (p.Collection || carried.whole.Exists()) && d.same:
	case carried.whole.Exists():
		change(Set)
	case p.Collection && !sent.Empty():
		change(ReplaceCollection)
	case p.Collection, p.Nullable && !p.Required:
		change(Clear)
	default:
		c.skip(p, NotClearable, current, patchlint.Node{})
	}
	if counts {
		c.plan.Skipped = append(c.plan.Skipped, carried.uncleared...)
	}
}

// undeclared skips a property of an open type that desired does not have and that
// would be cleared, were it known that the service lets it be.
func (c *comparer) undeclared(p *schema.Property, current patchlint.Node) {
	if _, counts := c.comparison(p); counts && !empty(current) && (c.Prune || !empty(c.base.Member(p.Name))) {
		c.skip(p, Undeclared, current, patchlint.Node{})
	}
}

// inside returns the changes in a single complex value to which at leads.
func (c *comparer) inside(p *schema.Property, at patchlint.Pointer, how schema.Comparison, current, sent patchlint.Node) (changes []Change) {
	t := c.typeIn(p.Type, sent)
	if !merges(p, sides{current: current, desired: sent}) || c.typeIn(p.Type, current) != t {
		return nil
	}
	for member := range sent.Children() {
		p := propertyOf(t, member)
		if p == nil {
			continue
		}
		old, at := current.Member(p.Name), at.Append(p.Name)
		below, counts := how.Below(p.Name)
		if !counts {
			continue
		}
		d := c.difference(p, below, old, member)
		deeper := c.inside(p, at, below, old, member)
		switch change := (Change{at, p, Set, old, member, d.elements, nil}); {
		case d.same:
		case len(deeper) > 0:
			changes = append(changes, deeper...)
		case p.Collection && !member.Empty():
			change.Kind = ReplaceCollection
			changes = append(changes, change)
		default:
			if empty(member) {
				change.Kind = Clear
			}
			changes = append(changes, change)
		}
	}
	return changes
}

// typeIn returns the actual type of an object that is declared to be of another.
func (c *comparer) typeIn(declared *schema.Type, n patchlint.Node) *schema.Type {
	return c.typeOf(declared, n.Member("@odata.type"))
}

func (c *comparer) typeOf(declared *schema.Type, annotation patchlint.Node) *schema.Type {
	if t := c.resource.Model.TypeOf(annotation); t != nil && t.Is(declared) {
		return t
	}
	return declared
}

// related skips what desired has in a member that is not the value of a property of t,
// the type of its object: that of a navigation property, a binding, and what nothing
// publishes. The pointer of what it skips starts at the object.
func (c *comparer) related(t *schema.Type, how schema.Comparison, current, desired patchlint.Node) {
	target, binds := bytes.CutSuffix(desired.NameBytes(), []byte("@odata.bind"))
	if !binds && bytes.ContainsAny(target, "@#") && t.Toward(string(target)) == nil {
		return // an annotation
	}
	name := desired.Name()
	p, reason := c.unsent(t, string(target))
	p.Name = name
	_, counts := how.Below(name)
	switch {
	case binds && counts:
		reason = binding
	case !binds && c.holds(p, reason, current, desired):
		before := len(c.plan.Skipped)
		c.relatedInside(p, schema.Comparison{}, current, desired)
		under(name, c.plan.Skipped[before:])
		return
	case !counts:
		reason = ignored
	}
	c.plan.Skipped = append(c.plan.Skipped, Skip{pointerTo(p), p, reason, current, desired})
}

// under has the pointers of what was skipped, which start at a value, start at what holds
// it by a token.
func under(token string, skipped []Skip) {
	for i := range skipped {
		skipped[i].Pointer = patchlint.Pointer("").Append(token) + skipped[i].Pointer
	}
}

// unsent returns what a member of an object of type t is that is not the value of a
// property: that of a navigation property, or what nothing publishes.
func (c *comparer) unsent(t *schema.Type, name string) (*schema.Property, Reason) {
	p := &schema.Property{Name: name, Type: c.resource.Model.Type("Edm.Untyped"), Nullable: true}
	n := t.Toward(name)
	if n == nil {
		return p, unknown
	}
	if target := c.resource.Model.Type(n.Target); target != nil && len(target.Properties) > 1 { // else every member counts
		p.Type, p.Collection = target, n.Collection
	}
	return p, related
}

// holds reports whether the service holds what desired has in a member that is not the
// value of a property. A related object may be named in part, by its id for example.
func (c *comparer) holds(p *schema.Property, reason Reason, current, desired patchlint.Node) bool {
	if c.resource.Model.Canonical(current, p, schema.Comparison{}) == c.resource.Model.Canonical(desired, p, schema.Comparison{}) {
		return true
	}
	switch {
	case reason != related:
		return false
	case !p.Collection:
		return c.holdsNamed(p.Type, current, desired)
	case current.Kind() != patchlint.Array || desired.Kind() != patchlint.Array || current.Len() != desired.Len():
		return false
	}
	byID := make(map[string]patchlint.Node)
	for element := range current.Children() {
		byID[strings.ToLower(element.Member("id").Text())] = element
	}
	for element := range desired.Children() {
		id := strings.ToLower(element.Member("id").Text())
		if id == "" || !c.holdsNamed(p.Type, byID[id], element) {
			return false
		}
		delete(byID, id) // it is not taken twice
	}
	return true
}

// holdsNamed reports whether a related object is the one that desired names, by its id
// where both have one: what desired says of it besides must not contradict current, which
// may show no more than the id. Without ids current must have all that desired names.
func (c *comparer) holdsNamed(declared *schema.Type, current, desired patchlint.Node) bool {
	if current.Kind() != patchlint.Object || desired.Kind() != patchlint.Object {
		return false
	}
	was, wanted := current.Member("id").Text(), desired.Member("id").Text()
	identified := was != "" && strings.EqualFold(was, wanted)
	if was != "" && wanted != "" && !identified {
		return false
	}
	t := c.typeIn(declared, desired)
	if current.Member("@odata.type").Exists() && desired.Member("@odata.type").Exists() && c.typeIn(declared, current) != t {
		return false
	}
	named := false
	for member := range desired.Children() {
		if bytes.IndexByte(member.NameBytes(), '@') >= 0 {
			continue
		}
		named = true
		of := current.Member(member.Name())
		if identified && (!of.Exists() || member.NameIs("id")) {
			continue
		}
		p, reason := propertyOf(t, member), related
		if p == nil {
			p, reason = c.unsent(t, member.Name())
		}
		if !of.Exists() || !c.holds(p, reason, of, member) {
			return false
		}
	}
	return named
}

// relatedInside skips, as related does, what is inside the value of a property. The
// pointer of what it skips starts at the value.
func (c *comparer) relatedInside(p *schema.Property, how schema.Comparison, current, desired patchlint.Node) {
	if !p.Type.Structured() {
		return
	}
	if p.Collection {
		held := sync.OnceValue(func() map[string]bool {
			texts := make(map[string]bool)
			for element := range current.Children() {
				texts[string(element.Raw())] = true
			}
			return texts
		})
		single, i := *p, -1
		single.Collection = false
		for element := range desired.Children() {
			i++
			below, counts := how.BelowIndex(i)
			if !counts {
				continue
			}
			before := len(c.plan.Skipped)
			c.relatedInside(&single, below, patchlint.Node{}, element)
			switch {
			case len(c.plan.Skipped) == before:
			case held()[string(element.Raw())]:
				c.plan.Skipped = c.plan.Skipped[:before] // the service holds all of it
			default:
				under(strconv.Itoa(i), c.plan.Skipped[before:])
			}
		}
		return
	}
	t := p.Type
	if annotation := odata.TypeOf(desired); annotation.Exists() {
		t = c.typeOf(t, annotation)
	} else {
		t = c.typeIn(t, current) // which it keeps
	}
	for member := range desired.Children() {
		inner := propertyOf(t, member)
		if inner != nil && !inner.Type.Structured() {
			continue
		}
		of := current.Member(member.Name())
		if inner == nil {
			c.related(t, how, of, member)
		} else if below, counts := how.Below(inner.Name); counts {
			before := len(c.plan.Skipped)
			c.relatedInside(inner, below, of, member)
			under(inner.Name, c.plan.Skipped[before:])
		}
	}
}

func (c *comparer) skip(p *schema.Property, reason Reason, current, desired patchlint.Node) {
	c.plan.Skipped = append(c.plan.Skipped, Skip{pointerTo(p), p, reason, current, desired})
}

func (c *comparer) change(change Change, carried carried) {
	c.plan.Changes = append(c.plan.Changes, change)
	c.checkCarried(change, carried)
}

// pointerTo returns the pointer to a property.
func pointerTo(p *schema.Property) patchlint.Pointer { return patchlint.Pointer("").Append(p.Name) }

// comparison says how the values of a property are compared, and whether they
// are at all.
func (c *comparer) comparison(p *schema.Property) (schema.Comparison, bool) {
	return schema.Comparison{Ordered: c.Ordered, Ignore: c.Ignore}.Below(p.Name)
}

// difference is how the values of a pair differ.
type difference struct {
	same     bool
	inOrder  bool // and in the same order
	elements Elements
}

// difference compares what the service holds with what would be sent.
func (c *comparer) difference(p *schema.Property, how schema.Comparison, current, sent patchlint.Node) (d difference) {
	lists := p.Collection && listed(current) && listed(sent)
	if lists {
		d.elements = compareCollections(c.resource.Model, p, current, sent)
	}
	if lists && len(how.Ignore) == 0 {
		d.same, d.inOrder = d.elements.same(), d.elements.inOrder
		if c.Ordered {
			d.same = d.inOrder
		}
		return d
	}
	same := func(how schema.Comparison) bool {
		return c.resource.Model.Canonical(current, p, how) == c.resource.Model.Canonical(sent, p, how)
	}
	d.same = same(how)
	d.inOrder = d.same
	if d.same && lists && current.Kind() == patchlint.Array && !c.Ordered {
		how.Ordered = true
		d.inOrder = same(how)
	}
	return d
}

// listed reports whether a value is a list of elements, none where there is no
// array.
func listed(n patchlint.Node) bool {
	return n.Kind() == patchlint.Absent || n.Kind() == patchlint.Null || n.Kind() == patchlint.Array
}

// sends reports whether Options.Send names the property. Its pointers match as
// those do that a comparison ignores.
func (c *comparer) sends(p *schema.Property) bool {
	_, counts := schema.Comparison{Ignore: c.Send}.Below(p.Name)
	return !counts
}

// empty reports whether a value is one that clearing would give.
func empty(n patchlint.Node) bool {
	switch n.Kind() {
	case patchlint.Absent, patchlint.Null:
		return true
	case patchlint.Array:
		return n.Empty()
	}
	return false
}

// literal returns a value that stands in no document of the user's.
func literal(text []byte) patchlint.Node {
	doc, err := patchlint.Parse(text, patchlint.JSON)
	if err != nil {
		// The text was rendered by this package from documents that parse; the
		// fuzz target of Compute checks that this is not reached.
		return patchlint.Node{}
	}
	return doc.Root()
}

// carried is what is sent as current has it: the last elements of a collection,
// from the first of them on, or what desired leaves out of a complex value.
type carried struct {
	first    int
	elements []patchlint.Node
	whole    patchlint.Node

	uncleared []Skip // what Prune would have cleared in whole
}

// merged returns the value to send for a property that desired has: desired's,
// except that a collection keeps what only the service has (with Base), and a
// single complex value what desired leaves out.
func (c *comparer) merged(p *schema.Property, how schema.Comparison, current, desired patchlint.Node) (patchlint.Node, carried) {
	w := c.writer()
	of := sides{current, desired, c.base.Member(p.Name)}
	switch {
	case w.combines(p, of):
		kept, inPlace := onlyInService(w.model, p, how, of)
		if len(kept) == 0 {
			return desired, carried{}
		}
		if inPlace {
			return current, carried{} // which is never sent: it is the same
		}
		w.list(p, desired, kept)
		return literal(w.out), carried{first: desired.Len(), elements: kept}
	case isSingleComplex(p) && (merges(p, of) || len(how.Ignore) > 0):
		if !w.merged(p, how, of) {
			return current, carried{} // which is never sent: it is the same
		}
		if merges(p, of) || w.spared {
			return literal(w.out), carried{whole: current, uncleared: w.uncleared}
		}
	}
	return desired, carried{}
}

// remains returns the value to send for a single value that is to be cleared: null,
// unless a part of it stays.
func (c *comparer) remains(p *schema.Property, how schema.Comparison, current patchlint.Node) (patchlint.Node, carried) {
	w := c.writer()
	of := sides{current: current, base: c.base.Member(p.Name)}
	if w.outlasts(p, how, of) && w.inside(p, how, of) {
		return literal(w.out), carried{whole: current, uncleared: w.uncleared}
	}
	return literal([]byte("null")), carried{}
}

func (c *comparer) writer() writer {
	return writer{model: c.resource.Model, prune: c.Prune, based: c.base.Exists()}
}

// onlyInService returns the elements of a collection that current has, and neither base
// nor desired, and whether the others are desired's, in its order. An assignment of
// current is not kept beside one of desired for the same target with another filter.
func onlyInService(m *schema.Model, p *schema.Property, how schema.Comparison, of sides) (kept []patchlint.Node, inPlace bool) {
	how, _ = how.Below("*") // an element, whichever
	how.Ordered = false
	key := func(n patchlint.Node) string {
		text, _ := m.AppendCanonicalElement(nil, n, p, how)
		return string(text)
	}
	target := func(n patchlint.Node) string {
		text, filter := m.AppendCanonicalElement(nil, n, p, schema.Comparison{})
		return string(text[:filter])
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
func (c *comparer) checkCarried(change Change, carried carried) {
	if !carried.whole.Exists() && len(carried.elements) == 0 {
		return
	}
	name := change.Property.Name
	object := literal(slices.Concat([]byte(`{"`+name+`":`), change.Sent.Raw(), []byte("}")))
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
			if err != nil || i < carried.first {
				continue // desired's, and refused
			}
			place = carried.elements[i-carried.first]
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

// warn adds what sending the body does beside what it says.
func (c *comparer) warn() {
	if etag := c.plan.Current.Member("@odata.etag"); etag.Text() != "" && c.plan.ETag() == "" {
		c.warnf(Current, "control-information", etag, etag.Span(),
			"this etag holds characters that cannot be sent in If-Match, so the update does not depend on it; read current again")
	}
	for _, change := range c.plan.Changes {
		p, name := change.Property, inert.Quote(change.Property.Name)
		at := c.plan.Desired.Member(p.Name)
		key, span := at.Key(), at.Span()
		if !at.Exists() {
			at = c.plan.Desired
			span = at.Opening()
		}
		if p.Management == schema.State {
			c.warnf(Desired, "server-managed-property", at, key,
				"%s is updated by the service and sent because desired names it; it is unknown whether a PATCH can change it", name)
		}
		if lost := c.unsendable(p, change.Current, nil); len(lost) > 0 && change.Kind != Clear {
			text := inert.Quote(lost[0].Current.Name())
			if more := len(lost) - 1; more > 0 {
				text += " and " + strconv.Itoa(more) + " more"
			}
			c.warnf(Desired, lost[0].Reason.rule(), at, span, "sending %s replaces it whole, and it may lose what current has in it that cannot be sent: %s", name, text)
		}
		for _, inner := range change.Inside {
			removed := len(inner.Elements.Removed)
			if removed == 0 {
				continue
			}
			place, where := c.plan.Desired, span
			for token := range inner.Pointer.Tokens() {
				place = place.Member(token)
			}
			if place.Exists() {
				where = place.Span()
			} else {
				place = at
			}
			c.warnf(Desired, collectionLosesAssignments.ID, place, where, "sending %s replaces it whole, and %s of %q that current has and desired lacks %s lost; read current again right before you send",
				name, elements(inner.Property, removed), inner.Pointer, isAre(removed))
		}
		if !p.Collection {
			if p.Type.Structured() && change.Kind == Set && !change.Current.Exists() && !c.context.selects(p) {
				c.warnf(Desired, payloadShape, at, span,
					"sending %s may reset what it leaves out, and current was read with $select and does not show that; get the whole object, without $select", name)
			}
			continue
		}
		if !c.context.selects(p) {
			c.warnf(Desired, collectionLosesAssignments.ID, at, span,
				"sending %s replaces it whole, and current was read with $select and does not show what that loses; get all of the object", name)
		}
		if removed := len(change.Elements.Removed); removed > 0 {
			c.warnf(Desired, collectionLosesAssignments.ID, at, span,
				"sending %s replaces it whole, and %s that current has and desired lacks %s lost; read current again right before you send",
				name, elements(p, removed), isAre(removed))
		}
		c.warnConflicts(p, change.Sent)
		if lost := c.filtersLost(change); lost > 0 {
			c.warnf(Desired, filtersLost.ID, at, span,
				"sending %s through %s loses the filters of %s: only beta has filters", name, c.resource.Model.Version, elements(p, lost))
		}
	}
}

// warnConflicts warns of the groups that desired includes, and that an element which
// only the service has, and which stays, excludes; and the other way round. Rules see
// those of desired alone.
func (c *comparer) warnConflicts(p *schema.Property, sent patchlint.Node) {
	desired := c.plan.Desired.Member(p.Name)
	if !p.Type.Structured() || sent.Len() <= desired.Len() {
		return // no element of the service's is sent
	}
	type use struct {
		group    string
		excludes bool
	}
	using := func(element patchlint.Node) (use, patchlint.Node) {
		target := element.Member("target")
		id := target.Member("groupId")
		t := c.resource.Model.TypeOf(target.Member("@odata.type"))
		if t == nil || assignment.NoID(id) || t.Short() != "groupAssignmentTarget" && t.Short() != "exclusionGroupAssignmentTarget" {
			return use{}, patchlint.Node{}
		}
		return use{strings.ToLower(id.Text()), t.Short() == "exclusionGroupAssignmentTarget"}, id
	}
	kept := make(map[use]bool)
	for element := range sent.Children() {
		if u, id := using(element); id.Exists() {
			kept[u] = true
		}
	}
	for element := range desired.Children() {
		if u, id := using(element); id.Exists() {
			delete(kept, u)
		}
	}
	for element := range desired.Children() {
		u, id := using(element)
		if id.Exists() && kept[use{u.group, !u.excludes}] {
			c.warnf(Desired, "conflicting-assignment", id, id.Span(), "group %s is both included and excluded in %s: the other one is only in current and stays; keep one of the two",
				inert.Text(id.Text()), inert.Quote(p.Name))
		}
	}
}

// warnSkipped warns of each part of desired that the body does not bring about. Rules
// warn of the related objects at the top level.
func (c *comparer) warnSkipped() {
	for _, s := range c.plan.Skipped {
		if rule := s.Reason.rule(); rule != "" && !(s.Reason == related && s.Desired.Parent() == c.plan.Desired) {
			c.warnf(Desired, rule, s.Desired, s.Desired.Key(), "%s is not sent: %s", inert.Quote(s.Property.Name), s.Reason)
		}
	}
}

// unsendable appends what a value of a property has in it that its types do not have as
// a property, without annotations.
func (c *comparer) unsendable(p *schema.Property, n patchlint.Node, found []Skip) []Skip {
	switch {
	case !p.Type.Structured():
	case n.Kind() == patchlint.Array:
		for element := range n.Children() {
			found = c.unsendable(p, element, found)
		}
	case n.Kind() == patchlint.Object:
		t := c.typeIn(p.Type, n)
		for member := range n.Children() {
			if inner := propertyOf(t, member); inner != nil {
				found = c.unsendable(inner, member, found)
			} else if !empty(member) && bytes.IndexByte(member.NameBytes(), '@') < 0 && !member.NameIs(assignment.FilterType) && !member.NameIs(assignment.FilterID) { // see filtersLost
				reason := unknown
				if t.Toward(member.Name()) != nil {
					reason = related
				}
				found = append(found, Skip{Reason: reason, Current: member})
			}
		}
	}
	return found
}

func (c *comparer) warnf(side Side, rule string, at patchlint.Node, span patchlint.Span, format string, args ...any) {
	d := fault(rule, at, span, format, args...)
	d.Severity = patchlint.Warning
	c.plan.Warnings = append(c.plan.Warnings, Finding{side, d})
}

// elements counts what a collection holds.
func elements(p *schema.Property, n int) string {
	one, more := "an element", "elements"
	if strings.HasSuffix(p.Type.Short(), "Assignment") {
		one, more = "an assignment", "assignments"
	}
	if n == 1 {
		return one
	}
	return strconv.Itoa(n) + " " + more
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// filtersLost counts the elements of current with a filter that the API version
// cannot express.
func (c *comparer) filtersLost(change Change) int {
	lost := 0
	for element := range change.Current.Children() {
		for member := range element.Children() {
			t := c.resource.Model.TypeOf(member.Member("@odata.type"))
			if t == nil || t.Property(assignment.FilterType) != nil {
				continue
			}
			if _, _, filtered := assignment.Filter(member); filtered {
				lost++
			}
		}
	}
	lacking := func(p *schema.Property) bool {
		return slices.ContainsFunc(c.resource.Model.Derived(p.Type), func(t *schema.Type) bool { return t.Property(assignment.FilterType) == nil })
	}
	if lost > 0 && !slices.ContainsFunc(change.Property.Type.Properties, lacking) {
		return 0 // every target can have a filter
	}
	return lost
}
