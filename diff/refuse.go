package diff

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/entity"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/schema"
)

// check locates the objects in their documents, and refuses values that cannot be
// compared or must not be sent.
func (c *comparer) check(current, desired *patchlint.Document) error {
	c.room = bounds.New(bounds.Findings, len(current.Source())+len(desired.Source()))
	c.checkText(Current, current)
	if c.Object.Exists() && c.Object.Document() != current {
		c.refuse(Current, patchlint.Diagnostic{Rule: payloadShape, Severity: patchlint.Error, Message: "Options.Object is in another document"})
	}
	before := len(c.refused)
	c.checkText(Desired, desired)
	whole := len(c.refused) == before
	if c.Base != nil {
		c.checkText(Base, c.Base)
	}
	faults := len(c.refused)
	c.plan.Desired = desired.Root()
	if !c.Object.Exists() && c.refuseBatch(Current, current.Root()) || c.refuseBatch(Desired, desired.Root()) {
		return c.refusal()
	}
	if whole {
		c.violations()
	}
	if faults == 0 {
		c.locateAll(current)
	}
	return c.refusal()
}

// refusal returns a Refusal with what was refused so far, or nil.
func (c *comparer) refusal() error {
	if c.cut {
		c.refused = append(c.refused, Finding{Desired, fault("json-limit", c.plan.Desired, c.plan.Desired.Opening(), "more than %d findings; the others are not listed", len(c.refused))})
	}
	if len(c.refused) == 0 {
		return nil
	}
	order := []Side{Current, Desired, Base}
	slices.SortStableFunc(c.refused, func(a, b Finding) int { return slices.Index(order, a.Side) - slices.Index(order, b.Side) })
	return c.refused
}

// wanted returns the id of the object to change, or "" if it is unknown.
func (c *comparer) wanted() string { return cmp.Or(c.id, c.key(c.plan.Desired)) }

// key returns the key of an object, or "" if the object does not show it.
func (c *comparer) key(object patchlint.Node) string {
	return entity.ID(c.kind(object, c.plan.Desired), object)
}

// kind returns the type that the first of the objects with an @odata.type names, or the
// type of the resource.
func (c *comparer) kind(objects ...patchlint.Node) *schema.Type {
	for _, o := range objects {
		if t := c.named(o); t != nil {
			return t
		}
	}
	return c.resource
}

// named returns the type that the @odata.type of an object names. It returns nil without
// one, and for a type that is not the resource or derived from it, which is refused elsewhere.
func (c *comparer) named(object patchlint.Node) *schema.Type {
	if t := c.resource.Model.TypeOf(odata.TypeOf(object)); t != nil && t.Is(c.resource) {
		return t
	}
	return nil
}

// wording returns how messages name the document with the changes.
func (c *comparer) wording() string {
	if c.applies {
		return "the body"
	}
	return "desired"
}

// violations refuses the violations in desired, except those in values that are never sent:
// ignored ones, related objects, and changes to them.
func (c *comparer) violations() {
	before := len(c.refused)
	visit := func(v schema.Visit) bool {
		if v.Refused && !c.applies && (v.Navigation != nil || v.Owner != nil && v.Owner.DeltaProperty(v.Node) != nil) {
			kept := slices.DeleteFunc(c.refused[before:], func(f Finding) bool {
				return v.Node.Span().Start <= f.Span.Start && f.Span.End <= v.Node.Span().End
			})
			c.refused = c.refused[:before+len(kept)]
		}
		c.withholds = c.withholds || v.Owner != nil && (v.Property == nil || !v.Owner.Entity && (v.Property.Computed || changesNothing(v.Property, v.Node)))
		return true
	}
	schema.Walker(visit, func(n patchlint.Node, d patchlint.Diagnostic) bool {
		c.withholds = true
		if d.Severity != patchlint.Error {
			return true
		}
		d.Pointer, d.Fixes = n.Pointer(), nil
		meant := d.Pointer
		if d.Rule == unknownProperty && d.Suggestion != "" { // a misspelled name
			meant = n.Parent().Pointer().Append(strings.Trim(d.Suggestion, `"`))
		}
		if c.ignores(d.Pointer) && c.ignores(meant) {
			return true // the member is not sent
		}
		c.refuse(Desired, d)
		return !c.cut
	})(c.resource, c.plan.Desired)
	slices.SortStableFunc(c.refused[before:], func(a, b Finding) int { return a.Span.Start - b.Span.Start })
}

// ignores reports whether a pointer leads to an ignored value of desired, which is never sent.
// This excludes ignored parts of elements, which are sent with an element that current does not
// have, and annotations, which are not values.
func (c *comparer) ignores(p patchlint.Pointer) bool {
	how, counts, at := schema.Comparison{Ignore: c.ignore}, true, c.plan.Desired
	for token := range p.Tokens() {
		if at.Kind() == patchlint.Array {
			_, counts = how.Below("*")
			return !counts
		}
		if how, counts = how.Below(token); !counts {
			return !strings.Contains(token, "@")
		}
		at = at.Member(token)
	}
	return false
}

