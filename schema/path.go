package schema

import (
	"slices"
	"strings"
	"sync"

	"github.com/patchlint/patchlint/schema/facts"
)

// paths finds where in the service objects of a type are: the shortest path from
// an entity set or singleton over contained navigation properties. It looks as
// far as it is asked to, and remembers what it has seen.
type paths struct {
	lock  sync.Mutex
	found map[string]place // by name in the facts
	queue []string         // types whose navigation has not been followed
}

// place is where objects of a type are.
type place struct {
	path string // "{id}" stands for the key
	by   string // "type/navigation" that leads there, "" for a set or singleton
}

// place returns where objects of a type are, or of the nearest base that has a
// place of its own; the zero place for none.
func (m *Model) place(t *Type) place {
	m.paths.lock.Lock()
	defer m.paths.lock.Unlock()
	for ; t != nil && !m.isRoot(t); t = t.Base {
		if at := m.seek(t.short); at.path != "" {
			return at
		}
	}
	return place{}
}

func (m *Model) seek(name string) place {
	p := &m.paths
	if p.found == nil {
		p.found = make(map[string]place)
		for _, sets := range []bool{true, false} {
			for root, of := range m.facts.Roots {
				if of.Collection == sets {
					m.paths.visit(of, place{path: "/" + root})
				}
			}
		}
	}
	for p.found[name].path == "" && len(p.queue) > 0 {
		from := p.queue[0]
		p.queue = p.queue[1:]
		at := p.found[from]
		for f := range m.bases(from) {
			for _, n := range f.Properties {
				if n.Contained {
					p.visit(n.Type, place{strings.Replace(at.path, "{id}", "{"+from+"Id}", 1) + "/" + n.Name, f.Name + "/" + n.Name})
				}
			}
		}
	}
	return p.found[name]
}

func (p *paths) visit(of facts.Reference, at place) {
	if _, seen := p.found[of.Name]; seen {
		return
	}
	if of.Collection {
		at.path += "/{id}"
	}
	p.found[of.Name] = at
	p.queue = append(p.queue, of.Name)
}

// Path is the path that a PATCH of the resource goes to, relative to the
// version's root, with "{id}" for its key; "" for a complex type, which is
// updated only as part of an entity, and for an entity type that has none.
func (r *Resource) Path() string {
	if r.Type.Category != Entity {
		return ""
	}
	return r.Model.place(r.Type).path
}

// Permissions lists the permissions that each allow the update by themselves,
// from the least to the most privileged, as far as they are known.
func (r *Resource) Permissions() (scopes []string) {
	restrictions, _ := r.Model.overlay.annotations[r.Model.place(r.Type).by].Find("Capabilities.UpdateRestrictions")
	for _, permission := range restrictions.Property("Permissions").Items {
		for _, scope := range permission.Property("Scopes").Items {
			if s := scope.Property("Scope").String; !slices.Contains(scopes, s) {
				scopes = append(scopes, s)
			}
		}
	}
	return scopes
}
