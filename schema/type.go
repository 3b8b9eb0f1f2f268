package schema

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/schema/facts"
)

// Type is the type of a value: a primitive type, an enumeration, or a structured type.
type Type struct {
	// Model is the model with the type, or nil for a primitive type.
	Model *Model
	// Name is the qualified name: "microsoft.graph.groupAssignmentTarget" or
	// "Edm.String". As the value of @odata.type it has "#" before it (OData JSON Format,
	// 4.5.3).
	Name        string
	Entity      bool // a structured type whose objects have an identity; the others are complex types
	Abstract    bool
	Properties  []*Property // inherited ones first
	Members     []Member    // of an enumeration; nil for any other type
	Description string
	// Unpublished explains why the type should not be relied on, if it is documented
	// but missing from published metadata; otherwise it is "".
	Unpublished string
	// Source names the source of the facts.
	Source string

	// Open reports whether objects may have members that the type does not declare.
	Open bool
	// Flags reports whether a value may name several members of the enumeration.
	Flags bool
	// Navigation lists the navigation properties, inherited ones first.
	Navigation []*Navigation
	// Deprecated is the date since when the type is deprecated, as YYYY-MM-DD, or "".
	Deprecated string
	// Partial reports whether a response has only some of the properties unless $select
	// names others (Microsoft Graph reference, user and group).
	Partial bool

	short      string
	structured bool
	base       *Type             // nil for a type without one
	elsewhere  map[string]string // property names of other resources, with a type that has the property
	byName     []*Property       // hash table for find, its length a power of two; of a structured type
	required   []*Property
	unread     *facts.Type // the declaration whose properties fill has yet to add; nil afterwards

	// For a primitive type; see primitives. Each may be nil.
	text    *lexical         // the form of values, which are strings
	numeral *lazy.Expression // matches strings that are accepted in place of numbers
	limits  *[2]int64        // the minimum and maximum value of integers
	largest json.Number      // the largest floating-point value, rounded up
}

// Navigation is a navigation property. It refers to objects with URLs of their own.
type Navigation struct {
	Name       string
	Target     string // qualified name of the type of the objects
	Collection bool
	Contained  bool // the objects are part of the one with the property
}

// Member is a member of an enumeration.
type Member struct {
	Name        string
	Description string

	number string // its value as a decimal number, or "" if it is not known
}

// Property is a property that a type declares or inherits.
type Property struct {
	Name string
	Type *Type
	// Index is the index of the property in Properties, in every type that has it. It
	// is -1 for a dynamic property.
	Index      int
	Collection bool
	// Nullable reports whether the value may be null. A collection and its elements
	// may not (OData JSON Format, 7.4), nor may a Required property.
	Nullable bool
	// Required reports whether the service needs the property in every object, although
	// its metadata allows an object without it, and null.
	Required bool
	// Key reports whether the property is the key of the type or a part of it. A key is
	// also Computed.
	Key bool
	// Computed reports whether only the service can set the property. It ignores the
	// property in a PATCH, or refuses the request.
	Computed bool
	// Maintained reports whether the service keeps the value up to date. A file may
	// still set it on purpose, unless it is Volatile: then any value in a file is
	// outdated.
	Maintained, Volatile bool
	// GUID reports whether the string must be a GUID. If Optional is set, it may also
	// be empty.
	GUID, Optional bool
	// Withdrawn reports whether the property was removed from published metadata, so
	// that the service is expected to refuse it.
	Withdrawn bool
	// Default is the value of the property if it is left out or null, or "" if the
	// metadata does not state one.
	Default     string
	Description string
	Example     string // "" if unknown
	// Deprecated explains why the property should no longer be used, since when if that is
	// known, or is "".
	Deprecated string
	Source     string
	// Stated is the "property@odata.type" annotation that states the type of a dynamic
	// property.
	Stated patchlint.Node

	// anyCase reports whether the service accepts a member of the enumeration in any
	// case. It returns the member as in the metadata.
	anyCase bool
}

