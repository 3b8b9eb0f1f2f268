package diff

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

// Objects returns the objects that a document holds as the service returned
// them: the root itself, the object that its "value" wraps, the elements of a
// list, or the same of each body of a $batch response. Several reports whether
// the root is made to hold more than one.
func Objects(root patchlint.Node) (list []patchlint.Node, several bool) {
	if responses := root.Member("responses"); responses.Kind() == patchlint.Array {
		for response := range responses.Children() {
			if body := response.Member("body"); body.Exists() {
				inside, _ := Objects(body)
				list = append(list, inside...)
			}
		}
		return list, true
	}
	switch n := unwrap(root, nil); n.Kind() {
	case patchlint.Array:
		return slices.Collect(n.Children()), true
	default:
		return []patchlint.Node{n}, false
	}
}

// unwrap returns what the "value" of a response holds, else the root. A type that
// has a property of that name, if one is given, is not wrapped.
func unwrap(root patchlint.Node, t *schema.Type) patchlint.Node {
	if t != nil && t.Property("value") != nil {
		return root
	}
	switch value := root.Member("value"); value.Kind() {
	case patchlint.Object, patchlint.Array:
		return value
	}
	return root
}

// Unfit returns why an object cannot be taken for one that the service returned,
// nil where it can. Without a type it knows error bodies and removed objects alone.
func Unfit(object patchlint.Node, t *schema.Type) *patchlint.Diagnostic {
	refuse := func(at patchlint.Node, span patchlint.Span, format string, args ...any) *patchlint.Diagnostic {
		d := fault(payloadShape, at, span, format, args...)
		return &d
	}
	if object.Kind() != patchlint.Object {
		text := strings.TrimSpace(object.Text())
		if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
			return refuse(object, object.Span(), "this is a string that holds JSON: it was encoded twice; save the response as it was received")
		}
		return refuse(object, object.Opening(), "this is %s; expected an object as a GET returns it", object.Kind())
	}
	if removed := object.Member("@removed"); removed.Exists() {
		return refuse(removed, removed.Key(), `"@removed" says that this object was deleted or has left the list, so it cannot be updated`)
	}
	foreign := t == nil || !t.Declares(object)
	if e := object.Member("error"); e.Kind() == patchlint.Object && foreign {
		return refuse(e, e.Opening(), "this is an error response of Graph (%s), not an object; repeat the request once its cause is fixed", inert.Quote(e.Member("code").Text()))
	}
	if t == nil {
		return nil
	}
	if d := dumped(object, t); d != nil {
		return d
	}
	if id := object.Member("id"); id.Exists() && id.Kind() != patchlint.String && t.Property("id") != nil {
		return refuse(id, id.Span(), `"id" is %s; the service returns a string`, id.Kind())
	}
	switch typed := object.Member("@odata.type").Exists(); {
	case object.Empty():
		return refuse(object, object.Opening(), `this object is empty; a GET returns at least "id"`)
	case foreign && (!typed || t.Category == schema.Entity):
		return refuse(object, object.Opening(), "this object has no property of %s; expected an object as a GET returns it", t.Short())
	}
	return nil
}

// dumped finds the first member of an object that is a property in another
// spelling. PowerShell, .NET and Python print objects so; read as JSON from the
// service they would count as empty.
func dumped(object patchlint.Node, t *schema.Type) *patchlint.Diagnostic {
	for member := range object.Children() {
		if t.PropertyOf(member) != nil || bytes.IndexByte(member.NameBytes(), '@') >= 0 {
			continue
		}
		name := member.Name()
		plain := strings.ReplaceAll(name, "_", "")
		meant := ""
		if strings.EqualFold(plain, "odataType") {
			meant = "@odata.type"
		}
		for _, p := range t.Properties {
			if strings.EqualFold(plain, p.Name) {
				meant = p.Name
			}
		}
		if meant != "" {
			d := fault(payloadShape, member, member.Key(),
				"%s is %s in another spelling, so this is an object that PowerShell or an SDK printed, not the response; save that as it was received, with Invoke-MgGraphRequest -OutputType Json for example",
				inert.Quote(name), inert.Quote(meant))
			return &d
		}
	}
	return nil
}

// unreadable refuses a value of current that is not what the service holds: an
// object that was printed by a program, text in place of an object, no array where
// a collection is. Compared, it would count as empty.
func (c *comparer) unreadable(p *schema.Property, n patchlint.Node) {
	switch kind := n.Kind(); {
	case kind == patchlint.Absent || kind == patchlint.Null:
	case p.Collection && kind == patchlint.Array:
		if p.Type.Structured() {
			for element := range n.Children() {
				c.unreadableSingle(p, element)
			}
		}
	case p.Collection:
		c.refusef(Current, payloadShape, n, opening(n),
			"%s is %s; the service returns an array, and PowerShell changes one without ConvertTo-Json -Depth 10 or by unrolling it; save the response as it was received", inert.Quote(p.Name), n.Kind())
	case p.Type.Structured():
		c.unreadableSingle(p, n)
	}
}

