// Package schema says what Microsoft Graph allows in the body of a PATCH. It is the
// one place for API version, path, type, mutability and nullability.
//
// The facts are OData CSDL (csdl/*.xml, embedded as facts.go), each with its source.
// A Model is one API version of them, a Resource a type that a payload can be of.
// Model.Detect tells which Resource a payload is, Locate what a URL addresses.
//
// Two judges read the same facts. Resource.Walk visits a payload beside the model
// and explains, in typed Violations, where it departs from it. The JSON Schema
// generated from the facts (jsonschema/, embedded) gives a verdict only; package
// conform asks it. TestJudgesAgree checks that the two agree.
package schema

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/patchlint/patchlint/internal/inert"
)

//go:generate go run generate_facts.go
//go:generate go run generate.go

//go:embed jsonschema
var embedded embed.FS

// Version is a version of the Microsoft Graph API, as it stands in a URL.
type Version string

const (
	Beta Version = "beta" // the default: the reference page's endpoint
	V1   Version = "v1.0"
)

// Versions lists the versions that are embedded, the default first.
func Versions() []Version { return []Version{Beta, V1} }

// models are the embedded models, each made when it is first asked for.
var models = func() (list []embeddedModel) {
	for _, v := range Versions() {
		list = append(list, embeddedModel{v, sync.OnceValues(func() (*Model, error) { return newModel(factsOf(v), v) })})
	}
	return list
}()

type embeddedModel struct {
	version Version
	open    func() (*Model, error)
}

// Open returns the embedded model of an API version. The empty version is
// Beta. The error names the versions that there are.
func Open(v Version) (*Model, error) {
	if v == "" {
		v = Beta
	}
	for i := range models {
		if models[i].version == v {
			return models[i].open()
		}
	}
	return nil, fmt.Errorf("unknown API version %s; must be beta or v1.0", inert.Quote(string(v)))
}

// Resource is a type that a payload can be of, in one API version.
type Resource struct {
	Model *Model
	Type  *Type
}

// Resources lists the types a payload can be of: the entities that the API
// lets be updated, and every complex type that can stand in them.
func (m *Model) Resources() []*Resource { return slices.Clone(m.resources) }

func (m *Model) findResources() []*Resource {
	var list []*Resource
	seen := make(map[*Type]bool)
	var add func(t *Type)
	add = func(t *Type) {
		if seen[t] || !t.Structured() {
			return
		}
		seen[t] = true
		list = append(list, &Resource{m, t})
		for _, u := range m.types {
			if u != t && u.Structured() && u.Is(t) {
				add(u)
			}
		}
		for _, p := range t.Properties {
			add(p.Type)
		}
	}
	for _, t := range m.types {
		if m.paths[t] != "" {
			add(t)
		}
	}
	return list
}

// Resource returns the resource of a type name, qualified or not. The error
// suggests the nearest name.
func (m *Model) Resource(name string) (*Resource, error) {
	t := m.short[name]
	if t == nil {
		t = m.Type(strings.TrimPrefix(name, "#"))
	}
	if t != nil && t.resource != nil {
		return t.resource, nil
	}
	var names []string
	for _, r := range m.resources {
		names = append(names, r.Type.Short())
	}
	if near, _ := nearest(name, names); near != "" {
		return nil, fmt.Errorf("unknown type %s in %s; did you mean %s?", inert.Quote(name), m.Version, near)
	}
	return nil, fmt.Errorf("unknown type %s in %s; must be one of %s", inert.Quote(name), m.Version, strings.Join(names, ", "))
}

// Path is the path that a PATCH of the resource goes to, relative to the
// version's root, with "{id}" for the key; "" for a complex type, which is
// updated only as part of an entity.
func (r *Resource) Path() string { return r.Model.paths[r.Type] }

// Permissions lists the permissions that each allow the update by themselves,
// from the least to the most privileged.
func (r *Resource) Permissions() []string { return slices.Clone(r.Model.scopes[r.Type]) }

// otherVersions returns the embedded models of the other API versions; none
// for a model that is not embedded itself.
func (m *Model) otherVersions() []*Model {
	others := slices.DeleteFunc(embeddedModels(), func(other *Model) bool { return other == m })
	if len(others) == len(models) {
		return nil
	}
	return others
}
