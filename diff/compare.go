package diff

import (
	"bytes"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/entity"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/schema"
)

// comparer makes one plan: check, then compare, then body and warn.
type comparer struct {
	Options
	ignore   [][]string   // the tokens of Options.Ignore
	send     [][]string   // the tokens of Options.Send
	id       string       // the key of the object, "" for the one in desired
	declared *schema.Type // the type that the caller gave
	resource *schema.Type // the type in the @odata.type of the objects
	base     patchlint.Node
	refused  Refusal
	room     bounds.Bounds // for refused
	cut      bool          // whether refused is incomplete
	plan     *Plan

	applies    bool   // for Apply, not Compute
	withholds  bool   // desired may have values that relatedInside skips
	paths      int    // the total length of the pointers that appendInside has added
	depth      int    // of holds
	place      *place // of the object whose members are skipped
	context    odata.Context
	annotation patchlint.Node // the @odata.context of current, or else its delta link
	hidden     []string       // properties to be cleared, but current does not show all of them
	unpruned   bool           // a property that current does not show may have been left uncleared
}

// tokens returns the reference tokens of pointers, except of "" and of invalid ones.
func tokens(pointers []patchlint.Pointer) (list [][]string) {
	for _, p := range pointers {
		if tokens := slices.Collect(p.Tokens()); len(tokens) > 0 {
			list = append(list, tokens)
		}
	}
	return list
}

// compare decides about each property: those of desired in its order, then those that
// only current or base has in the order of the model. No name occurs twice in desired,
// because check refuses that.
func (c *comparer) compare() {
	c.refusePartial()
	for member := range c.plan.Desired.Children() {
		current := c.plan.Current.Member(member.Name())
		if p := c.resource.Model.AnyPropertyOf(c.resource, member, current); p != nil {
			c.decide(p, current, member)
		} else {
			c.related(c.resource, schema.Comparison{Ignore: c.ignore}, current, member)
		}
	}
	if !c.Prune && !c.base.Exists() {
		return
	}
	for _, p := range c.resource.Properties {
		if !c.plan.Desired.Member(p.Name).Exists() {
			c.decide(p, c.plan.Current.Member(p.Name), patchlint.Node{})
		}
	}
	for member := range c.plan.Current.Children() {
		if c.plan.Desired.Member(member.Name()).Exists() {
			continue
		}
		switch p := c.resource.Model.AnyPropertyOf(c.resource, member); {
		case p == nil:
			c.plan.Skipped = appendKept(c.plan.Skipped, nil, c.resource, c.Prune, schema.Comparison{Ignore: c.ignore}, sides{member, c.plan.Desired, c.base})
		case p.Dynamic():
			c.decide(p, member, patchlint.Node{})
		}
	}
}

// refusePartial refuses a property of current that is compared but continues on another page
// (OData JSON Format, 4.5.5).
func (c *comparer) refusePartial() {
	for member := range c.plan.Current.Children() {
		name, ok := strings.CutSuffix(member.Name(), "@odata.nextLink")
		if !ok || !c.Prune && !c.base.Member(name).Exists() && !c.plan.Desired.Member(name).Exists() {
			continue
		}
		p := c.resource.Property(name)
		if p == nil {
			continue
		}
		if _, counts := c.comparison(p); counts {
			c.refusef(Current, payloadShape, member, member.Key(),
				"%s continues at %s, so this is only a part of it; get the rest and save everything in one file", inert.Quote(name), inert.Quote(member.Name()))
		}
	}
}

