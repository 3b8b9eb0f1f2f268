package schema

import (
	"strings"
	"sync"

	"github.com/patchlint/patchlint/schema/facts"
)

// paths finds where in the service objects of a type are: the shortest path from
// an entity set or singleton over contained navigation properties. It looks as
// far as it is asked to, and remembers what it has seen.
type paths struct {
	lock  sync.Mutex
	found map[string]string // by name in the facts; "{id}" stands for the key
	queue []string          // types whose navigation has not been followed
}

// Path is the path that a PATCH of the resource goes to, relative to the
// version's root, with "{id}" for its key; "" for a complex type, which is
// updated only as part of an entity, and for an entity type that has none.
func (r *Resource) Path() string {
	if r.Type.Category != Entity {
		return ""
	}
	path, _ := r.Model.place(r.Type)
	return path
}

// Declared is the type that the service takes an object at Path to be of if the object
// does not say: the type of the resource, or the base of it that has the path.
func (r *Resource) Declared() *Type {
	if base := r.Type.base; base == nil || base.isRoot() { // no other can be
		return r.Type
	}
	_, declared := r.Model.place(r.Type)
	return declared
}

// place returns the path of the objects of a type, and the type that they are declared
// to be of there: the nearest of the type and its bases that has a place of its own.
// Without any, the path is "", and the type the last of its bases.
func (m *Model) place(t *Type) (path string, declared *Type) {
	m.paths.lock.Lock()
	defer m.paths.lock.Unlock()
	for declared = t; path == "" && t != nil && !t.isRoot(); t = t.base {
		declared, path = t, m.seek(t.short)
	}
	return path, declared
}

func (m *Model) seek(name string) (path string) {
	p := &m.paths
	if p.found == nil {
		p.found = make(map[string]string)
		for _, sets := range []bool{true, false} {
			for root, of := range m.facts.Roots {
				if of.Collection == sets {
					p.visit(of, "/"+root)
				}
			}
		}
	}
	for p.found[name] == "" && len(p.queue) > 0 {
		from := p.queue[0]
		p.queue = p.queue[1:]
		above := strings.Replace(p.found[from], "{id}", "{"+from+"Id}", 1)
		for f := range m.bases(from) {
			for _, n := range f.Properties {
				if n.Contained {
					p.visit(n.Type, above+"/"+n.Name)
				}
			}
		}
	}
	return p.found[name]
}

func (p *paths) visit(of facts.Reference, path string) {
	if _, seen := p.found[of.Name]; seen {
		return
	}
	if of.Collection {
		path += "/{id}"
	}
	p.found[of.Name] = path
	p.queue = append(p.queue, of.Name)
}

// Follow tells what a name, in any case, leads to in a URL from objects of a type: the
// objects of a navigation property or the value of a property that is a single complex
// value, nil where there is none, or a function or action that is bound to the type in
// any API version. From the root, where t is nil, it leads to an entity set or singleton.
// It is found out once for a type: a file may hold thousands of requests for objects of
// one.
func (m *Model) Follow(t *Type, name string) (to *Navigation, operation bool) {
	if t == nil {
		return m.entry(name), false
	}
	known, ok := m.junctions.Load(t)
	if !ok {
		known, _ = m.junctions.LoadOrStore(t, m.junction(t))
	}
	at, name := known.(*junction), strings.ToLower(name)
	return at.navigation[name], at.operations[name]
}

// entry returns the entity set or singleton of a name, nil where there is none. The facts
// of beta are derived, and lack a few of those that all versions have.
func (m *Model) entry(name string) *Navigation {
	m.entered.Do(func() {
		m.entries = make(map[string]facts.Reference)
		for _, in := range m.inVersions() {
			for root, of := range in.facts.Roots {
				name := strings.ToLower(root)
				if _, nearer := m.entries[name]; nearer {
					continue
				}
				if _, known := m.overlay.typeOf(of.Name); known {
					m.entries[name] = of
				}
			}
		}
	})
	of, ok := m.entries[strings.ToLower(name)]
	if !ok {
		return nil
	}
	return &Navigation{name, m.facts.Full(of.Name), of.Collection, true}
}

// junction is where a path may lead from the objects of a type. Its names are in lower
// case.
type junction struct {
	navigation map[string]*Navigation
	operations map[string]bool // of all versions
}

func (m *Model) junction(t *Type) *junction {
	at := &junction{make(map[string]*Navigation), make(map[string]bool)}
	for _, n := range t.Navigation { // of one that is declared again, the nearest counts
		at.navigation[strings.ToLower(n.Name)] = n
	}
	for _, p := range t.Properties { // OData Protocol, 11.4.9.3: a complex value is updated at its URL
		if name := strings.ToLower(p.Name); p.Type.Category == Complex && !p.Collection && at.navigation[name] == nil {
			at.navigation[name] = &Navigation{Name: p.Name, Target: p.Type.Name, Contained: true}
		}
	}
	for _, in := range m.inVersions() {
		for f := range in.bases(t.short) {
			for _, operation := range f.Operations {
				at.operations[strings.ToLower(operation)] = true
			}
			// The facts of beta are derived, and lack what leads into another namespace.
			for _, p := range f.Properties {
				to := strings.ToLower(p.Name)
				if _, known := m.overlay.typeOf(p.Type.Name); p.Navigation && at.navigation[to] == nil && known && strings.Contains(p.Type.Name, ".") {
					at.navigation[to] = m.navigation(p)
				}
			}
		}
	}
	return at
}
