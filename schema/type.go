package schema

import (
	"bytes"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/schema/facts"
)

// Category says what a Type is.
type Category uint8

const (
	Primitive Category = iota + 1 // an Edm type
	Enum
	Complex
	Entity
)

// Type is a type that a value can have.
type Type struct {
	// Name is the qualified name: "microsoft.graph.groupAssignmentTarget" or
	// "Edm.String".
	Name        string
	Category    Category
	Abstract    bool
	Properties  []*Property // inherited ones first
	Members     []Member    // of an enumeration
	Description string
	// Unpublished says why the type is not to be relied on: it is documented
	// and absent from published metadata. "" for the others.
	Unpublished string
	// Source names where the facts were read.
	Source string

	// Open says that objects may have members that the type does not declare.
	Open bool
	// Flags says that a value may name several members of the enumeration.
	Flags bool
	// Navigation are the navigation properties, inherited ones first.
	Navigation []*Navigation
	// Deprecated says since when the type is deprecated, as YYYY-MM-DD; "" where
	// it is not.
	Deprecated string

	short     string
	base      *Type             // nil where there is none
	elsewhere map[string]string // names that only other resources' types have -> such a type
	byName    [][]*Property     // see find
	required  []*Property
	resource  *Resource
	unread    *facts.Type // what it gets its properties from; nil when it has them

	// Of a primitive type, nil where it has none: see primitives.
	text    *lexical         // how all values are written
	numeral *lazy.Expression // strings that stand for numbers
	limits  *[2]int64        // the least and the greatest value
}

// Navigation is a navigation property: what it leads to is an object with a URL
// of its own.
type Navigation struct {
	Name       string
	Target     string // the qualified name of the type
	Collection bool
	Contained  bool // the object is part of the one that has the property
}

// Member is a member of an enumeration.
type Member struct {
	Name        string
	Description string

	value int64
}

// Property is a property that a type declares or inherits.
type Property struct {
	Name       string
	Type       *Type
	Collection bool
	// Nullable says whether null may be sent. A collection and its elements
	// never may (OData JSON Format, 7.4).
	Nullable bool
	// Required says that an object without the property makes no sense to the
	// service, though its metadata allows it.
	Required bool
	// Default is the value that a property has when it is left out or null, ""
	// where the metadata names none.
	Default string
	// Key says that the property tells an object from the others of its type, alone or
	// with others that say so. It is Computed.
	Key bool
	// Computed properties are set by the service alone; it ignores them in a
	// PATCH, or refuses it.
	Computed bool
	// Maintained says that the service keeps the value up to date. One in a file may be
	// meant all the same, unless it is Volatile: then it is old when it is written.
	Maintained, Volatile bool
	// GUID says that the string must be a GUID; where Optional it may be
	// empty.
	GUID, Optional bool
	Description    string
	Example        string // as text, "" where there is none
	// Deprecated says why the property should not be used any more, "" where
	// it may, and Since when that became known.
	Deprecated, DeprecatedSince string
	// Withdrawn says that published metadata has the property no more, so that the
	// service is expected to refuse it.
	Withdrawn bool
	Source    string
	// Index is the place in Properties of every type that has the property; -1 for a
	// dynamic one.
	Index int
	// Stated is the "property@odata.type" by which the type of a dynamic property is known.
	Stated patchlint.Node
}

// The patterns of strings that must be GUIDs. Any other pattern is left aside: each
// needs a rule that explains it.
const (
	guidPattern         = `^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$`
	optionalGUIDPattern = `^(?:[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12})?$`
)

// Short is the name without its namespace, as people write it.
func (t *Type) Short() string { return t.short }

// TypeName is the value of @odata.type that names the type: "#" and Name
// (OData JSON Format, 4.5.3).
func (t *Type) TypeName() string { return "#" + t.Name }

// Property returns the property of that name, own or inherited, or nil.
func (t *Type) Property(name string) *Property { return find(t, name) }

