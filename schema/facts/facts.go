// Package facts keeps what metadata says of types as text that is searched
// where it is: one line for each type, entity set and singleton, sorted by
// name. Nothing is read when a text is opened, and of a type only its own line
// when it is asked for; and git shows what an update of the metadata changes.
//
//	patchlint-facts 1 v1.0 2026-08-20 graph=microsoft.graph =microsoft.graph.search
//	/users *user
//	deviceManagement E entity - settings:deviceManagementSettings users>*user
//	weekIndex N - first second third fourth last
//	week E entity,month day:i!# note:s= assign()
//
// The header names the version, the date, and the namespaces with their aliases.
// A name in the first of them is written without it. Of a type there follow:
//
//   - E for an entity type, C for a complex type, N for an enumeration, T for a
//     type definition, with a for abstract, o for open, f for flags, and % with
//     a date where it is deprecated;
//   - its base type, or -;
//   - the types that are directly derived from it, with commas, or -;
//   - its members: a property as name:type, a navigation property as name>type
//     where it is contained and name-type where it is not, an operation that is
//     bound to it as name(), a member of an enumeration as its name, with =value
//     where that is not one more than the value before.
//
// A type starts with * for a collection. Primitive types are one letter each; a
// type whose name is one letter has a dot before it. After the type of a property
// come ! when it is not nullable, # when it is the key or a part of it, = when it is
// Computed besides, ~ when Permissions says Read, ^ when it is Immutable, and % with
// the date of the revision that deprecates it.
package facts

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// primitive are the primitive types (OData CSDL XML, 3.3) by the letter for each.
var primitive = [128]string{
	's': "Edm.String", 'b': "Edm.Boolean", 't': "Edm.DateTimeOffset", 'D': "Edm.Date", 'T': "Edm.TimeOfDay", 'u': "Edm.Duration",
	'g': "Edm.Guid", 'y': "Edm.Byte", 'Y': "Edm.SByte", 'h': "Edm.Int16", 'i': "Edm.Int32", 'l': "Edm.Int64",
	'f': "Edm.Single", 'd': "Edm.Double", 'n': "Edm.Decimal", 'x': "Edm.Binary", 'm': "Edm.Stream", 'a': "Edm.Untyped",
}

// letter returns the letter for a primitive type, "" for any other.
func letter(name string) string {
	if i := slices.Index(primitive[:], name); i >= 0 && name != "" {
		return string(rune(i))
	}
	return ""
}

// Facts are an open text.
type Facts struct {
	// Version is the API version, Revision the date of the metadata as
	// YYYY-MM-DD, Namespace and Alias what most types are named with.
	Version, Revision, Namespace, Alias string

	declared string // the namespaces, as the header has them
	lines    string
}

// Open opens a text. It looks at the first line only.
func Open(text string) (*Facts, error) {
	head, lines, ok := strings.Cut(text, "\n")
	fields := strings.SplitN(head, " ", 5)
	if !ok || len(fields) < 5 || fields[0] != "patchlint-facts" || fields[1] != "1" {
		return nil, errors.New("not facts of a version that can be read")
	}
	f := &Facts{Version: fields[2], Revision: fields[3], declared: fields[4], lines: lines}
	for f.Alias, f.Namespace = range f.namespaces {
		break
	}
	return f, nil
}

// namespaces yields the namespaces with their aliases.
func (f *Facts) namespaces(yield func(alias, name string) bool) {
	for field := range strings.SplitSeq(f.declared, " ") {
		if alias, name, _ := strings.Cut(field, "="); !yield(alias, name) {
			return
		}
	}
}

// find returns what the line of a name says after it.
func (f *Facts) find(name string) (rest string, ok bool) {
	low, high := 0, len(f.lines) // where lines start
	for low < high {
		middle := (low + high) / 2
		start := middle + strings.IndexByte(f.lines[middle:], '\n') + 1 // every line ends with one
		if start == high {                                              // the last of them has the middle
			start = low + strings.LastIndexByte(f.lines[low:middle], '\n') + 1
		}
		key, rest, _ := strings.Cut(f.lines[start:], " ")
		switch strings.Compare(key, name) {
		case 0:
			return rest[:strings.IndexByte(rest, '\n')], true
		case -1:
			low = start + len(key) + 1 + strings.IndexByte(rest, '\n') + 1
		default:
			high = start
		}
	}
	return "", false
}