// decide plans how a property becomes the value in desired, or is cleared if desired does
// not have it.
func (c *comparer) decide(p *schema.Property, current, desired patchlint.Node) {
	how, counts := c.comparison(p)
	named := desired.Exists()
	asked := named || !p.Dynamic() && (c.Prune || c.base.Member(p.Name).Exists())
	if asked && counts && !p.Computed && (!p.Volatile || c.sends(p)) {
		c.plan.Compared++
	}
	if named && !c.needsComparison(p, how, counts, current, desired) || !named && !c.clears(p, counts, current) {
		return
	}
	if counts {
		before := len(c.refused)
		c.unreadable(Current, p, how, current)
		c.unreadable(Base, p, how, c.base.Member(p.Name))
		if len(c.refused) > before || c.cut {
			return
		}
	}
	sent, w := c.sent(p, how, current, desired)
	d, same, inOrder := c.difference(p, how, current, sent)
	switch {
	case !counts && !(named && same):
		c.skip(p, ignored, current, desired)
	case same && !inOrder:
		c.skip(p, OrderOnly, current, desired)
	case same && (named || sent.Kind() != patchlint.Null): // null is also sent instead of a default
	case p.Volatile && !c.sends(p):
		c.skip(p, ServerManaged, current, desired)
	case changesNothing(p, desired):
		c.skip(p, noOperation, current, desired)
	default:
		d.Pointer = patchlint.Pointer("").Append(p.Name)
		c.paths = 0
		if inside := c.appendInside(nil, p, &place{token: p.Name}, how, current, sent); c.paths <= maxPaths {
			d.Inside = inside
		}
		c.plan.Changes = append(c.plan.Changes, d)
		w.uncleared = slices.DeleteFunc(w.uncleared, func(s Change) bool { return s.Rule() != "" }) // sending p may clear them; see warnChange
		c.checkCarried(p, sent, w)
		text := sent.Raw() // most have neither the word nor an escape
		has := bytes.Contains(text, []byte(graph.UnknownFutureValue)) || bytes.IndexByte(text, '\\') >= 0
		if has && c.sentinel(p, sent, merges(p, sides{current: current, desired: desired})).Exists() {
			c.refuseSentinel(p, current, desired)
		}
	}
	if !counts {
		return
	}
	c.plan.Skipped = append(c.plan.Skipped, w.uncleared...)
	if c.withholds {
		c.relatedInside(p.Name, p, how, current, desired)
	}
}

// needsComparison reports whether a property that desired has needs a comparison. It records
// why a different one does not.
func (c *comparer) needsComparison(p *schema.Property, how schema.Comparison, counts bool, current, desired patchlint.Node) bool {
	switch {
	case p.Computed:
		// refuseMismatched has compared the key.
		if !slices.Contains(entity.Key(c.resource), p.Name) && counts && !c.same(p, how, current, desired) {
			c.skip(p, readOnly, current, desired)
		}
		return false
	case len(how.Ignore) == 0 && bytes.Equal(current.Raw(), desired.Raw()) && !c.restated(p, current, desired):
		return false
	case counts && empty(desired) && !current.Exists() && !c.shows(p):
		c.hidden = append(c.hidden, inert.Quote(p.Name))
		return false
	}
	return true
}

// clears reports whether a property that desired does not have may be cleared. It keeps
// its value unless Prune or Base requires otherwise.
func (c *comparer) clears(p *schema.Property, counts bool, current patchlint.Node) bool {
	switch asked := c.Prune || sets(c.base, p); {
	case p.Computed || !asked:
		return false
	case p.Dynamic():
		if counts && !empty(current) {
			c.skip(p, undeclared, current, patchlint.Node{})
		}
		return false
	case counts && p.Volatile && !c.sends(p):
		if !empty(current) {
			c.skip(p, ServerManaged, current, patchlint.Node{})
		}
		return false
	case counts && !c.shows(p):
		if c.resource.Partial && !c.context.Delta && empty(c.base.Member(p.Name)) { // Prune alone: few responses show all properties
			c.unpruned = true
		} else {
			c.hidden = append(c.hidden, inert.Quote(p.Name))
		}
		return false
	}
	return !empty(current)
}

