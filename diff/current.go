package diff

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/entity"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

// unreadable refuses values of current or base that the comparison would treat as empty:
// a value that is not an object where one is required, a dump of an object, or a
// collection that is not an array.
func (c *comparer) unreadable(side Side, p *schema.Property, how schema.Comparison, n patchlint.Node) {
	switch kind := n.Kind(); {
	case empty(n) || c.cut: // nothing is lost from an empty value
	case p.Collection && kind == patchlint.Array:
		if below, counts := how.Below("*"); counts && p.Type.Structured() {
			for element := range n.Children() {
				c.unreadableSingle(side, p, below, element)
			}
		}
	case p.Dynamic() && p.Collection != (kind == patchlint.Array): // it can be anything
	case p.Collection:
		c.refusef(side, payloadShape, n, opening(n), "%s is %s; expected an array (PowerShell unrolls an array of one element, and without -Depth 10 ConvertTo-Json prints a deep array as text); %s",
			inert.Quote(p.Name), kind, remedy(side, "an array"))
	case p.Type.Structured():
		c.unreadableSingle(side, p, how, n)
	}
}

func (c *comparer) unreadableSingle(side Side, p *schema.Property, how schema.Comparison, n patchlint.Node) {
	switch kind := n.Kind(); {
	case c.cut:
	case kind == patchlint.Object:
		t := c.typeIn(p.Type, n)
		if d := entity.Printed(n, t); d != nil {
			c.refuse(side, *d)
			return
		}
		for member := range n.Children() {
			if inner := t.PropertyOf(member); inner != nil {
				if below, counts := how.Below(inner.Name); counts {
					c.unreadable(side, inner, below, member)
				}
			}
		}
	case kind == patchlint.String && form.Printed(n.Text()):
		c.refusef(side, payloadShape, n, n.Span(), "this is text that was printed instead of an object, as ConvertTo-Json does without -Depth 10; %s", remedy(side, "an object"))
	case kind != patchlint.Null && !p.Dynamic(): // a dynamic value can be anything
		c.refusef(side, payloadShape, n, opening(n), "this is %s; expected an object; %s", kind, remedy(side, "an object"))
	}
}

// remedy returns how to correct a value of current, which is a response, or of base,
// which is a payload.
func remedy(side Side, expected string) string {
	if side == Base {
		return "write " + expected
	}
	return "save the response as it was received"
}

// opening returns the span of a finding about a value: the opening bracket of an object
// or array, otherwise the whole value.
func opening(n patchlint.Node) patchlint.Span {
	if n.Kind() == patchlint.Object || n.Kind() == patchlint.Array {
		return n.Opening()
	}
	return n.Span()
}

// locate returns the object in a saved document: the root, the "value" that wraps it, or
// the object in a list that corresponds to desired. It returns the zero Node if it
// refuses the document.
func (c *comparer) locate(side Side, root patchlint.Node) patchlint.Node {
	n := entity.Unwrap(root, c.kind(root, c.plan.Desired))
	if n.Kind() == patchlint.Array {
		if n = c.choose(side, root, n); !n.Exists() {
			return n
		}
	}
	c.checkState(side, n)
	return n
}

// checkState refuses an object that cannot be a state of the resource on the service.
func (c *comparer) checkState(side Side, n patchlint.Node) {
	t := c.resource
	c.checkContext(side, n)
	if annotation := n.Member("@odata.type"); n.Kind() == patchlint.Object && annotation.Exists() && c.named(n) == nil {
		c.refusef(side, odataType, annotation, annotation.Span(), "this is %s, not %s", inert.Quote(annotation.Text()), t.Short())
		return
	}
	// Base is a payload, which may have few or no properties.
	if d := entity.Unfit(n, t); d != nil && (side != Base || n.Kind() != patchlint.Object || n.Member("error").Exists() || entity.Printed(n, t) != nil) {
		c.refuse(side, *d)
	}
}

