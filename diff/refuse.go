package diff

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// check finds the two objects in their documents, and refuses what cannot be
// compared or must not be sent.
func (c *comparer) check(current, desired *patchlint.Document) {
	c.text(Current, current)
	c.text(Desired, desired)
	if c.Base != nil {
		c.text(Base, c.Base)
	}
	readable := len(c.refused) == 0
	c.plan.Desired = desired.Root()
	if faulty := slices.ContainsFunc(c.refused, func(f Finding) bool { return f.Side == Desired }); !faulty && !c.resource.Accepts(c.plan.Desired, nil, nil) {
		c.violations()
	}
	if readable {
		c.locateAll(current)
	}
	slices.SortStableFunc(c.refused, func(a, b Finding) int { return int(a.Side) - int(b.Side) })
}

// violations refuses what departs from the model, as far as it is to be listed.
func (c *comparer) violations() {
	bounds := patchlint.NewBounds(patchlint.MaxFindings, len(c.plan.Desired.Document().Source()))
	var list []patchlint.Diagnostic
	more := false
	c.resource.WalkUntil(c.plan.Desired, nil, func(v schema.Violation) {
		if more = bounds.Full(); more {
			return
		}
		d := v.Diagnostic()
		if more = !bounds.Admits(&d); !more {
			list = append(list, d)
		}
	}, func() bool { return more })
	slices.SortStableFunc(list, func(a, b patchlint.Diagnostic) int { return a.Span.Start - b.Span.Start })
	for _, d := range list {
		c.refuse(Desired, d)
	}
	if more {
		c.refuse(Desired, patchlint.Diagnostic{
			Rule: "json-limit", Span: c.plan.Desired.Opening(),
			Message: fmt.Sprintf("more than %d findings; the others are not listed", len(list)),
		})
	}
}

// locateAll finds the object that desired is to change in the other documents.
func (c *comparer) locateAll(current *patchlint.Document) {
	id := c.plan.Desired.Member("id").Text()
	c.plan.Current = c.locate(Current, current.Root(), id)
	if c.Base != nil {
		c.base = c.locate(Base, c.Base.Root(), id)
		known := cmp.Or(id, c.plan.Current.Member("id").Text())
		if applied := c.base.Member("id"); applied.Text() != "" && known != "" && !strings.EqualFold(applied.Text(), known) {
			c.refuse(Base, patchlint.Diagnostic{
				Rule: "id-mismatch", Pointer: applied.Pointer(), Span: applied.Span(),
				Message: fmt.Sprintf("this is the id of another object; %s is compared", patchlint.Quote(known)),
			})
		}
	}
	if have := c.plan.Current.Member("id"); id != "" && have.Text() != "" && !strings.EqualFold(have.Text(), id) {
		wanted := c.plan.Desired.Member("id")
		c.refuse(Desired, patchlint.Diagnostic{
			Rule: "id-mismatch", Pointer: wanted.Pointer(), Span: wanted.Span(),
			Message: fmt.Sprintf("this is the id of another object; current is %s", patchlint.Quote(have.Text())),
		})
	}
	c.actual()
}

// actual makes the resource that of the type which the objects say they are of.
// Two that say different things are refused: whether an update can change the type
// of an object is not known.
func (c *comparer) actual() {
	typeOf := func(n patchlint.Node) *schema.Type {
		t := c.resource.Model.TypeOf(n.Member("@odata.type"))
		if t == nil || !t.Is(c.resource.Type) {
			return nil // none, or one that has been refused
		}
		return t
	}
	was, wanted := typeOf(c.plan.Current), typeOf(c.plan.Desired)
	if was != nil && wanted != nil && was != wanted {
		annotation := c.plan.Desired.Member("@odata.type")
		c.refuse(Desired, patchlint.Diagnostic{
			Rule: schema.ODataType.String(), Pointer: annotation.Pointer(), Span: annotation.Span(),
			Message: fmt.Sprintf("current is of another type, %s, and whether an update can change the type of an object is unknown", was.Short()),
		})
	}
	if t := cmp.Or(wanted, was); t != nil && t != c.resource.Type {
		c.resource = &schema.Resource{Model: c.resource.Model, Type: t}
		c.plan.Resource = c.resource
	}
}

func (c *comparer) refuse(side Side, d patchlint.Diagnostic) {
	d.Severity = patchlint.Error
	c.refused = append(c.refused, Finding{side, d})
}

// text refuses a document whose text is not clean JSON. A byte order mark is no
// more than a warning, and is read past.
func (c *comparer) text(side Side, doc *patchlint.Document) {
	for _, f := range doc.Faults() {
		if f.Severity == patchlint.Error {
			c.refuse(side, f)
		}
	}
}

// locate returns the object in a response as it was saved: the root, the
// "value" it is wrapped in, or the one of a list that has the id.
func (c *comparer) locate(side Side, root patchlint.Node, id string) patchlint.Node {
	n := root
	if value := root.Member("value"); root.Kind() == patchlint.Object && c.resource.Type.Property("value") == nil &&
		(value.Kind() == patchlint.Object || value.Kind() == patchlint.Array) {
		n = value
	}
	shape := func(at patchlint.Node, format string, args ...any) patchlint.Node {
		c.refuse(side, patchlint.Diagnostic{Rule: schema.PayloadShape.String(), Pointer: at.Pointer(), Span: at.Opening(), Message: fmt.Sprintf(format, args...)})
		return patchlint.Node{}
	}
	if n.Kind() == patchlint.Array {
		list := n
		n = list.Element(0)
		if id != "" {
			n = patchlint.Node{}
			for element := range list.Children() {
				if strings.EqualFold(element.Member("id").Text(), id) {
					n = element
				}
			}
			if !n.Exists() {
				return shape(list, "none of the %d objects of this list has the id %s of desired", list.Len(), patchlint.Quote(id))
			}
		} else if list.Len() != 1 {
			return shape(list, "this is a list of %d objects, and desired has no id to tell which is meant", list.Len())
		}
	}
	if n.Kind() != patchlint.Object {
		return shape(n, "this is %s, and an object is compared", n.Kind())
	}
	if e := n.Member("error"); e.Kind() == patchlint.Object && c.foreign(n) {
		return shape(e, "this is what Graph answered when it refused a request, not an object: %s", patchlint.Quote(e.Member("code").Text()))
	}
	if annotation := n.Member("@odata.type"); annotation.Exists() {
		if t := c.resource.Model.TypeOf(annotation); t == nil || !t.Is(c.resource.Type) {
			c.refuse(side, patchlint.Diagnostic{
				Rule: schema.ODataType.String(), Pointer: annotation.Pointer(), Span: annotation.Span(),
				Message: fmt.Sprintf("this is %s, and %s is compared", patchlint.Quote(annotation.Text()), c.resource.Type.Short()),
			})
		}
	}
	return n
}

// foreign reports whether an object has no property of the resource's type.
func (c *comparer) foreign(object patchlint.Node) bool {
	for member := range object.Children() {
		if c.resource.Type.PropertyOf(member) != nil {
			return false
		}
	}
	return true
}

// escapeSegment makes an id fit for a URL's path.
func escapeSegment(id string) string { return url.PathEscape(id) }
