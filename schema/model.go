package schema

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/patchlint/patchlint/internal/csdl"
	"github.com/patchlint/patchlint/schema/facts"
)

// Model is what is known of one API version. A type is opened when it is first
// asked for, together with its bases and the types of its properties. A Model is
// safe for concurrent use.
type Model struct {
	// Version is the API version the model describes.
	Version Version
	// Revision dates the metadata it was read from, as YYYY-MM-DD; "" where that
	// is not known.
	Revision string
	// Namespace qualifies the names of most types.
	Namespace string

	facts           *facts.Facts
	marks           *facts.Facts // of the version that tells what the service alone sets, where facts do not
	overlay         *overlay
	partner         *Type // where the model has it
	resources       func() []*Resource
	structuredNames func() []string // the short names of all types that objects can be of
	paths           paths
	entered         sync.Once
	entries         map[string]facts.Reference // by the name in lower case
	junctions       sync.Map                   // of a *Type: *junction

	lock  sync.RWMutex
	open  map[string]*Type         // by the name in the facts
	first [32]atomic.Pointer[Type] // that TypeOf was asked for, by the length of the name
}

// Parse makes a model of a CSDL document, such as the whole $metadata of the
// service, and of what the overlay of the version knows beyond that. A document does
// not say which API version it describes: version "" is the one whose embedded facts
// are nearest to it. The error has a position where the text is at fault, or says that
// it is too large.
func Parse(src []byte, version Version) (*Model, error) {
	doc, err := csdl.Read(string(src))
	if err != nil {
		return nil, err
	}
	revision := ""
	for _, s := range doc.Schemas {
		revision = cmp.Or(revision, s.Annotations.Text("Core.SchemaVersion"))
	}
	text, err := facts.Compile(doc, string(version), cmp.Or(revision, "-"))
	if err != nil {
		return nil, err
	}
	f, err := facts.Open(text)
	if err != nil {
		return nil, err
	}
	if version == "" {
		if version, err = nearest(f); err != nil {
			return nil, err
		}
		f.Version = string(version)
	}
	o := newOverlay(f)
	if err := o.embedded(version); err != nil {
		return nil, err
	}
	o.add(doc, false)
	return newModel(f, o, version), nil
}

// nearest returns the API version that facts are of, as far as their types tell. Whole
// metadata is of the version that differs from it in the fewest types. An excerpt differs
// from both in nearly all, and is of v1.0 only if the embedded beta lacks more of it.
func nearest(f *facts.Facts) (Version, error) {
	whole := false
	lacks, differs := make(map[Version]int), make(map[Version]int) // in so many types
	for _, version := range Versions() {
		embedded, err := facts.Embedded(string(version))
		if err != nil {
			return "", err
		}
		all, shared := 0, 0
		for range embedded.Names {
			all++
		}
		for name := range f.Names {
			if embedded.Has(embedded.Short(f.Full(name))) {
				shared++
			} else {
				lacks[version]++
			}
		}
		whole = whole || shared > all/2
		differs[version] = lacks[version] + all - shared
	}
	by := lacks
	if whole {
		by = differs
	}
	if by[V1] < by[Beta] {
		return V1, nil
	}
	return Beta, nil
}

// Facts returns the published facts that the model is made of.
func (m *Model) Facts() *facts.Facts { return m.facts }

// openEmbedded makes the model of the embedded facts of a version.
func openEmbedded(version Version) (*Model, error) {
	f, err := facts.Embedded(string(version))
	if err != nil {
		return nil, err
	}
	o := newOverlay(f)
	if err := o.embedded(version); err != nil {
		return nil, err
	}
	m := newModel(f, o, version)
	if version == Beta { // its facts are derived from what has no annotations
		if m.marks, err = facts.Embedded(string(V1)); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func newModel(f *facts.Facts, o *overlay, version Version) *Model {
	m := &Model{Version: version, Namespace: f.Namespace, facts: f, overlay: o, open: make(map[string]*Type)}
	if f.Revision != "-" {
		m.Revision = f.Revision
	}
	m.partner = m.Type("complianceManagementPartner")
	m.resources = sync.OnceValue(m.findResources)
	m.structuredNames = sync.OnceValue(m.listStructured)
	return m
}

// Type returns the type of a name, qualified by a namespace or its alias, or the
// short name, or nil.
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

// Names yields the qualified names of all types in order, and whether each is of
// objects.
func (m *Model) Names(yield func(name string, structured bool) bool) {
	names := maps.Collect(m.facts.Names)
	for _, t := range m.overlay.declared {
		if m.overlay.known(t.Name) {
			names[t.Name] = t.Kind
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !yield(m.facts.Full(name), names[name] == facts.Entity || names[name] == facts.Complex) {
			return
		}
	}
}

// Derived lists the types that an @odata.type may name where declared is
// expected: those that are declared or derived from it, and not abstract.
func (m *Model) Derived(declared *Type) []*Type {
	return slices.DeleteFunc(m.family(declared), func(t *Type) bool { return t.Abstract })
}

// family lists a structured type and all that are derived from it: those that
// the overlay speaks of in its order, then the others by name.
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
		return cmp.Or(compare(m.overlay.said[a.short].of(""), m.overlay.said[b.short].of("")), cmp.Compare(a.Name, b.Name))
	})
	return list
}

