package facts

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/patchlint/patchlint/internal/csdl"
)

// Graph is the main namespace of Microsoft Graph.
const Graph = "microsoft.graph"

// Compile returns the facts of a metadata document as text. If the document was derived
// from sources without annotations, published are the facts of another version: they say
// which properties are Computed or read-only, and confirm the values of members of
// enumerations; id is the key. Otherwise, published is nil. Compile returns a *csdl.Error if
// a name is declared twice, a type is derived from itself, or a type is unknown.
func Compile(doc *csdl.Document, version, revision string, published *Facts) (string, error) {
	head := fmt.Sprintf("patchlint-facts 1 %s %s", version, revision)
	schemas := slices.Clone(doc.Schemas)
	if i := slices.IndexFunc(schemas, func(s *csdl.Schema) bool { return s.Namespace == Graph }); i > 0 {
		schemas[0], schemas[i] = schemas[i], schemas[0] // their order means nothing, but that of the namespaces in the facts does
	}
	for _, s := range schemas {
		head += " " + s.Alias + "=" + s.Namespace
	}
	c := compiler{
		doc: doc, facts: Open(head), published: published, types: make(map[string]*csdl.Structured, 1<<12), derived: make(map[string][]string),
		outside: make(map[element]csdl.Annotations), operations: make(map[string][]csdl.Operation),
	}
	c.index()
	if c.check(); c.err != nil { // lines follows base types to their end
		return "", c.err
	}
	lines := c.lines()
	if c.err != nil {
		return "", c.err
	}
	slices.Sort(lines) // by name: a space sorts before any character of a name
	return strings.Join(slices.Concat([]string{head}, lines, []string{""}), "\n"), nil
}

type compiler struct {
	facts      *Facts // only the header
	published  *Facts // or nil: see Compile
	doc        *csdl.Document
	types      map[string]*csdl.Structured // by name in the facts; nil for types that are not structured
	derived    map[string][]string
	outside    map[element]csdl.Annotations
	operations map[string][]csdl.Operation // by the type that they are bound to
	err        error                       // the first error
}

// element is a member of a type, or the type itself if member is "".
type element struct{ of, member string }

// fault fails with an error about an offset of the document.
func (c *compiler) fault(at int, format string, args ...any) {
	if c.err == nil {
		c.err = c.doc.Fault(at, format, args...)
	}
}

// nameIn returns the name in the facts of a type of a schema.
func (c *compiler) nameIn(s *csdl.Schema, name string) string {
	return c.facts.Short(s.Namespace + "." + name)
}

// declare adds a name to those of one kind, and fails if it is declared twice (OData CSDL
// XML, 7, 8, 10.3 and 13).
func declare[T any](c *compiler, in map[string]T, name string, as T, at int) {
	if _, ok := in[name]; ok {
		c.fault(at, "%s is declared twice", name)
	}
	in[name] = as
}

// Element returns the type of the elements of a collection, or any other type unchanged.
func Element(of string) (name string, collection bool) {
	inner, ok := strings.CutPrefix(of, "Collection(")
	return strings.TrimSuffix(inner, ")"), ok
}

func (c *compiler) index() {
	for _, s := range c.doc.Schemas {
		for _, t := range s.Types {
			name := c.nameIn(s, t.Name)
			declare(c, c.types, name, t, t.At)
			if t.BaseType != "" {
				base := c.facts.Short(t.BaseType)
				c.derived[base] = append(c.derived[base], name)
			}
		}
		for _, e := range s.EnumTypes {
			declare(c, c.types, c.nameIn(s, e.Name), nil, e.At)
		}
		for _, d := range s.TypeDefinitions {
			declare(c, c.types, c.nameIn(s, d.Name), nil, d.At)
		}
		for _, o := range s.Operations {
			binding, collection := Element(o.Binding)
			if collection {
				o.Returns = "" // it does not follow an object
			}
			if binding != "" {
				of := c.facts.Short(binding)
				c.operations[of] = append(c.operations[of], o)
			}
		}
	}
	for _, o := range c.doc.Outside {
		path, member, _ := strings.Cut(o.Target, "/")
		target := element{c.facts.Short(path), member}
		c.outside[target] = append(c.outside[target], o.Annotations...)
	}
}

// maxBases is the maximum number of base types of a type; Graph needs six.
const maxBases = 64

// check fails if base types are unknown, form a cycle, or are too many.
func (c *compiler) check() {
	var seen []string
	for _, name := range slices.Sorted(maps.Keys(c.types)) {
		first := c.types[name]
		seen = append(seen[:0], name)
		for t := first; t != nil && t.BaseType != ""; {
			base := c.facts.Short(t.BaseType)
			next := c.types[base]
			switch {
			case next == nil:
				c.fault(t.At, "unknown base type %s of %s", t.BaseType, t.Name)
				return
			case slices.Contains(seen, base):
				c.fault(t.At, "%s is derived from itself", t.Name)
				return
			case len(seen) > maxBases:
				c.fault(first.At, "%s has more than %d base types", name, maxBases)
				return
			}
			seen, t = append(seen, base), next
		}
	}
}

// unchecked are the abstract types (OData CSDL XML, 4.5), whose values are not checked.
// Values of geographic types are not checked either.
var unchecked = []string{"Edm.PrimitiveType", "Edm.ComplexType", "Edm.EntityType"}