func (c *comparer) unreadableSingle(p *schema.Property, n patchlint.Node) {
	if n.Kind() != patchlint.Object {
		if n.Kind() == patchlint.String && form.Printed(n.Text()) {
			c.refusef(Current, payloadShape, n, n.Span(), "this is text that was printed in place of an object; save the response as it was received, or with ConvertTo-Json -Depth 10")
		}
		return
	}
	t := c.typeIn(p.Type, n)
	if d := dumped(n, t); d != nil {
		c.refuse(Current, *d)
		return
	}
	for member := range n.Children() {
		if inner := t.PropertyOf(member); inner != nil && inner.Type.Structured() {
			c.unreadable(inner, member)
		}
	}
}

// opening is where a finding about a value points: to the bracket of a structure,
// else to all of it.
func opening(n patchlint.Node) patchlint.Span {
	if n.Kind() == patchlint.Object || n.Kind() == patchlint.Array {
		return n.Opening()
	}
	return n.Span()
}

// locate returns the object in a document as it was saved: the root, the
// "value" it is wrapped in, or the one of a list that desired means.
func (c *comparer) locate(side Side, root patchlint.Node) patchlint.Node {
	n := unwrap(root, c.resource.Type)
	if n.Kind() == patchlint.Array {
		if n = c.choose(side, root, n); !n.Exists() {
			return n
		}
	}
	c.held(side, n)
	return n
}

// held refuses an object that is not what the service holds.
func (c *comparer) held(side Side, n patchlint.Node) {
	t := c.resource.Type
	c.source(side, n)
	if annotation := n.Member("@odata.type"); n.Kind() == patchlint.Object && annotation.Exists() {
		if named := c.resource.Model.TypeOf(annotation); named == nil || !named.Is(t) {
			c.refusef(side, odataType, annotation, annotation.Span(), "this is %s, and %s is compared", inert.Quote(annotation.Text()), t.Short())
			return
		}
	}
	// The object that was applied last is a payload, which may name little or nothing.
	if d := Unfit(n, t); d != nil && (side != Base || n.Kind() != patchlint.Object || n.Member("error").Exists() || dumped(n, t) != nil) {
		c.refuse(side, *d)
	}
}

// choose returns the object of a list that desired means: the one with its id,
// else the only one of its type with its displayName.
func (c *comparer) choose(side Side, root, list patchlint.Node) patchlint.Node {
	none := func(format string, args ...any) patchlint.Node {
		c.refusef(side, payloadShape, list, list.Opening(), format, args...)
		return patchlint.Node{}
	}
	having := func(name, text string) (found []patchlint.Node) {
		for element := range list.Children() {
			if text != "" && strings.EqualFold(element.Member(name).Text(), text) && (name == "id" || element.Member(name).Text() == text) {
				found = append(found, element)
			}
		}
		return found
	}
	wanted := c.resource.Model.TypeOf(c.plan.Desired.Member("@odata.type"))
	fits := func(element patchlint.Node) bool { // as far as both say of which type they are
		t := c.resource.Model.TypeOf(element.Member("@odata.type"))
		return t == nil || wanted == nil || t.Is(wanted)
	}
	id, name := c.wanted(), c.plan.Desired.Member("displayName").Text()
	more := ""
	if root.Member("@odata.nextLink").Exists() {
		more = "; the list goes on at its @odata.nextLink"
	}
	if list.Empty() {
		return none("this list is empty, so the service holds no %s to update%s", c.resource.Type.Short(), more)
	}
	if id != "" {
		switch found := having("id", id); len(found) {
		case 1:
			return found[0]
		case 0:
			if named := having("displayName", name); len(named) > 0 {
				return none(`no object of this list has the id %s of desired%s; for the object of another tenant leave "id" out of desired: %s`, inert.Quote(id), more, candidates(named))
			}
			return none("no object of this list has the id %s of desired%s", inert.Quote(id), more)
		default:
			return none("%d objects of this list have the id %s of desired", len(found), inert.Quote(id))
		}
	}
	if c.applies && list.Len() == 1 {
		return list.Element(0)
	}
	named := having("displayName", name)
	if len(named) > 0 && !slices.ContainsFunc(named, fits) {
		return none("no object of this list with the displayName of desired is a %s%s: %s", wanted.Short(), more, candidates(named))
	}
	found := slices.DeleteFunc(named, func(n patchlint.Node) bool { return !fits(n) })
	if len(found) == 1 && more == "" {
		return found[0]
	}
	if len(found) == 0 {
		found = slices.Collect(list.Children())
	}
	return none(`the list does not show which object is meant%s; add "id" to desired: %s`, more, candidates(found))
}

// candidates lists objects by id and name.
func candidates(objects []patchlint.Node) string {
	const most = 10
	var list []string
	for _, o := range objects[:min(len(objects), most)] {
		text := inert.Text(o.Member("id").Text())
		if name := o.Member("displayName"); name.Kind() == patchlint.String {
			text = strings.TrimSpace(text + " " + inert.Quote(name.Text()))
		}
		list = append(list, text)
	}
	if more := len(objects) - most; more > 0 {
		list = append(list, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(list, ", ")
}