// hollow reports whether a type is abstract and nothing is derived from it: what
// its objects have in the service is not published.
func (m *Model) hollow(t *Type) bool { return t.Abstract && len(m.Derived(t)) == 0 }

// closure lists a type, the types derived from it, those of their properties, and
// so on: all that an object of the type can have in it.
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

// bases yields what is known of a type and of its bases, without the base of all
// entities, which has a key and nothing else.
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

// opener opens types, with everything that their properties lead to. It is not
// recursive except for bases, which are few: metadata may chain as many types
// as it likes.
type opener struct {
	*Model
	pending []*Type // that have no properties yet
}

// reach returns the type of a name in the facts, or nil.
func (o *opener) reach(name string) *Type {
	t := o.declare(name)
	for len(o.pending) > 0 {
		next := o.pending[len(o.pending)-1]
		o.pending = o.pending[:len(o.pending)-1]
		o.fill(next)
	}
	return t
}

// declare returns the type of a name without its properties, which it gets later,
// so that types can refer to each other.
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
		return untyped // any JSON value, as the service has it
	}
	said := o.overlay.said[name]
	a := said.of("").annotations
	t := &Type{
		Name: o.facts.Full(name), short: name, Abstract: f.Abstract, Open: f.Open, Flags: f.Flags, Deprecated: f.Deprecated,
		Description: a.Text("Core.Description"), Source: cmp.Or(a.Text("Lint.Source"), o.overlay.source), Unpublished: a.Text("Lint.Unpublished"),
	}
	o.open[name] = t
	if e, ok := a.Find("Lint.Elsewhere"); ok {
		t.elsewhere = make(map[string]string)
		for _, item := range e.Items {
			t.elsewhere[item.Property("Name").Text] = item.Property("Type").Text
		}
	}
	switch f.Kind {
	case facts.Enum:
		t.Category = Enum
		for _, member := range f.Members {
			t.Members = append(t.Members, Member{member.Name, said.of(member.Name).annotations.Text("Core.Description"), member.Value})
		}
		return t
	case facts.Entity:
		t.Category = Entity
	default:
		t.Category = Complex
	}
	t.resource, t.unread = &Resource{o.Model, t}, &f
	o.pending = append(o.pending, t)
	return t
}

// fill gives a type its properties, those of its base first.
func (o *opener) fill(t *Type) {
	f := t.unread
	if f == nil {
		return
	}
	t.unread = nil
	if f.Base != "" {
		t.base = o.declare(f.Base)
		o.fill(t.base)
		t.Properties, t.Navigation = slices.Clone(t.base.Properties), slices.Clone(t.base.Navigation)
	}
	own := make(map[string]*Property, len(f.Properties))
	said := o.overlay.said[t.short]
	slices.SortStableFunc(f.Properties, func(a, b facts.Property) int { return compare(said.of(a.Name), said.of(b.Name)) })
	var marked []facts.Property
	if o.marks != nil && t.short != root {
		of, _ := o.marks.Type(t.short)
		marked = of.Properties
	}
	keyed := t.base != nil && slices.ContainsFunc(t.base.Properties, func(p *Property) bool { return p.Key })
	for _, declared := range f.Properties {
		if i := slices.IndexFunc(marked, func(p facts.Property) bool { return p.Name == declared.Name }); i >= 0 {
			declared.Key = declared.Key || marked[i].Key
			declared.Computed = declared.Computed || marked[i].Computed
			declared.Read = declared.Read || marked[i].Read
		}
		if declared.Navigation {
			t.Navigation = append(t.Navigation, o.navigation(declared))
			continue
		}
		// A key is declared once (CSDL XML, 6.5). The facts of beta are derived, and have none.
		declared.Key = !keyed && (declared.Key || declared.Name == "id" && (t.isRoot() || o.marks != nil && t.Category == Entity))
		p := o.property(t, declared, said.of(declared.Name).annotations)
		earlier := own[p.Name]
		if earlier == nil && t.base != nil {
			earlier = t.base.Property(p.Name)
		}
		if earlier != nil { // declared again, more precisely
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
	p := &Property{
		Name: f.Name, Type: o.declare(f.Type.Name), Collection: f.Type.Collection,
		Nullable: !f.Type.Collection && !f.NotNull, // CSDL XML, 7.2.1: nullable unless it says no
		Required: a.True("Lint.Required"), Default: a.Text("Lint.Default"),
		Key: f.Key, Computed: f.Computed || f.Key || f.Read || a.True("Core.Computed"), Description: a.Text("Core.Description"),
		Source: cmp.Or(a.Text("Lint.Source"), owner.Source),
	}
	switch a.Text("Validation.Pattern") {
	case guidPattern:
		p.GUID = true
	case optionalGUIDPattern:
		p.GUID, p.Optional = true, true
	}
	if e, ok := a.Find("Lint.ServerManaged"); ok {
		switch e.Text {
		case "Lint.Management/Clock":
			p.Maintained, p.Volatile = true, true
		case "Lint.Management/State":
			p.Maintained = true
		}
	}
	if e, ok := a.Find("Core.Example"); ok {
		p.Example = e.Property("Value").Text
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
