package schema

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/csdl"
	"github.com/patchlint/patchlint/schema/facts"
)

// opener loads types and the types of their properties. It recurses only into base
// types, because metadata may chain any number of types by their properties.
type opener struct {
	*Model
	pending []*Type // without properties so far
}

// reach returns the type with the given name in the facts, or nil.
func (o *opener) reach(name string) *Type {
	t := o.declare(name)
	for len(o.pending) > 0 {
		next := o.pending[len(o.pending)-1]
		o.pending = o.pending[:len(o.pending)-1]
		o.fill(next)
	}
	return t
}

// declare returns the type with the given name, or nil. It leaves the properties to
// fill, so that types can refer to each other.
func (o *opener) declare(name string) *Type {
	if t := cmp.Or(primitive(name), o.open[name]); t != nil {
		return t
	}
	f, ok := o.overlay.typeOf(name)
	switch {
	case !ok:
		return nil
	case f.Kind == facts.Definition:
		return primitive(f.Underlying.Name)
	case name == "Json" && len(f.Properties) == 0:
		return untyped // the service uses it for any JSON value
	}
	a := o.overlay.remarks[element{of: name}].annotations
	t := &Type{
		Model: o.Model, Name: o.facts.Full(name), short: name, Abstract: f.Abstract, Open: f.Open, Flags: f.Flags, Deprecated: f.Deprecated,
		Description: a.Text("Core.Description"), Source: cmp.Or(a.Text("Lint.Source"), o.overlay.source), Unpublished: a.Text("Lint.Unpublished"),
		Partial: a.Text("Lint.Partial") != "",
	}
	o.open[name] = t
	if e, ok := a.Find("Lint.Elsewhere"); ok {
		t.elsewhere = make(map[string]string)
		for _, item := range e.Items {
			t.elsewhere[item.Property("Name").Text] = item.Property("Type").Text
		}
	}
	if f.Kind == facts.Enum {
		t.Members = make([]Member, len(f.Members))
		for i, m := range f.Members {
			t.Members[i] = Member{m.Name, o.overlay.remarks[element{name, m.Name}].annotations.Text("Core.Description"), m.Value}
		}
		return t
	}
	t.structured, t.Entity, t.unread = true, f.Kind == facts.Entity, &f
	o.pending = append(o.pending, t)
	return t
}

// fill adds the properties of a type, those of its base type first.
func (o *opener) fill(t *Type) {
	f := t.unread
	if f == nil {
		return
	}
	t.unread = nil
	if f.Base != "" {
		t.base = o.declare(f.Base)
		o.fill(t.base)
		t.Partial = t.Partial || t.base.Partial
		t.Properties, t.Navigation = slices.Clone(t.base.Properties), slices.Clone(t.base.Navigation)
	}
	own := make(map[string]*Property, len(f.Properties))
	type described struct {
		facts.Property
		remark
	}
	properties := make([]described, len(f.Properties))
	for i, p := range f.Properties {
		properties[i] = described{p, o.overlay.remarks[element{t.short, p.Name}]}
	}
	slices.SortStableFunc(properties, func(a, b described) int { return compare(a.remark, b.remark) })
	keyed := t.base != nil && slices.ContainsFunc(t.base.Properties, func(p *Property) bool { return p.Key })
	for _, d := range properties {
		declared := d.Property
		if declared.Navigation {
			t.Navigation = append(t.Navigation, o.navigation(declared))
			continue
		}
		declared.Key = !keyed && (declared.Key || declared.Name == "id" && t.isRoot()) // declared once (CSDL XML, 6.5)
		p := o.property(t, declared, d.annotations)
		earlier := own[p.Name]
		if earlier == nil && t.base != nil {
			earlier = t.base.Property(p.Name)
		}
		if earlier != nil { // redeclared, more precisely
			p.Index, p.Key = earlier.Index, p.Key || earlier.Key
			t.Properties[p.Index] = p
		} else {
			p.Index = len(t.Properties)
			t.Properties = append(t.Properties, p)
		}
		own[p.Name] = p
	}
	t.byName = make([]*Property, 2<<bits.Len(uint(len(t.Properties))))
	for _, p := range t.Properties {
		*slot(t.byName, p.Name) = p
		if p.Required {
			t.required = append(t.required, p)
		}
	}
}

func (m *Model) navigation(f facts.Property) *Navigation {
	return &Navigation{f.Name, m.facts.Full(f.Type.Name), f.Type.Collection, f.Contained}
}

func (o *opener) property(owner *Type, f facts.Property, a csdl.Annotations) *Property {
	pattern, managed := a.Text("Validation.Pattern"), a.Text("Lint.ServerManaged")
	example, _ := a.Find("Core.Example")
	required := a.True("Lint.Required")
	p := &Property{
		Name: f.Name, Type: o.declare(f.Type.Name), Collection: f.Type.Collection,
		Nullable: !f.Type.Collection && !f.NotNull && !required, // nullable by default (CSDL XML, 7.2.1)
		Required: required, Default: a.Text("Lint.Default"),
		Key: f.Key, Computed: f.Computed || f.Key || f.Read || a.True("Core.Computed"), Description: a.Text("Core.Description"),
		GUID: pattern == guidPattern || pattern == optionalGUIDPattern, Optional: pattern == optionalGUIDPattern,
		anyCase:    a.True("Lint.AnyCase"),
		Maintained: managed != "", Volatile: managed == "Lint.Management/Clock",
		Example: example.Property("Value").Text, Source: cmp.Or(a.Text("Lint.Source"), owner.Source),
	}
	since := strings.Trim(f.Deprecated, "-")
	if f.Deprecated != "" {
		p.Deprecated = fmt.Sprintf("deprecated in the published metadata of %s", o.Version)
	}
	if revisions, ok := a.Find("Core.Revisions"); ok && !o.overlay.published(owner.short, f.Name) {
		for _, revision := range revisions.Items {
			if revision.Property("Kind").Text == "Core.RevisionKind/Deprecated" && revision.Property("Version").Text != "" {
				p.Deprecated, since, p.Withdrawn = revision.Property("Description").Text, revision.Property("Version").Text, true
			}
		}
	}
	if since != "" {
		p.Deprecated += " (" + since + ")"
	}
	return p
}
