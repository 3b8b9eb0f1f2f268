package schema

import (
	"strings"
	"sync"

	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/schema/facts"
)

// paths is the state of a search for the path to the objects of each type, from entity
// sets and singletons along contained navigation properties. Of several paths it finds a
// short one with few keys. It advances on demand.
type paths struct {
	lock  sync.Mutex
	found map[string]string // paths by type name in the facts; "{id}" is the key
	queue [][]string        // the types in found, by the number of keys in their paths
	next  []int             // the first in each queue whose navigation properties have not been followed
	wide  bool              // also follow the facts of the other API version
}

// Path returns the path to PATCH the resource, relative to the root of the API version,
// with "{id}" for its key. It returns "" for a complex type, which is updated only as
// part of an entity, and for an entity type without a path.
func (t *Type) Path() string {
	if !t.Entity {
		return ""
	}
	path, _ := t.Model.place(t)
	return path
}

// Declared returns the declared type of the objects at Path, which the service assumes
// if an object has no @odata.type: the type of the resource or one of its base types.
func (t *Type) Declared() *Type {
	if base := t.base; base == nil || base.isRoot() { // the only candidate
		return t
	}
	_, declared := t.Model.place(t)
	return declared
}

// place returns the path of the objects of a type, and their declared type there: the
// nearest of the type and its bases with a path of its own. If none has a path, it
// returns "" and the last base.
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
	for p.found[name] == "" {
		n := 0
		for n < len(p.queue) && p.next[n] == len(p.queue[n]) {
			n++
		}
		if n == len(p.queue) {
			if p.wide || m.Version != Beta {
				break
			}
			p.wide = true
			clear(p.next) // once more from the start
			continue
		}
		from := p.queue[n][p.next[n]]
		p.next[n]++
		above := strings.Replace(p.found[from], "{id}", "{"+from+"Id}", 1)
		versions := []*Model{m}
		if p.wide {
			versions = append(versions, m.otherVersion())
		}
		var contained []facts.Property
		for _, in := range versions {
			for f := range in.bases(from) {
				for _, property := range f.Properties {
					if property.Contained && (in == m || m.adopts(property)) {
						contained = append(contained, property)
					}
				}
			}
		}
		for _, eponymous := range []bool{true, false} { // a managedDevice is one of the managedDevices, seldom of the comanagedDevices
			for _, property := range contained {
				if strings.HasPrefix(property.Name, property.Type.Name) == eponymous {
					p.visit(property.Type, above+"/"+property.Name)
				}
			}
		}
	}
	return p.found[name]
}

// adopts reports whether a navigation property in the facts of another API version holds
// for m: the facts of beta are derived, and lack navigation into other namespaces.
func (m *Model) adopts(p facts.Property) bool {
	return p.Navigation && strings.Contains(p.Type.Name, ".") && m.overlay.known(p.Type.Name)
}

func (p *paths) visit(of facts.Reference, path string) {
	if _, seen := p.found[of.Name]; seen || strings.HasSuffix(path, "/me") { // also one of the users
		return
	}
	if of.Collection {
		path += "/{id}"
	}
	p.found[of.Name] = path
	n := strings.Count(path, "{")
	for len(p.queue) <= n {
		p.queue, p.next = append(p.queue, nil), append(p.next, 0)
	}
	p.queue[n] = append(p.queue[n], of.Name)
}

// Follow resolves a URL segment after objects of type t, ignoring case. It returns the
// navigation property with that name, or a single complex property represented as one,
// or nil, and whether the segment is a function or action bound to the type in any API
// version. For a function, to leads to the object that it returns; for an action, or a
// function that returns none, to is nil. If t is nil, the
// segment is an entity set or singleton.
func (m *Model) Follow(t *Type, name string) (to *Navigation, operation bool) {
	at, name := lazy.Get(&m.junctions, t, func() *junction { return m.junction(t) }), strings.ToLower(name)
	if to, operation = at.operations[name]; operation {
		return to, true
	}
	return at.navigation[name], false
}

// junction holds the URL segments that may follow the objects of a type, or the root of the
// API version, in lower case.
type junction struct {
	navigation map[string]*Navigation
	operations map[string]*Navigation // in any API version; nil if it returns no object to follow
}

func (m *Model) junction(t *Type) *junction {
	at := &junction{make(map[string]*Navigation), make(map[string]*Navigation)}
	if t == nil {
		for _, in := range []*Model{m, m.otherVersion()} { // both, because the facts of beta are derived and lack some
			for root, of := range in.facts.Roots {
				if name := strings.ToLower(root); at.navigation[name] == nil && m.overlay.known(of.Name) {
					at.navigation[name] = &Navigation{root, m.facts.Full(of.Name), of.Collection, true}
				}
			}
		}
		return at
	}
	for _, n := range t.Navigation { // a redeclaration replaces the inherited one
		at.navigation[strings.ToLower(n.Name)] = n
	}
	for _, p := range t.Properties { // OData Protocol, 11.4.9.3: a complex value is updated at its URL
		if name := strings.ToLower(p.Name); p.Type.Structured() && !p.Type.Entity && !p.Collection && at.navigation[name] == nil {
			at.navigation[name] = &Navigation{Name: p.Name, Target: p.Type.Name, Contained: true}
		}
	}
	for _, in := range []*Model{m, m.otherVersion()} {
		for f := range in.bases(t.short) {
			for _, operation := range f.Operations {
				name := strings.ToLower(operation.Name)
				to := at.operations[name]
				if to == nil && m.overlay.known(operation.Returns) {
					to = &Navigation{Name: operation.Name, Target: m.facts.Full(operation.Returns)}
				}
				at.operations[name] = to
			}
			for _, p := range f.Properties {
				if to := strings.ToLower(p.Name); at.navigation[to] == nil && m.adopts(p) {
					at.navigation[to] = m.navigation(p)
				}
			}
		}
	}
	return at
}