// locateAll locates the object that desired changes in current and base.
func (c *comparer) locateAll(current *patchlint.Document) {
	if c.Object.Exists() {
		c.plan.Current = c.Object
		c.checkState(Current, c.Object)
	} else {
		c.plan.Current = c.locate(Current, current.Root())
	}
	c.checkContext(Desired, c.plan.Desired)
	c.refuseSwapped(current.Root())
	if c.Base != nil && !c.refuseBatch(Base, c.Base.Root()) {
		c.base = c.locate(Base, c.Base.Root())
	}
	c.refuseMismatched()
	c.actual()
	if c.applies && len(c.refused) == 0 {
		c.refuseUntyped()
	}
}

// refuseUntyped refuses a body that needs its @odata.type, which the body of Compute has.
func (c *comparer) refuseUntyped() {
	body, declared := c.plan.Desired, c.resource.Declared()
	if declared == c.resource || declared.Path() == "" || body.Empty() || odata.TypeOf(body).Exists() {
		return
	}
	if slices.ContainsFunc(declared.Check(body), func(d patchlint.Diagnostic) bool { return d.Severity == patchlint.Error }) {
		c.refusef(Desired, odataType, body, body.Opening(), `the service takes this for %s, because "@odata.type" is missing, and may refuse it; add "@odata.type": "#%s"`, declared.Short(), c.resource.Name)
	}
}

// refuseMismatched refuses objects with different keys.
func (c *comparer) refuseMismatched() {
	current, desired := c.plan.Current, c.plan.Desired
	t := c.kind(desired, current)
	refuse := func(side Side, at patchlint.Node, format string, args ...any) {
		c.refusef(side, "id-mismatch", at, at.Span(), "this is the %s of another object; "+format, append([]any{inert.Text(at.Name())}, args...)...)
	}
	if applied := cmp.Or(entity.Apart(t, c.base, desired), entity.Apart(t, c.base, current)); applied.Exists() {
		refuse(Base, applied, "%s is compared", inert.Quote(cmp.Or(c.wanted(), c.key(current))))
	}
	if c.id == "" {
		if wanted := entity.Apart(t, desired, current); wanted.Exists() {
			refuse(Desired, wanted, "current is %s; if that is in another tenant, leave %s out of %s",
				inert.Quote(entity.KeyText(current.Member(wanted.Name()))), entity.KeyNames(t), c.wording())
		}
		return
	}
	for side, object := range map[Side]patchlint.Node{Current: current, Desired: desired} {
		if own := entity.ID(t, object); own != "" && !entity.SameKey(own, c.id) {
			refuse(side, object.Member(entity.Key(t)[0]), "the body is for %s", inert.Quote(c.id))
		}
	}
}

// actual sets the resource to the type that the objects name in @odata.type. It refuses
// different types, because it is unknown whether an update can change the type of an
// object.
func (c *comparer) actual() {
	was, wanted := c.named(c.plan.Current), c.named(c.plan.Desired)
	if was != nil && wanted != nil && was != wanted {
		annotation := c.plan.Desired.Member("@odata.type")
		c.refusef(Desired, odataType, annotation, annotation.Span(),
			"current has another type, %s, and it is unknown whether an update can change the type of an object", was.Short())
	}
	c.resource = cmp.Or(wanted, was, c.resource)
}

// The rules of package schema that refuse a document without an object of the resource.
const (
	payloadShape = "payload-shape"
	odataType    = "odata-type"
)

const unknownProperty = "unknown-property" // the rule of package schema

// refuse adds a reason to refuse the documents, up to the limit of findings.
func (c *comparer) refuse(side Side, d patchlint.Diagnostic) {
	if c.cut = c.cut || !c.room.Admits(d.Size()); !c.cut {
		c.refused = append(c.refused, Finding{side, d})
	}
}

func (c *comparer) refusef(side Side, rule string, at patchlint.Node, span patchlint.Span, format string, args ...any) {
	c.refuse(side, fault(rule, at, span, format, args...))
}

// fault returns an error about the value at, with the given span.
func fault(rule string, at patchlint.Node, span patchlint.Span, format string, args ...any) patchlint.Diagnostic {
	return patchlint.Diagnostic{Rule: rule, Severity: patchlint.Error, Pointer: at.Pointer(), Span: span, Message: fmt.Sprintf(format, args...)}
}

// refuseBatch refuses a $batch request or response where an object is expected.
func (c *comparer) refuseBatch(side Side, root patchlint.Node) bool {
	for _, form := range []struct{ list, message string }{
		{"responses", "this is a $batch response, not an object; save the body of the response that contains the object, or compare directories with diff"},
		{"requests", "this is a $batch request, not an object; use the body of one request"},
	} {
		if list := root.Member(form.list); list.Kind() == patchlint.Array && !entity.Declares(c.resource, root) {
			c.refusef(side, payloadShape, list, list.Key(), "%s", form.message)
			return true
		}
	}
	return false
}

// checkText refuses a document that was not parsed or has an error among its faults. A byte
// order mark is only a warning.
func (c *comparer) checkText(side Side, doc *patchlint.Document) {
	if len(doc.Faults()) == 0 && !doc.Whole() {
		c.refuse(side, patchlint.Diagnostic{Rule: payloadShape, Severity: patchlint.Error, Message: "this document has not been parsed"})
	}
	for _, f := range doc.Faults() {
		if f.Severity == patchlint.Error {
			c.refuse(side, f)
		}
	}
}
