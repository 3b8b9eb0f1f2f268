package schema

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/patchlint/patchlint/internal/csdl"
	"github.com/patchlint/patchlint/schema/facts"
)

// Model describes one API version. It loads a type on first use, together with its
// base types and the types of its properties. A Model is safe for concurrent use.
type Model struct {
	// Version is the API version the model describes.
	Version Version

	revision        string // the date of the metadata, as YYYY-MM-DD, or "" if it is unknown
	facts           *facts.Facts
	overlay         *overlay
	resources       func() []*Type
	structuredNames func() []string // short names of all structured types, sorted
	paths           paths
	entered         sync.Once
	entries         map[string]facts.Reference // entity sets and singletons by name in lower case
	junctions       sync.Map                   // map[*Type]*junction

	lock sync.RWMutex
	open map[string]*Type         // loaded types by name in the facts
	last [32]atomic.Pointer[Type] // the last type for each length of @odata.type, modulo 32, with which TypeOf needs no lock
}

// Parse returns the model of a CSDL document, such as the $metadata of the service,
// combined with the overlay of the API version. A document does not state its API
// version: if version is "", Parse chooses the one whose embedded facts are most
// similar. An error about the text includes its position.
func Parse(src []byte, version Version) (*Model, error) {
	doc, err := csdl.Read(string(src))
	if err != nil {
		return nil, err
	}
	revision := ""
	for _, s := range doc.Schemas {
		revision = cmp.Or(revision, s.Annotations.Text("Core.SchemaVersion"))
	}
	text, err := facts.Compile(doc, string(version), cmp.Or(revision, "-"), nil)
	if err != nil {
		return nil, err
	}
	f := facts.Open(text)
	if version == "" {
		version = nearest(f)
		f.Version = string(version)
	}
	o := newOverlay(f, version)
	o.add(doc, false)
	return newModel(f, o, version), nil
}

// nearest returns the API version whose embedded facts are most similar to f. For
// complete metadata it is the one that differs in the fewest types. For an excerpt it
// is the one that lacks the fewest of its types, and beta if both lack as many.
func nearest(f *facts.Facts) Version {
	whole := false
	lacks, differs := make(map[Version]int), make(map[Version]int) // numbers of types
	for _, version := range Versions() {
		embedded := facts.Embedded(string(version))
		known, shared := 0, 0
		for range embedded.Names {
			known++
		}
		for name := range f.Names {
			if embedded.Has(embedded.Short(f.Full(name))) {
				shared++
			} else {
				lacks[version]++
			}
		}
		whole = whole || shared > known/2
		differs[version] = lacks[version] + known - shared
	}
	by := lacks
	if whole {
		by = differs
	}
	if by[V1] < by[Beta] {
		return V1
	}
	return Beta
}

// Facts returns the published facts of the model.
func (m *Model) Facts() *facts.Facts { return m.facts }

// openEmbedded returns the model of the embedded facts of a version.
func openEmbedded(version Version) *Model {
	f := facts.Embedded(string(version))
	return newModel(f, newOverlay(f, version), version)
}

func newModel(f *facts.Facts, o *overlay, version Version) *Model {
	m := &Model{Version: version, facts: f, overlay: o, open: make(map[string]*Type)}
	if f.Revision != "-" {
		m.revision = f.Revision
	}
	m.resources = sync.OnceValue(func() []*Type {
		partner := m.Type("complianceManagementPartner").Resource()
		if partner == nil {
			return nil
		}
		return m.closure(partner)
	})
	m.structuredNames = sync.OnceValue(func() (names []string) {
		add := func(name string, kind facts.Kind) bool {
			if kind == facts.Entity || kind == facts.Complex {
				names = append(names, name)
			}
			return true
		}
		m.facts.Names(add)
		for _, t := range m.overlay.declared {
			if m.overlay.known(t.Name) {
				add(t.Name, t.Kind)
			}
		}
		slices.Sort(names)
		return slices.Compact(names)
	})
	return m
}

