package diff

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/schema"
)

// Apply returns the object that the service would hold after a PATCH with the
// body, as indented JSON: current without what it was wrapped in, but with the context of
// that, and without its @odata.etag, which would be another. Properties of the body take the
// place of current's, whole; warnings are about the complex values that the body has in
// part, of which a service may keep the rest. The id, or where it is "" the one in the body, tells
// which object of a list is meant; it changes nothing, and current may have no other.
// The error is a *Refusal, in which the body is Desired, when the body would be
// refused.
//
// That a PATCH to lastHeartbeatDateTime or partnerState takes effect is not
// known; Apply takes the body at its word.
func Apply(r *schema.Resource, id string, current, body *patchlint.Document) (object []byte, warnings []Finding, err error) {
	c := comparer{id: id, declared: r.Type, resource: r, applies: true, plan: &Plan{Resource: r}}
	c.check(current, body)
	if len(c.refused) > 0 {
		return nil, nil, &Refusal{c.refused}
	}
	patch := c.plan.Desired
	set := func(name string) patchlint.Node {
		if p := cmp.Or(c.resource.Type.Property(name), c.resource.Type.Dynamic(stated(name))); p == nil || p.Computed {
			return patchlint.Node{}
		}
		return patch.Member(name)
	}
	// What the body sets without stating its type is no more of the type that was stated.
	outdated := func(name string) bool {
		of := stated(name)
		return of != name && c.resource.Type.Dynamic(of) != nil && patch.Member(of).Exists()
	}
	w := writer{model: r.Model}
	w.text("{")
	if context := c.inherited(); context != nil {
		w.name("@odata.context")
		w.out = append(w.out, context...)
	}
	for old := range c.plan.Current.Children() {
		name := old.Name()
		if value := set(name); value.Exists() {
			w.key(old)
			c.applied(&w, c.resource.Type.Property(name), old, value)
		} else if name != "@odata.etag" && !outdated(name) {
			w.key(old)
			w.plain(old)
		}
	}
	for value := range patch.Children() {
		if name := value.Name(); set(name) == value && !c.plan.Current.Member(name).Exists() {
			w.key(value)
			c.applied(&w, c.resource.Type.Property(name), patchlint.Node{}, value)
		}
	}
	w.text("}")
	var out bytes.Buffer
	if err := json.Indent(&out, w.out, "", "  "); err != nil {
		return nil, nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), c.plan.Warnings, nil
}

// applied writes a value of the body in place of current's. In a single complex value what
// only the service sets stays.
func (c *comparer) applied(w *writer, p *schema.Property, current, value patchlint.Node) {
	if p == nil || !isSingleComplex(p) || value.Kind() != patchlint.Object {
		w.plain(value)
		return
	}
	t := c.typeIn(p.Type, value)
	var left []string
	for member := range current.Children() {
		if p := t.PropertyOf(member); p != nil && !p.Computed && !empty(member) && !value.Member(p.Name).Exists() {
			left = append(left, inert.Quote(p.Name))
		}
	}
	if len(left) > 0 {
		c.warnf(Desired, payloadShape, value, opening(value), "%s leaves out %s, which current has; OData keeps that and services have been seen to reset it, as is shown; send the value whole, as diff does",
			inert.Quote(p.Name), strings.Join(left, ", "))
	}
	w.text("{")
	for member := range value.Children() {
		if p := t.PropertyOf(member); p == nil || !p.Computed {
			w.key(member)
			c.applied(w, p, current.Member(member.Name()), member)
		}
	}
	for member := range current.Children() {
		if p := t.PropertyOf(member); p != nil && p.Computed {
			w.key(member)
			w.plain(member)
		}
	}
	w.text("}")
}

// stated returns the name of the property whose type an annotation states, and any other
// name as it is.
func stated(name string) string {
	if of, states := strings.CutSuffix(name, "@odata.type"); states && of != "" {
		return of
	}
	return name
}

// inherited returns the context that current has from the response that it is in, as JSON
// and as the context of one object (OData Protocol, 10.2); nil where it has its own or none.
// It tells the type of the object and what is not shown of it.
func (c *comparer) inherited() []byte {
	current := c.plan.Current
	annotation := odata.ContextOf(current)
	if annotation.Kind() != patchlint.String || annotation.Parent() == current {
		return nil
	}
	text, ending := annotation.Text(), ""
	switch {
	case current.Parent().Kind() != patchlint.Array || strings.HasSuffix(text, "/$delta") || strings.HasSuffix(text, "/$entity"):
	case c.context.delta:
		ending = "/$delta"
	default:
		ending = "/$entity"
	}
	return slices.Concat(bytes.TrimSuffix(annotation.Raw(), []byte(`"`)), []byte(ending+`"`))
}
