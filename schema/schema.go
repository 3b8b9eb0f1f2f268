// Package schema says what Microsoft Graph allows in the body of a PATCH. It is the
// one place for API version, path, type, mutability and nullability.
//
// The facts come from the published metadata of Microsoft Graph, as text (package
// facts), and what is known beyond them, as OData CSDL (overlay/*.xml), each with its
// source. A Model is one API version of them, a Resource a type that a payload can be
// of.
//
// Two judges read the same facts. A Walker visits a payload beside the model
// and explains, in typed Violations, where it departs from it. The JSON Schema
// generated from the facts gives a verdict only; package conform asks it. In
// jsonschema/, those of partners and of what can be in them are kept for readers and
// for git. TestJudgesAgree checks that the two agree.
package schema

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/meaning"
)

//go:generate go run generate.go

// Version is a version of the Microsoft Graph API, as it stands in a URL.
type Version string

const (
	Beta Version = "beta" // the default: the reference page's endpoint
	V1   Version = "v1.0"
)

// Versions lists the versions that are embedded, the default first.
func Versions() []Version { return []Version{Beta, V1} }

// The models that are embedded are each made when they are first asked for.
var (
	openBeta = sync.OnceValues(func() (*Model, error) { return openEmbedded(Beta) })
	openV1   = sync.OnceValues(func() (*Model, error) { return openEmbedded(V1) })
)

// Open returns the embedded model of an API version. The empty version is
// Beta. The error names the versions that there are.
func Open(v Version) (*Model, error) {
	switch cmp.Or(v, Beta) {
	case Beta:
		return openBeta()
	case V1:
		return openV1()
	}
	return nil, fmt.Errorf("unknown API version %s; must be beta or v1.0", inert.Quote(string(v)))
}

// Models are the models of the API versions that are in use: those with metadata of
// their own, and the embedded ones of all other versions. A nil Models is the
// embedded ones alone.
type Models map[Version]*Model

// Open returns the model of an API version, as the function Open does.
func (ms Models) Open(v Version) (*Model, error) {
	if m := ms[cmp.Or(v, Beta)]; m != nil {
		return m, nil
	}
	return Open(v)
}

// Resource is a type that a payload can be of, in one API version.
type Resource struct {
	Model *Model
	Type  *Type
}

// Resources lists compliance management partners and the types that can be in them.
func (m *Model) Resources() []*Resource { return slices.Clone(m.resources()) }

func (m *Model) findResources() (list []*Resource) {
	if m.partner == nil {
		return nil
	}
	for _, t := range m.closure(m.partner) {
		list = append(list, t.resource)
	}
	return list
}

// Resource returns the resource of a type name, qualified or not. The error
// suggests the nearest name.
func (m *Model) Resource(name string) (*Resource, error) {
	t := m.Type(strings.TrimPrefix(name, "#"))
	switch {
	case t == nil || t.resource == nil:
	case t.isRoot():
		return nil, fmt.Errorf("%s is the base of all entity types, and no object is of it; name the type itself", t.short)
	default:
		return t.resource, nil
	}
	written := strings.TrimPrefix(strings.TrimPrefix(name, "#"), m.Namespace+".")
	folded := slices.DeleteFunc(slices.Clone(m.structuredNames()), func(of string) bool { return !strings.EqualFold(of, written) })
	for _, names := range [][]string{folded, m.resourceNames(), m.structuredNames()} {
		if near := meaning.Nearest(written, names); near != "" {
			return nil, fmt.Errorf("unknown type %s in %s; did you mean %s?", inert.Quote(name), m.Version, near)
		}
	}
	return nil, fmt.Errorf(`unknown type %s in %s; "patchlint schema list" lists them`, inert.Quote(name), m.Version)
}

// Resource returns the resource of the payloads of a type, nil where no payload can be of
// it.
func (t *Type) Resource() *Resource {
	if t == nil || t.isRoot() {
		return nil
	}
	return t.resource
}

// root is the base of all entity types, from which too much is derived for anything to
// be said of its objects.
const root = "entity"

func (t *Type) isRoot() bool { return t.short == root }

func (m *Model) resourceNames() (names []string) {
	for _, r := range m.resources() {
		names = append(names, r.Type.short)
	}
	return names
}

func (m *Model) listStructured() (names []string) {
	for name, structured := range m.Names {
		if structured {
			names = append(names, m.facts.Short(name))
		}
	}
	return names
}

// inVersions returns the model, and then the embedded ones of the other API versions.
func (m *Model) inVersions() []*Model { return append([]*Model{m}, m.otherVersions()...) }

// otherVersions returns the embedded models of the other API versions; none for a
// model of a version that is not embedded.
func (m *Model) otherVersions() (others []*Model) {
	if !slices.Contains(Versions(), m.Version) {
		return nil
	}
	for _, v := range Versions() {
		if other, err := Open(v); v != m.Version && err == nil { // they parse: the tests open each
			others = append(others, other)
		}
	}
	return others
}