// Dynamic reports whether p is a dynamic property of an open type, neither declared nor nil.
func (p *Property) Dynamic() bool { return p != nil && p.Index < 0 }

// Short returns the name without the main namespace.
func (t *Type) Short() string { return t.short }

// Property returns the declared or inherited property with the given name, or nil.
func (t *Type) Property(name string) *Property { return find(t, name) }

// find returns the property with the given name, or nil.
func find[T string | []byte](t *Type, name T) *Property {
	if t.byName == nil { // anyObject, or a type that is not structured
		return nil
	}
	return *slot(t.byName, name)
}

// slot returns the place in byName of the property with the given name. Until the property
// is added, the place contains nil.
func slot[T string | []byte](byName []*Property, name T) **Property {
	n := len(name)
	if n > 0 {
		n += 7*int(name[0]) + 31*int(name[n/2])
	}
	for ; ; n++ {
		p := &byName[n&(len(byName)-1)]
		if *p == nil || (*p).Name == string(name) {
			return p
		}
	}
}

// PropertyOf returns the declared or inherited property with the name of a member, or
// nil. See Model.AnyPropertyOf for dynamic ones.
func (t *Type) PropertyOf(member patchlint.Node) *Property {
	return find(t, member.NameBytes())
}

// names returns the names of the properties that are not deprecated, in order of
// declaration.
func (t *Type) names() []string {
	var names []string
	for _, p := range t.Properties {
		if p.Deprecated == "" {
			names = append(names, p.Name)
		}
	}
	return names
}

// allNames returns names, and the names of the navigation properties.
func (t *Type) allNames() []string {
	names := t.names()
	for _, n := range t.Navigation {
		names = append(names, n.Name)
	}
	return names
}

// isNamed reports whether text is "#" and Name.
func (t *Type) isNamed(text []byte) bool {
	return len(text) > 0 && text[0] == '#' && string(text[1:]) == t.Name
}

// folded returns the property with the given name, ignoring case, or nil.
func (t *Type) folded(name string) *Property {
	i := slices.IndexFunc(t.Properties, func(p *Property) bool { return strings.EqualFold(p.Name, name) })
	if i < 0 {
		return nil
	}
	return t.Properties[i]
}

// NavigationProperty returns the declared or inherited navigation property with the
// given name, or nil.
func (t *Type) NavigationProperty(name string) *Navigation {
	for _, n := range t.Navigation {
		if n.Name == name {
			return n
		}
	}
	return nil
}

// DeltaProperty returns the navigation property that a delta annotation applies to, such as
// members for "members@delta" (OData JSON Format 4.01, 8.6), or nil.
func (t *Type) DeltaProperty(member patchlint.Node) *Navigation {
	if property, changes := bytes.CutSuffix(member.NameBytes(), []byte("@delta")); changes {
		if n := t.NavigationProperty(string(property)); n != nil && n.Collection {
			return n
		}
	}
	return nil
}

// Is reports whether t is u or derived from it.
func (t *Type) Is(u *Type) bool {
	if u == anyObject {
		return t != nil && t.Structured()
	}
	for ; t != nil; t = t.base {
		if t == u {
			return true
		}
	}
	return false
}

// Structured reports whether values of t are JSON objects.
func (t *Type) Structured() bool { return t.structured }

// Member returns the member of an enumeration with the given name, or nil.
func (t *Type) Member(name string) *Member { return findMember(t, name) }

func findMember[T string | []byte](t *Type, name T) *Member {
	for i := range t.Members {
		if m := &t.Members[i]; m.Name == string(name) {
			return m
		}
	}
	return nil
}

// memberNames returns the names of the members of an enumeration in order of
// declaration.
func (t *Type) memberNames() []string {
	names := make([]string, len(t.Members))
	for i, m := range t.Members {
		names[i] = m.Name
	}
	return names
}