// refuseHidden refuses a response that does not show what is to be cleared.
func (c *comparer) refuseHidden() {
	if len(c.hidden) == 0 {
		return
	}
	what := bounds.List(c.hidden, maxListed)
	at, span := c.annotation, c.annotation.Span()
	if !at.Exists() {
		at, span = c.plan.Current, c.plan.Current.Opening()
	}
	c.refusef(Current, payloadShape, at, span, "current does not show %s, so it is unknown whether there is anything to clear: %s", what, c.unseen(what))
}

// appendInside appends the changes in the single complex value of a property to changes,
// until their pointers are longer than maxPaths together.
func (c *comparer) appendInside(changes []Change, p *schema.Property, in *place, how schema.Comparison, current, sent patchlint.Node) []Change {
	t := c.typeIn(p.Type, sent)
	if !merges(p, sides{current: current, desired: sent}) || c.typeIn(p.Type, current) != t {
		return changes
	}
	for member := range sent.Children() {
		if c.paths > maxPaths {
			break
		}
		old := current.Member(member.Name())
		p := c.resource.Model.AnyPropertyOf(t, member, old)
		if p == nil {
			continue
		}
		below, counts := how.Below(p.Name)
		if !counts {
			continue
		}
		alike := !otherStated(p, old) && c.typeIn(p.Type, old) == c.typeIn(p.Type, member)
		if alike && merges(p, sides{current: old, desired: member}) { // may be nested deeply, so it is compared at the leaves only
			changes = c.appendInside(changes, p, &place{above: in, token: p.Name}, below, old, member)
			continue
		}
		d, same, _ := c.difference(p, below, old, member)
		if same {
			continue
		}
		before := len(changes)
		if changes = c.appendInside(changes, p, &place{above: in, token: p.Name}, below, old, member); len(changes) == before {
			d.Pointer = in.pointer().Append(p.Name)
			changes = append(changes, d)
			c.paths += len(d.Pointer)
		}
	}
	return changes
}

// typeIn returns the actual type of an object that is declared to be of another.
func (c *comparer) typeIn(declared *schema.Type, n patchlint.Node) *schema.Type {
	if t := c.resource.Model.TypeOf(odata.TypeOf(n)); t != nil && t.Is(declared) {
		return t
	}
	return declared
}

func (c *comparer) skip(p *schema.Property, reason string, current, desired patchlint.Node) {
	c.plan.Skipped = append(c.plan.Skipped, skipped(c.place, p, reason, current, desired))
}

// skipped returns a change that is not sent, of a property of the object in a place.
func skipped(in *place, p *schema.Property, reason string, current, desired patchlint.Node) Change {
	return Change{Pointer: in.pointer().Append(p.Name), Property: p, Reason: reason, Current: current, Desired: desired}
}

// comparison returns how to compare the values of a property, and whether to compare them
// at all.
func (c *comparer) comparison(p *schema.Property) (schema.Comparison, bool) {
	return schema.Comparison{Ordered: c.Ordered, Ignore: c.ignore}.Below(p.Name)
}

// difference compares what the service holds with what would be sent. It returns the change
// between them without its pointer, and whether they are the same, and in the same order.
func (c *comparer) difference(p *schema.Property, how schema.Comparison, current, sent patchlint.Node) (d Change, same, inOrder bool) {
	lists := p.Collection && listed(current) && listed(sent)
	if lists {
		d, inOrder = compareCollections(c.resource.Model, p, current, sent)
	}
	d.Property, d.Current, d.Desired = p, current, sent
	if lists && len(how.Ignore) == 0 {
		return d, (inOrder || !c.Ordered && d.same()) && !otherStated(p, current), inOrder
	}
	same = !c.restated(p, current, sent) && c.same(p, how, current, sent)
	inOrder = same
	if same && !c.Ordered && (lists && current.Kind() == patchlint.Array || isSingleComplex(p)) { // which may have collections inside
		how.Ordered = true
		inOrder = c.same(p, how, current, sent)
	}
	return d, same, inOrder
}