// Short returns a qualified name, by namespace or alias, as the facts have it.
func (f *Facts) Short(name string) string {
	if rest, ok := strings.CutPrefix(name, f.Namespace+"."); ok {
		return rest
	}
	i := strings.LastIndexByte(name, '.')
	for alias, namespace := range f.namespaces {
		if i > 0 && alias == name[:i] {
			return strings.TrimPrefix(namespace+".", f.Namespace+".") + name[i+1:]
		}
	}
	return name
}

// Full returns the qualified name for one that the facts have.
func (f *Facts) Full(name string) string {
	for _, namespace := range f.namespaces {
		if rest, ok := strings.CutPrefix(name, namespace); ok && strings.HasPrefix(rest, ".") {
			return name
		}
	}
	return f.Namespace + "." + name
}

// Declares reports whether a namespace, or an alias of one, declares types.
func (f *Facts) Declares(namespace string) bool {
	for alias, name := range f.namespaces {
		if namespace != "" && (alias == namespace || name == namespace) {
			return true
		}
	}
	return false
}

// AliasOf returns the alias of a namespace, "" where it has none.
func (f *Facts) AliasOf(namespace string) string {
	for alias, name := range f.namespaces {
		if name == namespace {
			return alias
		}
	}
	return ""
}

// Names yields the names of all types in their order.
func (f *Facts) Names(yield func(name string, kind Kind) bool) {
	for line := range strings.Lines(f.lines) {
		if name, rest, _ := strings.Cut(line, " "); name[0] != '/' && !yield(name, Kind(rest[0])) {
			return
		}
	}
}

// Roots yields the entity sets and singletons with their types.
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

// Root returns the type of an entity set or singleton.
func (f *Facts) Root(name string) (Reference, bool) {
	rest, ok := f.find("/" + name)
	return reference(rest), ok
}

// Kind says what a name is of.
type Kind byte

const (
	Entity     Kind = 'E'
	Complex    Kind = 'C'
	Enum       Kind = 'N'
	Definition Kind = 'T'
)

// Reference is a type as a property refers to it. A primitive type has its name
// with "Edm.", any other its name in the facts.
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

// Type is the line of a type.
type Type struct {
	Name                  string
	Kind                  Kind
	Abstract, Open, Flags bool
	Base                  string // "" for none
	Derived               Names  // directly
	Properties            []Property
	Operations            []string
	Members               []Member // of an enumeration
	Underlying            Reference
	Deprecated            string // since when, as YYYY-MM-DD
}

// Names are names with commas between them: nearly every type is derived from entity,
// and few ask which ones.
type Names string

// List returns the names one by one.
func (n Names) List() []string {
	if n == "" {
		return nil
	}
	return strings.Split(string(n), ",")
}

// Property is a property or a navigation property.
type Property struct {
	Name                      string
	Type                      Reference
	NotNull                   bool
	Navigation, Contained     bool
	Key                       bool // Computed, too
	Computed, Read, Immutable bool
	Deprecated                string // since when, as YYYY-MM-DD
}

// Member is a member of an enumeration.
type Member struct {
	Name  string
	Value int64
}

// Has reports whether there is a type of that name.
func (f *Facts) Has(name string) bool {
	_, ok := f.find(name)
	return ok && name != "" && name[0] != '/'
}

// Type returns what is known of a type.
func (f *Facts) Type(name string) (t Type, ok bool) {
	rest, ok := f.find(name)
	if !ok || name == "" || name[0] == '/' {
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
		t.Derived = Names(fields[2])
	}
	t.Properties = make([]Property, 0, len(fields)-3)
	for _, field := range fields[3:] {
		if operation, ok := strings.CutSuffix(field, "()"); ok {
			t.Operations = append(t.Operations, operation)
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
		if given {
			next, _ = strconv.ParseInt(value, 10, 64) // as Compile wrote it
		}
		list[i] = Member{name, next}
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
	said, date, _ := strings.Cut(field[at:], "%")
	p.NotNull, p.Key, p.Computed = strings.Contains(said, "!"), strings.Contains(said, "#"), strings.ContainsAny(said, "#=")
	p.Read, p.Immutable, p.Deprecated = strings.Contains(said, "~"), strings.Contains(said, "^"), date
	return p
}

// The facts that are embedded.
var (
	//go:embed v1.0.facts
	v1 string
	//go:embed beta.facts
	beta string
)

// Embedded returns the facts of an API version, "v1.0" or "beta".
func Embedded(version string) (*Facts, error) {
	switch version {
	case "v1.0":
		return Open(v1)
	case "beta":
		return Open(beta)
	}
	return nil, fmt.Errorf("no embedded facts of version %s", version)
}
