package schema

import (
	"cmp"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/patchlint/patchlint/internal/csdl"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/schema/facts"
)

// Model describes one API version. It loads a type on first use, together with its
// base types and the types of its properties. A Model is safe for concurrent use.
type Model struct {
	// Version is the API version the model describes.
	Version Version

	facts           *facts.Facts
	overlay         *overlay
	resources       func() []*Type
	structuredNames func() []string // short names of all structured types, sorted
	paths           paths
	junctions       lazy.Memo // a *junction by *Type
	families        lazy.Memo // a []*Type by *Type

	lock sync.RWMutex
	open map[string]*Type         // loaded types by name in the facts
	last [32]atomic.Pointer[Type] // the last type for each length of @odata.type, modulo 32, so that TypeOf need not allocate
}

// Parse returns the model of a CSDL document, such as the $metadata of the service,
// combined with the overlay of the API version. A document does not state its API
// version: if version is "", Parse chooses the one whose embedded facts are most
// similar. An unknown version is an error, as in Open. An error about the text includes its
// position.
func Parse(src []byte, version Version) (*Model, error) {
	if version != "" && !slices.Contains(Versions(), version) {
		_, err := Open(version)
		return nil, err
	}
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
func (m *Model) Derived(declared *Type) (list []*Type) {
	for _, t := range m.family(declared) {
		if !t.Abstract {
			list = append(list, t)
		}
	}
	return list
}

// family returns a structured type and all types derived from it: those in the overlay
// in its order, then the others by name. It returns nil for any other type. The result is
// cached and must not be changed.
func (m *Model) family(of *Type) []*Type {
	if !of.Structured() {
		return nil
	}
	return lazy.Get(&m.families, of, func() []*Type {
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
	})
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
