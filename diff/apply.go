package diff

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/schema"
)

// Apply returns the object on the service after a PATCH of current with body, as
// indented JSON. It removes the response around current except its context, and the
// @odata.etag, which the PATCH would change. Properties of the body replace those of
// current as a whole; warnings are about complex values of which the body has a part,
// because a service may keep the rest.
//
// If current is a list, id selects the object in it; if id is "", the id in the body
// does. An object with another id is refused. Apply returns a Refusal, in which Desired
// is the body, if the service would refuse the body.
//
// It is unknown whether a PATCH can change lastHeartbeatDateTime or partnerState; Apply
// assumes that it can.
func Apply(r *schema.Type, id string, current, body *patchlint.Document) (object []byte, warnings []Finding, err error) {
	c := comparer{id: id, declared: r, resource: r, applies: true, plan: new(Plan)}
	if err := c.check(current, body); err != nil {
		return nil, nil, err
	}
	patch := c.plan.Desired
	dynamic := func(name string) *schema.Property {
		if p := r.Model.AnyPropertyOf(c.resource, patch.Member(name), c.plan.Current.Member(name)); p.Dynamic() {
			return p
		}
		return nil
	}
	set := func(name string) patchlint.Node {
		if p := cmp.Or(c.resource.Property(name), dynamic(stated(name))); p == nil || p.Computed {
			return patchlint.Node{}
		}
		return patch.Member(name)
	}
	// A stated type does not apply to a value that the body sets without stating its type.
	outdated := func(name string) bool {
		of := stated(name)
		return of != name && dynamic(of) != nil && patch.Member(of).Exists()
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
			c.applied(&w, c.resource.Property(name), old, value)
		} else if name != "@odata.etag" && !outdated(name) {
			w.key(old)
			w.plain(old)
		}
	}
	for value := range patch.Children() {
		if name := value.Name(); set(name) == value && !c.plan.Current.Member(name).Exists() {
			w.key(value)
			c.applied(&w, c.resource.Property(name), patchlint.Node{}, value)
		}
	}
	w.text("}")
	return append(bounds.Indent(w.out), '\n'), c.plan.Warnings, nil
}

// applied writes a value of the body that replaces the one in current. In a single complex
// value, the properties that only the service sets remain.
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
		c.warnf(Desired, payloadShape, value, opening(value), "%s leaves out %s, which current has; OData keeps it, but services have been seen to reset it, as shown here; send the whole value, as diff does",
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

// stated returns the name of the property whose type the annotation name states, or name
// itself if it is not such an annotation.
func stated(name string) string {
	if of, states := strings.CutSuffix(name, "@odata.type"); states && of != "" {
		return of
	}
	return name
}

// inherited returns, as JSON, the context of the response around current as the context of
// one object (OData Protocol, 10.2). It shows the type of the object and which properties
// are missing. inherited returns nil if current has its own context or no context applies.
func (c *comparer) inherited() []byte {
	current := c.plan.Current
	annotation := odata.ContextOf(current)
	if annotation.Kind() != patchlint.String || annotation.Parent() == current {
		return nil
	}
	of, ending := odata.ParseContext(annotation.Text()), ""
	switch {
	case current.Parent().Kind() != patchlint.Array || of.Delta || of.Entity:
	case c.context.Delta:
		ending = "/$delta"
	default:
		ending = "/$entity"
	}
	return slices.Concat(bytes.TrimSuffix(annotation.Raw(), []byte(`"`)), []byte(ending+`"`))
}
