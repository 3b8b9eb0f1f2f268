// Package facts stores the types of metadata as text: a line for each type, entity set
// and singleton, sorted by name. Opening a text reads only its header, and looking up a
// type reads only its line, found by binary search. Because it is text, a diff shows
// what an update of the metadata changes.
//
//	patchlint-facts 1 v1.0 2026-08-20 graph=microsoft.graph =microsoft.graph.search
//	/users *user
//	deviceManagement E entity - settings:deviceManagementSettings users>*user
//	weekIndex N - first second third fourth last
//	week E entity,month day:i!# note:s= assign()
//
// The header has the version, the date or -, and the namespaces with their aliases. Names
// in the first namespace are unqualified. The line of a type has, after its name:
//
//   - E for an entity type, C for a complex type, N for an enumeration, or T for a
//     type definition, then a for abstract, o for open, f for flags, and % with the
//     date of its deprecation;
//   - its base type, or -;
//   - its directly derived types, separated by commas, or -;
//   - its members: a property as name:type, a contained navigation property as
//     name>type, another as name-type, a bound operation as name(), followed by the type
//     of the object if it is a function that returns an object at which a path can
//     continue, and a member of an enumeration as name, with =value unless that is one
//     more than the value before, or with =? if it is unknown.
//
// A collection starts with *. Primitive types are one letter each; the name of another
// type that has only one letter starts with a dot. After the type of a property, ! means
// that it is not nullable, # that it is the key or a part of it, = that it is Computed
// but not a key, ~ that its Permissions are Read, ^ that it is Immutable, and % is followed
// by the date of its deprecation.
package facts

import (
	"cmp"
	_ "embed"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// primitive are the primitive types (OData CSDL XML, 3.3) by the letter for each.
var primitive = [128]string{
	's': "Edm.String", 'b': "Edm.Boolean", 't': "Edm.DateTimeOffset", 'D': "Edm.Date", 'T': "Edm.TimeOfDay", 'u': "Edm.Duration",
	'g': "Edm.Guid", 'y': "Edm.Byte", 'Y': "Edm.SByte", 'h': "Edm.Int16", 'i': "Edm.Int32", 'l': "Edm.Int64",
	'f': "Edm.Single", 'd': "Edm.Double", 'n': "Edm.Decimal", 'x': "Edm.Binary", 'm': "Edm.Stream", 'a': "Edm.Untyped",
}

// letter returns the letter of a primitive type, or "" for any other type.
func letter(name string) string {
	if i := slices.Index(primitive[:], name); i >= 0 && name != "" {
		return string(rune(i))
	}
	return ""
}

// Facts are the facts of a metadata document.
type Facts struct {
	// Revision is the date of the metadata as YYYY-MM-DD, or "" if it is unknown. Namespace
	// is the first namespace, and Alias its alias.
	Revision, Namespace, Alias string

	prefix     string            // of names in the first namespace
	aliases    map[string]string // by namespace
	namespaces map[string]string // by alias
	lines      string
}

// Open opens a text that Compile wrote. It reads only the header, and panics if that is
// invalid.
func Open(text string) *Facts {
	head, lines, _ := strings.Cut(text, "\n")
	fields := strings.SplitN(head, " ", 5)
	f := &Facts{
		Revision: strings.TrimPrefix(fields[3], "-"), lines: lines,
		aliases: make(map[string]string), namespaces: make(map[string]string),
	}
	for field := range strings.SplitSeq(fields[4], " ") {
		alias, name, _ := strings.Cut(field, "=")
		if f.Namespace == "" {
			f.Namespace, f.Alias, f.prefix = name, alias, name+"."
		}
		if f.aliases[name] = cmp.Or(f.aliases[name], alias); alias != "" {
			f.namespaces[alias] = cmp.Or(f.namespaces[alias], name)
		}
	}
	return f
}

// find returns the line of a type, without its name.
func (f *Facts) find(name string) (rest string, ok bool) {
	// from returns the lines that start at an offset or after it. The text ends with a line feed.
	from := func(at int) string {
		if at == 0 {
			return f.lines
		}
		return f.lines[at+strings.IndexByte(f.lines[at-1:], '\n'):]
	}
	at := sort.Search(len(f.lines), func(at int) bool {
		key, _, _ := strings.Cut(from(at), " ")
		return key >= name || key == ""
	})
	key, rest, _ := strings.Cut(from(at), " ")
	if key != name || name == "" || name[0] == '/' {
		return "", false
	}
	return rest[:strings.IndexByte(rest, '\n')], true
}

// Short returns the name in the facts of a type that is qualified by namespace or alias.
func (f *Facts) Short(name string) string {
	if rest, ok := strings.CutPrefix(name, f.prefix); ok {
		return rest
	}
	i := strings.LastIndexByte(name, '.')
	if i <= 0 || name[:i] == "Edm" { // reserved (OData CSDL XML 4.01, 15.1)
		return name
	}
	switch namespace, ok := f.namespaces[name[:i]]; {
	case !ok:
		return name
	case namespace == f.Namespace:
		return name[i+1:]
	default:
		return strings.TrimPrefix(namespace+".", f.prefix) + name[i+1:]
	}
}

// Full returns the qualified name of a name in the facts.
func (f *Facts) Full(name string) string {
	if _, qualified := f.aliases[name[:max(0, strings.LastIndexByte(name, '.'))]]; qualified { // of another namespace
		return name
	}
	return f.prefix + name
}

// Declares reports whether the facts have a namespace, given by name or alias.
func (f *Facts) Declares(namespace string) bool {
	_, ok := f.aliases[namespace]
	return ok || f.namespaces[namespace] != ""
}

// AliasOf returns the alias of a namespace, or "".
func (f *Facts) AliasOf(namespace string) string { return f.aliases[namespace] }

// Names yields the names and kinds of all types, sorted by name.
func (f *Facts) Names(yield func(name string, kind Kind) bool) {
	for line := range strings.Lines(f.lines) {
		if name, rest, _ := strings.Cut(line, " "); name[0] != '/' && !yield(name, Kind(rest[0])) {
			return
		}
	}
}

// Annotated reports whether a property has the mark of an annotation. In facts of a document
// that was stripped of annotations, none has, although properties may be computed, read-only
// or immutable.
func (f *Facts) Annotated() bool {
	for name := range f.Names {
		t, _ := f.Type(name)
		if slices.ContainsFunc(t.Properties, func(p Property) bool { return !p.Key && (p.Computed || p.Read || p.Immutable) }) {
			return true
		}
	}
	return false
}

// Roots yields the names and types of the entity sets and singletons.
func (f *Facts) Roots(yield func(name string, of Reference) bool) {
	for line := range strings.Lines(f.lines) {
		if line[0] != '/' {
			return
		}
		if name, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " "); !yield(name[1:], reference(rest)) {
			return
		}
	}
}

