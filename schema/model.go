package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/csdl"
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
	Base        *Type // nil where there is none
	Abstract    bool
	Properties  []*Property // inherited ones first
	Members     []Member    // of an enumeration
	Description string
	// Unpublished says why the type is not to be relied on: it is documented
	// and absent from published metadata. "" for the others.
	Unpublished string
	// Source names where the facts were read.
	Source string

	// Index numbers the structured types and enumerations of a model from 0,
	// for tables beside it.
	Index int

	short     string
	elsewhere map[string]string // names that only other resources' types have -> such a type
	byName    map[string]*Property
	required  []*Property
	derived   []*Type   // that an object declared to be of the type may be of
	resource  *Resource // nil for a type that no payload can be of
}

// Member is a member of an enumeration.
type Member struct {
	Name        string
	Value       int64
	Description string
}

// Management says who keeps a property's value up to date.
type Management uint8

const (
	// Client: whoever sends the PATCH. Nothing says otherwise of the property.
	Client Management = iota
	// Clock: the service, all the time. A value in a file is old when it is
	// written, and nobody means to send it.
	Clock
	// State: the service as a rule. A value in a file may be meant.
	State
)

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
	// Computed properties are set by the service alone; it ignores them in a
	// PATCH, or refuses it.
	Computed   bool
	Management Management
	// GUID says that the string must be a GUID; where Optional it may be
	// empty.
	GUID, Optional bool
	// Pattern is a regular expression that a string must match, in the common
	// subset of RE2 and ECMA-262; "" where there is none.
	Pattern     string
	Description string
	Example     string // as text, "" where there is none
	// Deprecated says why the property should not be used any more, "" where
	// it may, and Since when that became known.
	Deprecated, DeprecatedSince string
	Source                      string
	// Index numbers the properties of a model from 0, for tables beside it. An
	// inherited property keeps its number.
	Index int

	place int // in Properties of every type that has it
}

// The patterns that a Property can have. Each needs a rule that explains it, so
// a new one in the facts is refused by Parse until it has one.
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
func (t *Type) Property(name string) *Property { return t.byName[name] }

