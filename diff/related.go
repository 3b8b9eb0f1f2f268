package diff

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/entity"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/schema"
)

// related skips a member of desired that is not a property of t, the type of its object:
// a navigation property, a binding, changes of related objects, or an unknown member.
func (c *comparer) related(t *schema.Type, how schema.Comparison, current, desired patchlint.Node) {
	target, asks := bytes.CutSuffix(desired.NameBytes(), []byte("@odata.bind"))
	asked := binding
	if !asks && t.DeltaProperty(desired) != nil {
		asks, asked = true, changes
	}
	if !asks && bytes.ContainsAny(target, "@#") && t.NavigationProperty(string(target)) == nil {
		return // an annotation
	}
	name := desired.Name()
	p, reason := unsent(c.resource.Model, t, string(target))
	p.Name = name
	compared := counts(desired, how)
	switch {
	case asks && compared:
		reason = asked
	case !asks && c.holds(p, reason, current, desired):
		c.relatedInside(name, p, schema.Comparison{}, current, desired)
		return
	case !compared:
		reason = ignored
	}
	c.skip(p, reason, current, desired)
}

// place is a value in an object that is compared, or nil for the object itself. Its pointer,
// which may be long, is created only if something in the value changes or is skipped.
type place struct {
	above *place
	token string
	at    patchlint.Pointer
}

func (p *place) pointer() patchlint.Pointer {
	if p == nil {
		return ""
	}
	if p.at == "" {
		var tokens []string // without the pointers of the places above, which may be as long
		for of := p; of != nil; of = of.above {
			tokens = append(tokens, string(patchlint.Pointer("").Append(of.token)))
		}
		slices.Reverse(tokens)
		p.at = patchlint.Pointer(strings.Join(tokens, ""))
	}
	return p.at
}

// appendKept appends a member of current that is not a property of t to the skipped changes if
// it is to be cleared: if of.desired, the object, does not set it, and prune or of.base requires
// that.
func appendKept(to []Change, at *place, t *schema.Type, prune bool, how schema.Comparison, of sides) []Change {
	name := of.current.Name()
	binds := of.desired.Member(name+"@odata.bind").Exists() || of.desired.Member(name+"@delta").Exists()
	asked := prune || !empty(of.base.Member(name))
	if !asked || binds || empty(of.current) || strings.ContainsAny(name, "@#$") || !counts(of.current, how) {
		return to
	}
	p, reason := unsent(t.Model, t, name)
	return append(to, skipped(at, p, reason, of.current, patchlint.Node{}))
}

// counts reports whether to compare a member of an object that is not a property. It is not
// compared if all values in it are ignored.
func counts(member patchlint.Node, object schema.Comparison) bool {
	how, counts := object.Below(member.Name())
	if kind := member.Kind(); counts && (kind == patchlint.Object || kind == patchlint.Array) {
		_, counts = how.Below("*")
	}
	return counts
}

// unsent returns a property and the reason to skip it for a member of an object of type t
// that is not a property: a navigation property or an unknown member. An untyped object has no
// model of its own.
func unsent(m *schema.Model, t *schema.Type, name string) (*schema.Property, string) {
	p := &schema.Property{Name: name, Type: m.Type("Edm.Untyped"), Nullable: true}
	n := t.NavigationProperty(name)
	if n == nil {
		return p, unknown
	}
	if target := m.Type(n.Target); target != nil && len(target.Properties) > 1 { // for an unpublished or empty type, compare every member
		p.Type, p.Collection = target, n.Collection
	}
	return p, related
}

// maxRelated is how deep holds looks into related objects, because it compares all that is
// inside them at each depth. No response nests them so deeply.
const maxRelated = 32

// holds reports whether current has the value of a member of desired that is not a
// property. Desired may show a related object in part, for example only its id.
func (c *comparer) holds(p *schema.Property, reason string, current, desired patchlint.Node) bool {
	if c.same(p, schema.Comparison{}, current, desired) {
		return true
	}
	c.depth++
	defer func() { c.depth-- }()
	switch {
	case reason != related || c.depth > maxRelated:
		return false
	case !p.Collection:
		return c.holdsNamed(p.Type, current, desired)
	case current.Kind() != patchlint.Array || desired.Kind() != patchlint.Array || current.Len() != desired.Len():
		return false
	}
	idOf := func(element patchlint.Node) string {
		return strings.ToLower(entity.ID(c.typeIn(p.Type, element), element))
	}
	byID := make(map[string]patchlint.Node)
	for element := range current.Children() {
		byID[idOf(element)] = element
	}
	for element := range desired.Children() {
		id := idOf(element)
		if id == "" || !c.holdsNamed(p.Type, byID[id], element) {
			return false
		}
		delete(byID, id) // so that it is not matched twice
	}
	return true
}