// choose returns the object in a list that corresponds to desired: the one with its id,
// else the only one with its type and displayName. It refuses a list without such an object.
func (c *comparer) choose(side Side, root, list patchlint.Node) patchlint.Node {
	none := func(format string, args ...any) patchlint.Node {
		c.refusef(side, payloadShape, list, list.Opening(), format, args...)
		return patchlint.Node{}
	}
	wanted, id := c.resource.Model.TypeOf(c.plan.Desired.Member("@odata.type")), c.wanted()
	identified, named := c.matching(list, id)
	fitting := slices.DeleteFunc(slices.Clone(named), func(element patchlint.Node) bool {
		t := c.resource.Model.TypeOf(element.Member("@odata.type"))
		return t != nil && wanted != nil && !t.Is(wanted)
	})
	key, more := entity.KeyNames(c.kind(c.plan.Desired)), ""
	if root.Member("@odata.nextLink").Exists() {
		more = ", and the list continues at its @odata.nextLink"
	}
	text := "the id " + inert.Quote(id)
	if c.id == "" {
		text += " of " + c.wording()
	}
	switch {
	case list.Empty():
		return none("this list is empty, so there is no %s in it%s", c.resource.Short(), more)
	case c.plan.Desired.Kind() != patchlint.Object:
		return patchlint.Node{} // desired, which must be one object, is refused
	case len(identified) == 1:
		return identified[0]
	case len(identified) > 1:
		return none("%d objects in this list have %s", len(identified), text)
	case id != "" && len(named) > 0 && c.id == "":
		return none(`no object in this list has %s%s; if the object is in another tenant, leave %s out of %s; the candidates are %s`, text, more, key, c.wording(), c.candidates(named))
	case id != "":
		return none("no object in this list has %s%s", text, more)
	case c.applies && list.Len() == 1:
		return children(list)[0]
	case len(named) > 0 && len(fitting) == 0:
		return none("no object in this list with the displayName of %s is of type %s%s: %s", c.wording(), wanted.Short(), more, c.candidates(named))
	case len(fitting) == 1 && more == "":
		return fitting[0]
	case len(fitting) == 0:
		fitting = children(list)
	}
	if key == "" {
		return none("it is unclear which object in this list to update%s, and the key of %s is not published", more, c.resource.Short())
	}
	candidates := c.candidates(fitting)
	if candidates == "" {
		return none("it is unclear which object in this list to update%s, and its objects have no %s; save the object to update in a separate file", more, key)
	}
	remedy := "add " + key + " to " + c.wording()
	if c.applies {
		remedy = "choose one by its id, or " + remedy
	}
	return none("it is unclear which object in this list to update%s; %s; the candidates are %s", more, remedy, candidates)
}

// matching returns the objects in a list with an id, and those with the displayName of
// desired, which the body of Apply may change.
func (c *comparer) matching(list patchlint.Node, id string) (identified, named []patchlint.Node) {
	name := c.plan.Desired.Member("displayName").Text()
	for element := range list.Children() {
		if id != "" && entity.SameKey(c.key(element), id) {
			identified = append(identified, element)
		}
		if name != "" && !c.applies && element.Member("displayName").Text() == name {
			named = append(named, element)
		}
	}
	return identified, named
}

// candidates lists objects by key and name for a message, without those that have neither.
func (c *comparer) candidates(objects []patchlint.Node) string {
	var texts []string
	for i, o := range objects {
		if len(texts) > maxListed { // the others are only counted
			texts = append(texts, make([]string, len(objects)-i)...)
			break
		}
		name := o.Member("displayName")
		if name.Kind() != patchlint.String {
			name = o.Member("name")
		}
		text := inert.Text(c.key(o))
		if name.Kind() == patchlint.String {
			text = strings.TrimSpace(text + " " + inert.Quote(name.Text()))
		}
		if text != "" {
			texts = append(texts, text)
		}
	}
	return bounds.List(texts, maxListed)
}

// maxListed is how many objects or properties a message lists.
const maxListed = 10