// reference returns a type in the notation of facts.
func (c *compiler) reference(name string, at int) string {
	inner, collection := Element(name)
	text := ""
	if collection {
		text = "*"
	}
	if slices.Contains(unchecked, inner) || strings.HasPrefix(inner, "Edm.Geo") {
		inner = "Edm.Untyped"
	}
	if letter := letter(inner); letter != "" {
		return text + letter
	}
	short := c.facts.Short(inner)
	if _, ok := c.types[short]; !ok {
		c.fault(at, "unknown type %s", name)
	}
	if len(short) == 1 { // not a primitive type
		short = "." + short
	}
	return text + short
}

func (c *compiler) lines() []string {
	var lines []string
	roots := make(map[string]bool)
	for _, s := range c.doc.Schemas {
		for _, t := range s.Types {
			lines = append(lines, c.structured(c.nameIn(s, t.Name), t))
		}
		for _, e := range s.EnumTypes {
			lines = append(lines, c.enum(c.nameIn(s, e.Name), e))
		}
		for _, d := range s.TypeDefinitions {
			of := c.reference(d.Type, d.At)
			if letter(d.Type) == "" {
				c.fault(d.At, "the underlying type of %s is not primitive", d.Name)
			}
			lines = append(lines, c.nameIn(s, d.Name)+" T "+of)
		}
		for _, root := range s.Roots {
			declare(c, roots, root.Name, true, root.At)
			lines = append(lines, "/"+root.Name+" "+c.reference(root.Type, root.At))
		}
	}
	return lines
}

func (c *compiler) structured(name string, t *csdl.Structured) string {
	kind := Complex
	if t.Entity {
		kind = Entity
	}
	about := string(kind)
	if t.Abstract {
		about += "a"
	}
	if t.OpenType {
		about += "o"
	}
	about += deprecation(c.annotations(t.Annotations, name, ""))
	derived := slices.Sorted(slices.Values(c.derived[name]))
	line := []string{name, about, cmp.Or(c.facts.Short(t.BaseType), "-"), cmp.Or(strings.Join(derived, ","), "-")}
	known := c.known(name)
	names := make(map[string]bool, len(t.Properties))
	for _, p := range t.Properties {
		// Derived documents do not state keys.
		key := slices.Contains(t.Key, p.Name) || c.published != nil && p.Name == "id" && t.Entity
		declare(c, names, p.Name, true, p.At)
		switch of := c.reference(p.Type, p.At); {
		case p.ContainsTarget:
			line = append(line, p.Name+">"+of)
		case p.Navigation:
			line = append(line, p.Name+"-"+of)
		default:
			line = append(line, p.Name+":"+of+c.marks(name, p, key, known))
		}
	}
	operations := c.operations[name]
	slices.SortStableFunc(operations, func(a, b csdl.Operation) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(min(len(b.Returns), 1), min(len(a.Returns), 1)))
	})
	// Of the overloads of a name, the first that returns an object counts.
	for _, o := range slices.CompactFunc(operations, func(a, b csdl.Operation) bool { return a.Name == b.Name }) {
		returns := c.facts.Short(o.Returns)
		if t := c.types[returns]; t == nil || !t.Entity {
			returns = ""
		}
		line = append(line, o.Name+"()"+returns)
	}
	return strings.Join(line, " ")
}

// annotations returns the annotations inside a type or a member of it, and those outside.
func (c *compiler) annotations(inside csdl.Annotations, owner, member string) csdl.Annotations {
	if outside := c.outside[element{owner, member}]; len(outside) > 0 {
		return slices.Concat(inside, outside)
	}
	return inside
}

// known returns the published type of a name, or the zero Type.
func (c *compiler) known(name string) (t Type) {
	if c.published != nil {
		t, _ = c.published.Type(name)
	}
	return t
}

// marks returns the marks of a property, by its attributes and annotations, and by what is
// known of its type.
func (c *compiler) marks(owner string, p csdl.Property, key bool, known Type) string {
	a := c.annotations(p.Annotations, owner, p.Name)
	var published Property
	if i := slices.IndexFunc(known.Properties, func(q Property) bool { return q.Name == p.Name }); i >= 0 {
		published = known.Properties[i]
	}
	text := ""
	if p.NotNull {
		text += "!"
	}
	switch {
	case key || published.Key:
		text += "#"
	case a.True("Core.Computed"), published.Computed:
		text += "="
	}
	if e, ok := a.Find("Core.Permissions"); ok && strings.HasSuffix(e.Text, "/Read") && !strings.ContainsAny(e.Text, " \t\r\n") || published.Read {
		text += "~"
	}
	if a.True("Core.Immutable") {
		text += "^"
	}
	return text + deprecation(a)
}

// deprecation returns the mark for a deprecated element with the date, or "".
func deprecation(a csdl.Annotations) string {
	revisions, _ := a.Find("Core.Revisions")
	for _, r := range revisions.Items {
		if strings.HasSuffix(r.Property("Kind").Text, "/Deprecated") {
			if date := r.Property("Date").Text; len(date) == len(time.DateOnly) && strings.Trim(date, "-0123456789") == "" {
				return "%" + date
			}
			return "%-"
		}
	}
	return ""
}

func (c *compiler) enum(name string, e csdl.EnumType) string {
	line := []string{name, string(Enum), "-"}
	if e.IsFlags {
		line[1] += "f"
	}
	next := int64(0)
	known := c.known(name)
	names := make(map[string]bool, len(e.Members))
	for _, m := range e.Members {
		declare(c, names, m.Name, true, e.At)
		member := m.Name
		switch {
		case c.published != nil && !slices.Contains(known.Members, Member{Name: m.Name, Value: strconv.FormatInt(m.Value, 10)}):
			member += "=?"
		case m.Value != next:
			member += "=" + strconv.FormatInt(m.Value, 10)
		}
		line = append(line, member)
		next = m.Value + 1
	}
	return strings.Join(line, " ")
}