// holdsNamed reports whether a related object of current is the one in desired. If both
// have the same key, current may lack other members of desired but not contradict them.
// Without keys, current must have all of them.
func (c *comparer) holdsNamed(declared *schema.Type, current, desired patchlint.Node) bool {
	if current.Kind() != patchlint.Object || desired.Kind() != patchlint.Object {
		return false
	}
	t := c.typeIn(declared, desired)
	id, key := entity.ID(t, current), entity.Key(t)
	identified := id != "" && entity.SameKey(id, entity.ID(t, desired))
	if current.Member("@odata.type").Exists() && desired.Member("@odata.type").Exists() && c.typeIn(declared, current) != t {
		return false
	}
	named := false
	for member := range desired.Children() {
		if bytes.ContainsAny(member.NameBytes(), "@#") {
			continue
		}
		named = true
		of := current.Member(member.Name())
		if identified && (!of.Exists() || slices.Contains(key, member.Name())) {
			continue
		}
		p, reason := c.resource.Model.AnyPropertyOf(t, member, of), related
		if p == nil {
			p, reason = unsent(c.resource.Model, t, member.Name())
		}
		if !of.Exists() || !c.holds(p, reason, of, member) {
			return false
		}
	}
	return named
}

// relatedInside skips the members inside the value of a property that related skips, and
// those that only the service sets. The token leads from the object around it to the value.
func (c *comparer) relatedInside(token string, p *schema.Property, how schema.Comparison, current, desired patchlint.Node) {
	if !p.Type.Structured() {
		return
	}
	above := c.place
	c.place = &place{above: above, token: token}
	defer func() { c.place = above }()
	if desired.Kind() == patchlint.Array {
		held := sync.OnceValue(func() map[string]bool {
			texts := make(map[string]bool)
			for element := range current.Children() {
				texts[string(element.Raw())] = true
			}
			return texts
		})
		i := -1
		for element := range desired.Children() {
			i++
			index := strconv.Itoa(i)
			below, counts := how.Below(index)
			if !counts {
				continue
			}
			before := len(c.plan.Skipped)
			c.relatedInside(index, p, below, patchlint.Node{}, element)
			if len(c.plan.Skipped) > before && held()[string(element.Raw())] {
				c.plan.Skipped = c.plan.Skipped[:before] // the service holds all of it
			}
		}
		return
	}
	typed := current // the type remains unless desired names one
	if odata.TypeOf(desired).Exists() {
		typed = desired
	}
	t := c.typeIn(p.Type, typed)
	for member := range desired.Children() {
		of := current.Member(member.Name())
		inner := c.resource.Model.AnyPropertyOf(t, member, of)
		if inner == nil {
			c.related(t, how, of, member)
		} else if below, counts := how.Below(inner.Name); counts {
			if inner.Computed && !t.Entity { // the id of a related object tells which one it is
				if !c.same(inner, below, of, member) {
					c.skip(inner, readOnly, of, member)
				}
				continue
			}
			if changesNothing(inner, member) && !c.same(inner, below, of, member) {
				c.skip(inner, noOperation, of, member)
			}
			c.relatedInside(inner.Name, inner, below, of, member)
		}
	}
}

// unsendable appends the members inside a value of a property that are neither properties
// nor annotations.
func (c *comparer) unsendable(p *schema.Property, n patchlint.Node, found []Change) []Change {
	if !p.Type.Structured() {
		return found
	}
	t := c.typeIn(p.Type, n)
	for child := range n.Children() {
		inner := p // of an element
		if n.Kind() == patchlint.Object {
			inner = c.resource.Model.AnyPropertyOf(t, child)
		}
		if inner != nil {
			found = c.unsendable(inner, child, found)
		} else if name := child.NameBytes(); !empty(child) && !bytes.ContainsAny(name, "@#") && string(name) != graph.FilterType && string(name) != graph.FilterID { // see filtersLost
			_, reason := unsent(c.resource.Model, t, string(name))
			found = append(found, Change{Reason: reason, Current: child})
		}
	}
	return found
}