// PropertyOf returns the property that a member of an object of the type is the
// value of, or nil.
func (t *Type) PropertyOf(member patchlint.Node) *Property {
	return t.byName[string(member.NameBytes())]
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

// Is reports whether t is u or derived from it.
func (t *Type) Is(u *Type) bool {
	for ; t != nil; t = t.Base {
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

// MemberNames lists the names of an enumeration's members in declared order.
func (t *Type) MemberNames() []string {
	names := make([]string, len(t.Members))
	for i, m := range t.Members {
		names[i] = m.Name
	}
	return names
}

// Model is what is known of one API version.
type Model struct {
	// Version is the API version the model describes.
	Version Version
	// Revision dates the metadata it was read from, as YYYY-MM-DD.
	Revision string
	// Namespace qualifies the names of the types; Alias is its short form,
	// which the metadata declares as well.
	Namespace, Alias string

	types     []*Type
	resources []*Resource
	// What a payload is told by, where the model has it.
	partner, assignment *Type
	byName              map[string]*Type
	named               map[string]*Type // by the usual spellings of @odata.type
	short               map[string]*Type // by the name without a namespace
	paths               map[*Type]string
	scopes              map[*Type][]string
}

// Types lists the types of the model in the order of its CSDL.
func (m *Model) Types() []*Type { return slices.Clone(m.types) }

// Type returns the type of a name, qualified by the namespace or its alias or
// not at all, or nil.
func (m *Model) Type(name string) *Type {
	for _, prefix := range []string{m.Namespace + ".", m.Alias + "."} {
		if prefix != "." {
			name = strings.TrimPrefix(name, prefix)
		}
	}
	return m.byName[m.Namespace+"."+name]
}

// Derived lists the types that an @odata.type may name where declared is
// expected: those that are declared or derived from it, and not abstract.
func (m *Model) Derived(declared *Type) []*Type {
	var list []*Type
	for _, t := range m.types {
		if t.Structured() && !t.Abstract && t.Is(declared) {
			list = append(list, t)
		}
	}
	return list
}

// primitives are the Edm types that values are checked against.
var primitives = func() map[string]*Type {
	m := make(map[string]*Type)
	for _, name := range []string{
		"Edm.String", "Edm.Boolean", "Edm.DateTimeOffset", "Edm.Guid",
		"Edm.Byte", "Edm.SByte", "Edm.Int16", "Edm.Int32", "Edm.Int64", "Edm.Single", "Edm.Double", "Edm.Decimal",
	} {
		m[name] = &Type{Name: name, short: strings.TrimPrefix(name, "Edm."), Category: Primitive}
	}
	return m
}()

// Parse reads a model from CSDL XML. It refuses what the checks would not
// understand: an unknown type, an open type, a pattern without a rule.
func Parse(src []byte, version Version) (*Model, error) {
	facts, err := csdl.Parse(src)
	if err != nil {
		return nil, err
	}
	return newModel(facts, version)
}

func newModel(facts *csdl.Schema, version Version) (*Model, error) {
	m := &Model{
		Version: version, Namespace: facts.Namespace, Alias: facts.Alias,
		Revision: facts.Annotations.Text("Core.SchemaVersion"),
		byName:   make(map[string]*Type), paths: make(map[*Type]string), scopes: make(map[*Type][]string),
	}
	if err := m.resolve(facts); err != nil {
		return nil, fmt.Errorf("CSDL of %s: %w", version, err)
	}
	m.resources = m.findResources()
	for _, r := range m.resources {
		r.Type.resource = r
	}
	m.partner, m.assignment = m.Type("complianceManagementPartner"), m.Type("complianceManagementPartnerAssignment")
	m.number()
	m.named, m.short = make(map[string]*Type, 2*len(m.types)), make(map[string]*Type, len(m.types))
	for _, t := range m.types {
		m.short[t.Short()] = t
		m.named[t.Name], m.named[t.TypeName()] = t, t
	}
	return m, nil
}

// number gives the types and properties their indices, and each type what it
// may stand for.
func (m *Model) number() {
	seen := make(map[*Property]bool)
	for i, t := range m.types {
		t.Index = i
		for _, p := range t.Properties {
			if !seen[p] {
				p.Index = len(seen)
				seen[p] = true
			}
		}
		if t.Structured() {
			t.derived = m.Derived(t)
		}
	}
}

// resolve makes the types of the facts those of the model, and finds the paths of
// the resources.
func (m *Model) resolve(facts *csdl.Schema) error {
	structured := slices.Concat(facts.EntityTypes, facts.ComplexTypes)
	if err := m.declareTypes(facts, structured); err != nil {
		return err
	}
	for _, s := range structured {
		if err := m.fill(m.byName[m.Namespace+"."+s.Name], structured); err != nil {
			return err
		}
	}
	return m.findPaths(facts.Container.Singletons, structured)
}

// declareTypes makes every type, so that those that refer to one another find
// each other; what they consist of comes after.
func (m *Model) declareTypes(facts *csdl.Schema, structured []csdl.Structured) error {
	declare := func(name string, category Category, a csdl.Annotations) *Type {
		t := &Type{
			Name: m.Namespace + "." + name, short: name, Category: category,
			Description: a.Text("Core.Description"), Source: a.Text("Lint.Source"), Unpublished: a.Text("Lint.Unpublished"),
		}
		if e, ok := a.Find("Lint.Elsewhere"); ok {
			t.elsewhere = make(map[string]string)
			for _, item := range e.Items {
				t.elsewhere[item.Property("Name").String] = item.Property("Type").String
			}
		}
		m.types, m.byName[t.Name] = append(m.types, t), t
		return t
	}
	for _, e := range facts.EnumTypes {
		if e.IsFlags {
			return fmt.Errorf("%s: enumerations of flags are not supported", e.Name)
		}
		t := declare(e.Name, Enum, e.Annotations)
		for _, member := range e.Members {
			t.Members = append(t.Members, Member{member.Name, member.Value, member.Annotations.Text("Core.Description")})
		}
	}
	for i, s := range structured {
		if s.OpenType {
			return fmt.Errorf("%s: open types are not supported", s.Name)
		}
		category := Complex
		if i < len(facts.EntityTypes) {
			category = Entity
		}
		declare(s.Name, category, s.Annotations).Abstract = s.Abstract
	}
	return nil
}

// fill gives a structured type its properties, those of its base type first.
func (m *Model) fill(t *Type, structured []csdl.Structured) error {
	if t.byName != nil {
		return nil
	}
	t.byName = make(map[string]*Property)
	facts := structured[slices.IndexFunc(structured, func(s csdl.Structured) bool { return s.Name == t.Short() })]
	if facts.BaseType != "" {
		if t.Base = m.Type(facts.BaseType); t.Base == nil || !t.Base.Structured() {
			return fmt.Errorf("%s: unknown base type %s", facts.Name, facts.BaseType)
		}
		if err := m.fill(t.Base, structured); err != nil {
			return err
		}
		t.Properties = slices.Clone(t.Base.Properties)
	}
	for _, p := range facts.Properties {
		property, err := m.property(p, t)
		if err != nil {
			return fmt.Errorf("%s/%s: %w", facts.Name, p.Name, err)
		}
		t.Properties = append(t.Properties, property)
	}
	for i, p := range t.Properties {
		p.place, t.byName[p.Name] = i, p
		if p.Required {
			t.required = append(t.required, p)
		}
	}
	return nil
}

// findPaths finds where the resources are, and what permissions an update takes:
// a resource is what a singleton contains.
func (m *Model) findPaths(singletons []csdl.Singleton, structured []csdl.Structured) error {
	for _, single := range singletons {
		i := slices.IndexFunc(structured, func(s csdl.Structured) bool { return m.byName[m.Namespace+"."+s.Name] == m.Type(single.Type) })
		if i < 0 {
			return fmt.Errorf("singleton %s: unknown type %s", single.Name, single.Type)
		}
		for _, n := range structured[i].Navigation {
			name, many := collectionOf(n.Type)
			t := m.Type(name)
			if t == nil || !n.ContainsTarget {
				continue
			}
			m.paths[t] = "/" + single.Name + "/" + n.Name
			if many {
				m.paths[t] += "/{id}"
			}
			restrictions, _ := n.Annotations.Find("Capabilities.UpdateRestrictions")
			for _, permission := range restrictions.Property("Permissions").Items {
				for _, scope := range permission.Property("Scopes").Items {
					if s := scope.Property("Scope").String; !slices.Contains(m.scopes[t], s) {
						m.scopes[t] = append(m.scopes[t], s)
					}
				}
			}
		}
	}
	return nil
}

func (m *Model) property(facts csdl.Property, owner *Type) (*Property, error) {
	a := facts.Annotations
	name, many := collectionOf(facts.Type)
	p := &Property{
		Name: facts.Name, Collection: many,
		Nullable:    !many && (facts.Nullable == nil || *facts.Nullable), // CSDL XML, 7.2.1: nullable unless it says no
		Required:    a.True("Lint.Required"),
		Default:     facts.Default,
		Computed:    a.True("Core.Computed"),
		Pattern:     a.Text("Validation.Pattern"),
		Description: a.Text("Core.Description"),
		Source:      a.Text("Lint.Source"),
	}
	if p.Type = primitives[name]; p.Type == nil {
		p.Type = m.Type(name)
	}
	if p.Type == nil {
		return nil, fmt.Errorf("unknown type %s", facts.Type)
	}
	if p.Source == "" {
		p.Source = owner.Source
	}
	switch p.Pattern {
	case "":
	case guidPattern:
		p.GUID = true
	case optionalGUIDPattern:
		p.GUID, p.Optional = true, true
	default:
		return nil, fmt.Errorf("no rule explains the pattern %s", p.Pattern)
	}
	if e, ok := a.Find("Lint.ServerManaged"); ok {
		switch e.EnumMember {
		case "Lint.Management/Clock":
			p.Management = Clock
		case "Lint.Management/State":
			p.Management = State
		default:
			return nil, fmt.Errorf("unknown member %s of Lint.ServerManaged", e.EnumMember)
		}
	}
	if e, ok := a.Find("Core.Example"); ok {
		p.Example = e.Property("Value").String
	}
	if e, ok := a.Find("Core.Revisions"); ok {
		for _, revision := range e.Items {
			if revision.Property("Kind").EnumMember == "Core.RevisionKind/Deprecated" {
				p.Deprecated, p.DeprecatedSince = revision.Property("Description").String, revision.Property("Version").String
			}
		}
	}
	return p, nil
}

func collectionOf(name string) (element string, many bool) {
	if inner, ok := strings.CutPrefix(name, "Collection("); ok {
		return strings.TrimSuffix(inner, ")"), true
	}
	return name, false
}