// Kind is the kind of a type.
type Kind byte

const (
	Entity     Kind = 'E'
	Complex    Kind = 'C'
	Enum       Kind = 'N'
	Definition Kind = 'T'
)

// Reference is a reference to a type. Name is the name in the facts, or that of a
// primitive type with "Edm.".
type Reference struct {
	Name       string
	Collection bool
}

func reference(text string) (r Reference) {
	text, r.Collection = strings.CutPrefix(text, "*")
	if name, short := strings.CutPrefix(text, "."); short {
		r.Name = name
	} else if r.Name = text; len(text) == 1 && text[0] < 128 && primitive[text[0]] != "" {
		r.Name = primitive[text[0]]
	}
	return r
}

// Type is a type.
type Type struct {
	Name                  string
	Kind                  Kind
	Abstract, Open, Flags bool
	Base                  string // or ""
	Derived               string // the directly derived types, separated by commas
	Properties            []Property
	Operations            []Operation
	Members               []Member // of an enumeration
	Underlying            Reference
	Deprecated            string // the date as YYYY-MM-DD, "-" if unknown, or ""
}

// Operation is an action or function that is bound to a type. Returns is the type of the
// object that it returns and that more segments of a path may follow, or "".
type Operation struct{ Name, Returns string }

// Property is a property or a navigation property.
type Property struct {
	Name                      string
	Type                      Reference
	NotNull                   bool
	Navigation, Contained     bool
	Key                       bool // also Computed
	Computed, Read, Immutable bool
	Deprecated                string // the date as YYYY-MM-DD, "-" if unknown, or ""
}

// Member is a member of an enumeration. Value is a decimal number, or "" if it is unknown.
type Member struct{ Name, Value string }

// Has reports whether there is a type of that name.
func (f *Facts) Has(name string) bool {
	_, ok := f.find(name)
	return ok
}

// Type returns the type of that name.
func (f *Facts) Type(name string) (t Type, ok bool) {
	rest, ok := f.find(name)
	if !ok {
		return t, false
	}
	fields := strings.Split(rest, " ")
	kind, date, _ := strings.Cut(fields[0], "%")
	t.Name, t.Kind, t.Deprecated = name, Kind(kind[0]), date
	t.Abstract, t.Open, t.Flags = strings.Contains(kind, "a"), strings.Contains(kind, "o"), strings.Contains(kind, "f")
	if t.Base = fields[1]; t.Base == "-" {
		t.Base = ""
	}
	if t.Kind == Definition {
		t.Base, t.Underlying = "", reference(fields[1])
		return t, true
	}
	if t.Kind == Enum {
		t.Members = members(fields[2:])
		return t, true
	}
	if fields[2] != "-" {
		t.Derived = fields[2]
	}
	t.Properties = make([]Property, 0, len(fields)-3)
	for _, field := range fields[3:] {
		if operation, returns, ok := strings.Cut(field, "()"); ok {
			t.Operations = append(t.Operations, Operation{operation, returns})
		} else {
			t.Properties = append(t.Properties, property(field))
		}
	}
	return t, true
}

func members(fields []string) []Member {
	list := make([]Member, len(fields))
	next := int64(0)
	for i, field := range fields {
		name, value, given := strings.Cut(field, "=")
		switch {
		case value == "?":
			value = ""
		case given:
			next, _ = strconv.ParseInt(value, 10, 64) // cannot fail: Compile wrote it
		default:
			value = strconv.FormatInt(next, 10)
		}
		list[i] = Member{name, value}
		next++
	}
	return list
}

const marks = "!#=~^%"

func property(field string) Property {
	i := strings.IndexAny(field, ":>-")
	p := Property{Name: field[:i], Navigation: field[i] != ':', Contained: field[i] == '>'}
	field = field[i+1:]
	at := strings.IndexAny(field, marks)
	if at < 0 {
		at = len(field)
	}
	p.Type = reference(field[:at])
	set, date, _ := strings.Cut(field[at:], "%")
	p.NotNull, p.Key, p.Computed = strings.Contains(set, "!"), strings.Contains(set, "#"), strings.ContainsAny(set, "#=")
	p.Read, p.Immutable, p.Deprecated = strings.Contains(set, "~"), strings.Contains(set, "^"), date
	return p
}

// The embedded facts.
var (
	//go:embed v1.0.facts
	v1 string
	//go:embed beta.facts
	beta string
)

// Embedded returns the facts of an API version, "v1.0" or "beta". It panics for any other.
func Embedded(version string) *Facts {
	return Open(map[string]string{"v1.0": v1, "beta": beta}[version])
}