// byName puts properties into a table in which find looks them up: most have a place of
// their own, and half of the places are empty.
func byName(properties []*Property) (table [][]*Property) {
	size := 1
	for size < 2*len(properties) {
		size *= 2
	}
	table = make([][]*Property, size)
	for _, p := range properties {
		i := place(p.Name) & (size - 1)
		table[i] = append(table[i], p)
	}
	return table
}

// place is a number in which the names of the properties of one type differ, as a rule.
func place[T string | []byte](name T) int {
	n := len(name)
	if n == 0 {
		return 0
	}
	return n + 7*int(name[0]) + 31*int(name[n/2])
}

// find returns the property of a name, or nil.
func find[T string | []byte](t *Type, name T) *Property {
	if len(t.byName) == 0 { // it has no properties
		return nil
	}
	for _, p := range t.byName[place(name)&(len(t.byName)-1)] {
		if p.Name == string(name) {
			return p
		}
	}
	return nil
}

// Dynamic returns the property that an object of an open type has though the type does
// not declare it (OData CSDL, 6.3), nil for any other name: its value can be anything.
func (t *Type) Dynamic(name string) *Property {
	if !t.Open || t.Property(name) != nil || strings.ContainsAny(name, "@#") || t.Toward(name) != nil {
		return nil
	}
	return &Property{Name: name, Type: untyped, Nullable: true, Index: -1}
}

// PropertyOf returns the property that a member of an object of the type is the
// value of, or nil.
func (t *Type) PropertyOf(member patchlint.Node) *Property {
	return find(t, member.NameBytes())
}

// Declares reports whether the type has a property for any member of an object.
func (t *Type) Declares(object patchlint.Node) bool {
	for member := range object.Children() {
		if t.PropertyOf(member) != nil {
			return true
		}
	}
	return false
}

// names lists the names of the properties that should be used, in declared
// order.
func (t *Type) names() []string {
	var names []string
	for _, p := range t.Properties {
		if p.Deprecated == "" {
			names = append(names, p.Name)
		}
	}
	return names
}

// isNamed reports whether text is TypeName.
func (t *Type) isNamed(text []byte) bool {
	return len(text) > 0 && text[0] == '#' && string(text[1:]) == t.Name
}

// folded returns the property of a name in whatever case, or nil.
func (t *Type) folded(name string) *Property {
	i := slices.IndexFunc(t.Properties, func(p *Property) bool { return strings.EqualFold(p.Name, name) })
	if i < 0 {
		return nil
	}
	return t.Properties[i]
}

// Toward returns the navigation property of that name, own or inherited, or nil.
func (t *Type) Toward(name string) *Navigation {
	for _, n := range t.Navigation {
		if n.Name == name {
			return n
		}
	}
	return nil
}

// Changes returns the navigation property whose objects a member changes, as
// "members@delta" does those of members (OData JSON Format 4.01, 8.6), or nil.
func (t *Type) Changes(member patchlint.Node) *Navigation {
	if property, changes := bytes.CutSuffix(member.NameBytes(), []byte("@delta")); changes {
		if n := t.Toward(string(property)); n != nil && n.Collection {
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
func (t *Type) Structured() bool { return t.Category == Complex || t.Category == Entity }

// Member returns the member of that name.
func (t *Type) Member(name string) (Member, bool) {
	i := slices.IndexFunc(t.Members, func(m Member) bool { return m.Name == name })
	if i < 0 {
		return Member{}, false
	}
	return t.Members[i], true
}

func (t *Type) hasMember(name []byte) bool {
	return slices.ContainsFunc(t.Members, func(m Member) bool { return m.Name == string(name) })
}

// memberNames lists the names of an enumeration's members in declared order.
func (t *Type) memberNames() []string {
	names := make([]string, len(t.Members))
	for i, m := range t.Members {
		names[i] = m.Name
	}
	return names
}
