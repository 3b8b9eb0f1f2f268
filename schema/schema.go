// Package schema models what Microsoft Graph allows in the body of a PATCH. It is the
// only source of API versions, paths, types, mutability and nullability.
//
// The facts come from the published metadata of Microsoft Graph, as text (package
// facts). Overlays in OData CSDL (overlay/*.xml) add what is known beyond the metadata,
// each with its source. A Model describes one API version, and a Type the values of
// properties, or payloads. A type that a payload can have is called a resource.
//
// A payload can be validated in two ways. Type.Check, by a Walker, visits it along with
// the model and explains each mismatch, a violation. Package conform validates it with
// the JSON Schema generated from the model, which gives a verdict only. TestJudgesAgree
// checks that both agree. The JSON Schemas of partners and of the types in them are also
// in jsonschema/, so that git shows how they change.
package schema

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
)

// Version is a version of the Microsoft Graph API, as written in a URL.
type Version string

const (
	Beta Version = "beta" // the default: the reference page's endpoint
	V1   Version = "v1.0"
)

// Versions returns the versions with embedded models, the default first.
func Versions() []Version { return []Version{Beta, V1} }

// The models of the embedded facts are created on first use.
var (
	beta = sync.OnceValue(func() *Model { return openEmbedded(Beta) })
	v1   = sync.OnceValue(func() *Model { return openEmbedded(V1) })
)

// Open returns the embedded model of an API version; "" means Beta. It returns an error
// if the version is unknown.
func Open(v Version) (*Model, error) {
	switch v {
	case "", Beta:
		return beta(), nil
	case V1:
		return v1(), nil
	}
	return nil, fmt.Errorf("unknown API version %s; must be beta or v1.0", inert.Quote(string(v)))
}

// Models overrides the embedded models of API versions. A nil Models overrides none.
type Models map[Version]*Model

// Open returns the model of an API version; "" means Beta. Versions that are not in ms
// have their embedded model.
func (ms Models) Open(v Version) (*Model, error) {
	if m := ms[cmp.Or(v, Beta)]; m != nil {
		return m, nil
	}
	return Open(v)
}

// Resources returns the type of compliance management partners and the structured types
// that can occur in them.
func (m *Model) Resources() []*Type { return slices.Clone(m.resources()) }

// Resource returns the type with the given name, qualified or not. If no payload can
// have it, the error suggests the nearest name.
func (m *Model) Resource(name string) (*Type, error) {
	t := m.Type(strings.TrimPrefix(name, "#"))
	switch {
	case t.Resource() != nil:
		return t, nil
	case t != nil && t.isRoot():
		return nil, fmt.Errorf("%s is the base of all entity types and no object has it as its type; name a derived type", t.short)
	case t != nil && t.Members != nil:
		return nil, fmt.Errorf("%s is an enumeration, and no object has it as its type; name an entity type or a complex type", t.short)
	}
	written, prefix := strings.TrimPrefix(name, "#"), m.facts.Namespace+"."
	if n := len(prefix); len(written) > n && strings.EqualFold(written[:n], prefix) {
		written = written[n:]
	}
	if near := m.Type(meant(written, m.structuredNames())).Resource(); near != nil {
		return nil, fmt.Errorf("unknown type %s in %s; did you mean %s?", inert.Quote(name), m.Version, near.short)
	}
	if strings.Contains(name, "://") {
		return nil, fmt.Errorf(`unknown type %s in %s; write only what follows the host, from "#"`, inert.Quote(name), m.Version)
	}
	return nil, fmt.Errorf("unknown type %s in %s; correct the name%s", inert.Quote(name), m.Version, m.typeUnlessAdded(odata.ParseTypeName(name), nil))
}

// Resource returns t if a payload can have the type, or nil.
func (t *Type) Resource() *Type {
	if t == nil || !t.Structured() || t.isRoot() {
		return nil
	}
	return t
}

// root is the base of all entity types. Payloads are not checked against it, because
// their properties could be those of any entity type.
const root = "entity"

func (t *Type) isRoot() bool { return t.short == root }

// otherVersion returns the embedded model of the other API version.
func (m *Model) otherVersion() *Model {
	if m.Version == Beta {
		return v1()
	}
	return beta()
}