// same reports whether two values of a property are the same to the service.
func (c *comparer) same(p *schema.Property, how schema.Comparison, a, b patchlint.Node) bool {
	return same(c.resource.Model, p, how, a, b)
}

func same(m *schema.Model, p *schema.Property, how schema.Comparison, a, b patchlint.Node) bool {
	one, _ := m.AppendCanonical(nil, a, p, how)
	other, _ := m.AppendCanonical(nil, b, p, how)
	return bytes.Equal(one, other)
}

// restated reports whether an annotation states another type for a dynamic property, or
// for one in its value, than in current.
func (c *comparer) restated(p *schema.Property, current, sent patchlint.Node) bool {
	if otherStated(p, current) {
		return true
	}
	if !merges(p, sides{current: current, desired: sent}) {
		return false
	}
	t := c.typeIn(p.Type, sent)
	for member := range sent.Children() {
		old := current.Member(member.Name())
		if inner := c.resource.Model.AnyPropertyOf(t, member, old); inner != nil && c.restated(inner, old, member) {
			return true
		}
	}
	return false
}

// otherStated reports whether the annotation of a dynamic property states another type than
// in current.
func otherStated(p *schema.Property, current patchlint.Node) bool {
	if !p.Stated.Exists() {
		return false
	}
	old := current.Parent().Member(p.Name + "@odata.type")
	return old.Exists() && !odata.SameStated(old.Text(), p.Stated.Text())
}

// listed reports whether a value is a list of elements. A missing value is an empty list.
func listed(n patchlint.Node) bool { return empty(n) || n.Kind() == patchlint.Array }

// changesNothing reports whether a value is only a sentinel, which an update ignores.
func changesNothing(p *schema.Property, n patchlint.Node) bool {
	return p.Type.Members != nil && !p.Collection && string(n.TextBytes()) == graph.UnknownFutureValue
}

// sentinel returns the first graph.UnknownFutureValue in a value to send that cannot be left
// out: one in an element or among other flags or, if whole is set, any.
func (c *comparer) sentinel(p *schema.Property, n patchlint.Node, whole bool) (found patchlint.Node) {
	if p.Type.Members != nil && strings.Contains(n.Text(), graph.UnknownFutureValue) && (whole || n.Text() != graph.UnknownFutureValue) {
		return n
	}
	t := c.typeIn(p.Type, n)
	for child := range n.Children() {
		inner, counts := p, true // of an element
		if n.Kind() == patchlint.Object {
			inner, counts = t.PropertyOf(child), whole
		}
		if inner != nil && (inner == p || !inner.Computed) && !found.Exists() {
			found = c.sentinel(inner, child, counts)
		}
	}
	return found
}

func (c *comparer) refuseSentinel(p *schema.Property, current, desired patchlint.Node) {
	side, at := Desired, c.sentinel(p, desired, false)
	if !at.Exists() {
		side, at = Current, c.sentinel(p, current, true)
	}
	c.refusef(side, "enum-value", at, at.Span(), `%s hides a value that Graph did not return, and the update would overwrite it; get current again with the header "Prefer: include-unknown-enum-members", and write the value that you want in desired`, inert.Quote(graph.UnknownFutureValue))
}

// sends reports whether Options.Send names the property. Its pointers match like those of
// Options.Ignore.
func (c *comparer) sends(p *schema.Property) bool {
	_, counts := schema.Comparison{Ignore: c.send}.Below(p.Name)
	return !counts
}

// empty reports whether a value is absent, null or [], as after clearing.
func empty(n patchlint.Node) bool {
	return !n.Exists() || n.Kind() == patchlint.Null || n.Kind() == patchlint.Array && n.Empty()
}

// literal parses a value that is not in a document of the caller. It does not fail, because
// this package rendered the text from documents that parse.
func literal(text []byte) patchlint.Node {
	doc, _ := patchlint.Parse(text, patchlint.JSON)
	return doc.Root()
}