// Type returns the type with the given name, or nil. The name may be qualified by a
// namespace or its alias; a short name belongs to the main namespace.
func (m *Model) Type(name string) *Type {
	name = m.facts.Short(name)
	m.lock.RLock()
	t := m.open[name]
	m.lock.RUnlock()
	if t != nil {
		return t
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	o := opener{Model: m}
	return o.reach(name)
}

// Names yields the qualified names of all structured types in order.
func (m *Model) Names(yield func(name string) bool) {
	for _, name := range m.structuredNames() {
		if !yield(m.facts.Full(name)) {
			return
		}
	}
}

// Derived returns the types that an @odata.type may name where declared is expected:
// declared and the types derived from it, except abstract types.
func (m *Model) Derived(declared *Type) []*Type {
	return slices.DeleteFunc(m.family(declared), func(t *Type) bool { return t.Abstract })
}

// family returns a structured type and all types derived from it: those in the overlay
// in its order, then the others by name. It returns nil for any other type.
func (m *Model) family(of *Type) []*Type {
	if !of.Structured() {
		return nil
	}
	list := []*Type{of}
	for i := 0; i < len(list); i++ {
		f, _ := m.overlay.typeOf(list[i].short)
		for _, name := range m.overlay.derived(f) {
			if t := m.Type(name); t != nil {
				list = append(list, t)
			}
		}
	}
	slices.SortFunc(list, func(a, b *Type) int {
		return cmp.Or(compare(m.overlay.remarks[element{of: a.short}], m.overlay.remarks[element{of: b.short}]), cmp.Compare(a.Name, b.Name))
	})
	return list
}

// hollow reports whether a type is abstract without derived types. The properties of
// its objects are not published.
func (m *Model) hollow(t *Type) bool { return t.Abstract && len(m.Derived(t)) == 0 }

// closure returns all structured types that can occur in an object of type t: t, the
// types derived from it, the types of their properties, and so on.
func (m *Model) closure(t *Type) []*Type {
	list, seen := []*Type{t}, map[*Type]bool{t: true}
	add := func(t *Type) {
		if !seen[t] && t.Structured() {
			seen[t] = true
			list = append(list, t)
		}
	}
	for i := 0; i < len(list); i++ {
		for _, t := range m.family(list[i]) {
			add(t)
		}
		for _, p := range list[i].Properties {
			add(p.Type)
		}
	}
	return list
}

// bases yields the facts of a type and its base types, except the base of all entity
// types, which declares nothing but the key.
func (m *Model) bases(name string) iter.Seq[facts.Type] {
	return func(yield func(facts.Type) bool) {
		for name != "" && name != root {
			f, _ := m.overlay.typeOf(name)
			if !yield(f) {
				return
			}
			name = f.Base
		}
	}
}

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
	about := func(p facts.Property) remark { return o.overlay.remarks[element{t.short, p.Name}] }
	slices.SortStableFunc(f.Properties, func(a, b facts.Property) int { return compare(about(a), about(b)) })
	keyed := t.base != nil && slices.ContainsFunc(t.base.Properties, func(p *Property) bool { return p.Key })
	for _, declared := range f.Properties {
		if declared.Navigation {
			t.Navigation = append(t.Navigation, o.navigation(declared))
			continue
		}
		declared.Key = !keyed && (declared.Key || declared.Name == "id" && t.isRoot()) // declared once (CSDL XML, 6.5)
		p := o.property(t, declared, about(declared).annotations)
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
	t.byName = byName(t.Properties)
	for _, p := range t.Properties {
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
	p := &Property{
		Name: f.Name, Type: o.declare(f.Type.Name), Collection: f.Type.Collection,
		Nullable: !f.Type.Collection && !f.NotNull, // nullable by default (CSDL XML, 7.2.1)
		Required: a.True("Lint.Required"), Default: a.Text("Lint.Default"),
		Key: f.Key, Computed: f.Computed || f.Key || f.Read || a.True("Core.Computed"), Description: a.Text("Core.Description"),
		GUID: pattern == guidPattern || pattern == optionalGUIDPattern, Optional: pattern == optionalGUIDPattern,
		Maintained: managed != "", Volatile: managed == "Lint.Management/Clock",
		Example: example.Property("Value").Text, Source: cmp.Or(a.Text("Lint.Source"), owner.Source),
	}
	if f.Deprecated != "" {
		p.Deprecated, p.DeprecatedSince = fmt.Sprintf("deprecated in the published metadata of %s", o.Version), strings.Trim(f.Deprecated, "-")
	}
	revisions, _ := a.Find("Core.Revisions")
	for _, revision := range revisions.Items {
		if revision.Property("Kind").Text == "Core.RevisionKind/Deprecated" && revision.Property("Version").Text != "" {
			p.Deprecated, p.DeprecatedSince = revision.Property("Description").Text, revision.Property("Version").Text
			p.Withdrawn = true
		}
	}
	return p
}
