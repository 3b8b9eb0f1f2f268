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

// Compile writes the facts of a metadata document. The error is a *csdl.Error: a
// type is declared twice, derived from itself, or refers to one that the document
// does not have.
func Compile(doc *csdl.Document, version, revision string) (string, error) {
	c := compiler{
		doc: doc, types: make(map[string]csdl.Structured), derived: make(map[string][]string),
		outside: make(map[string]csdl.Annotations), operations: make(map[string][]string), known: make(map[string]bool),
	}
	if err := c.index(); err != nil {
		return "", err
	}
	if err := c.check(); err != nil {
		return "", err
	}
	lines, err := c.lines()
	if err != nil {
		return "", err
	}
	slices.SortFunc(lines, func(a, b string) int {
		x, _, _ := strings.Cut(a, " ")
		y, _, _ := strings.Cut(b, " ")
		return cmp.Compare(x, y)
	})
	head := fmt.Sprintf("patchlint-facts 1 %s %s", version, revision)
	for _, s := range doc.Schemas {
		head += " " + s.Alias + "=" + s.Namespace
	}
	return head + "\n" + strings.Join(append(lines, ""), "\n"), nil
}

type compiler struct {
	doc        *csdl.Document
	types      map[string]csdl.Structured // structured types by their name in the facts
	known      map[string]bool            // every type
	derived    map[string][]string
	outside    map[string]csdl.Annotations // by target
	operations map[string][]string         // by the type they are bound to
}

// qualified replaces an alias in a name by the namespace it stands for.
func (c *compiler) qualified(name string) string {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return name
	}
	for _, s := range c.doc.Schemas {
		if s.Alias != "" && s.Alias == name[:i] {
			return s.Namespace + name[i:]
		}
	}
	return name
}

// short returns a type's name in the facts.
func (c *compiler) short(name string) string {
	return strings.TrimPrefix(c.qualified(name), c.doc.Schemas[0].Namespace+".")
}

// Element returns the type of the elements of a collection, or the type itself.
func Element(of string) (name string, collection bool) {
	inner, ok := strings.CutPrefix(of, "Collection(")
	return strings.TrimSuffix(inner, ")"), ok
}

func (c *compiler) index() error {
	var twice error
	declare := func(name string, at int) {
		if c.known[name] && twice == nil {
			twice = c.doc.Fault(at, "%s is declared twice", name)
		}
		c.known[name] = true
	}
	for _, s := range c.doc.Schemas {
		for _, t := range slices.Concat(s.EntityTypes, s.ComplexTypes) {
			name := c.short(s.Namespace + "." + t.Name)
			declare(name, t.At)
			c.types[name] = t
			if t.BaseType != "" {
				base := c.short(t.BaseType)
				c.derived[base] = append(c.derived[base], name)
			}
		}
		for _, e := range s.EnumTypes {
			declare(c.short(s.Namespace+"."+e.Name), e.At)
		}
		for _, d := range s.TypeDefinitions {
			declare(c.short(s.Namespace+"."+d.Name), d.At)
		}
		for _, o := range s.Operations {
			if binding, _ := Element(o.Binding); binding != "" && !slices.Contains(c.operations[c.short(binding)], o.Name) {
				c.operations[c.short(binding)] = append(c.operations[c.short(binding)], o.Name)
			}
		}
	}
	for _, o := range c.doc.Outside {
		path, member, ok := strings.Cut(o.Target, "/")
		key := c.short(path)
		if ok {
			key += "/" + member
		}
		c.outside[key] = append(c.outside[key], o.Annotations...)
	}
	return twice
}

// maxBases is how many base types a type may have; Graph needs six.
const maxBases = 64

// check refuses unknown base types, cycles of them, and too many.
func (c *compiler) check() error {
	for _, name := range slices.Sorted(maps.Keys(c.types)) {
		seen := map[string]bool{name: true}
		first := c.types[name]
		for t := first; t.BaseType != ""; {
			base := c.short(t.BaseType)
			next, ok := c.types[base]
			switch {
			case !ok:
				return c.doc.Fault(t.At, "unknown base type %s of %s", t.BaseType, t.Name)
			case seen[base]:
				return c.doc.Fault(t.At, "%s is derived from itself", t.Name)
			case len(seen) > maxBases:
				return c.doc.Fault(first.At, "%s has more than %d base types", name, maxBases)
			}
			seen[base], t = true, next
		}
	}
	return nil
}

// abstract are the types of OData whose values can be of several forms (OData CSDL
// XML, 4.5), whose values are not checked, as those of places on Earth are not.
var abstract = map[string]bool{"Edm.PrimitiveType": true, "Edm.ComplexType": true, "Edm.EntityType": true}

// reference writes a type as a property refers to it.
func (c *compiler) reference(name string, at int) (string, error) {
	inner, collection := Element(name)
	text := ""
	if collection {
		text = "*"
	}
	if letter, ok := letters[inner]; ok {
		return text + string(letter), nil
	}
	if abstract[inner] || strings.HasPrefix(inner, "Edm.Geo") {
		return text + string(letters["Edm.Untyped"]), nil
	}
	short := c.short(inner)
	if !c.known[short] {
		return "", c.doc.Fault(at, "unknown type %s", name)
	}
	if len(short) == 1 { // not a primitive type
		short = "." + short
	}
	return text + short, nil
}

func (c *compiler) lines() (lines []string, err error) {
	for _, s := range c.doc.Schemas {
		for i, t := range slices.Concat(s.EntityTypes, s.ComplexTypes) {
			kind := Complex
			if i < len(s.EntityTypes) {
				kind = Entity
			}
			line, err := c.structured(c.short(s.Namespace+"."+t.Name), t, kind)
			if err != nil {
				return nil, err
			}
			lines = append(lines, line)
		}
		for _, e := range s.EnumTypes {
			lines = append(lines, enum(c.short(s.Namespace+"."+e.Name), e))
		}
		for _, d := range s.TypeDefinitions {
			of, err := c.reference(d.UnderlyingType, d.At)
			if err != nil {
				return nil, err
			}
			if letters[d.UnderlyingType] == 0 {
				return nil, c.doc.Fault(d.At, "the underlying type of %s is not primitive", d.Name)
			}
			lines = append(lines, c.short(s.Namespace+"."+d.Name)+" T "+of)
		}
		for _, root := range s.Container.Singletons {
			of, err := c.reference(root.Type, root.At)
			if err != nil {
				return nil, err
			}
			lines = append(lines, "/"+root.Name+" "+of)
		}
		for _, root := range s.Container.EntitySets {
			of, err := c.reference("Collection("+root.Type+")", root.At)
			if err != nil {
				return nil, err
			}
			lines = append(lines, "/"+root.Name+" "+of)
		}
	}
	return lines, nil
}

func (c *compiler) structured(name string, t csdl.Structured, kind Kind) (string, error) {
	var b strings.Builder
	b.WriteString(name + " " + string(kind))
	if t.Abstract {
		b.WriteByte('a')
	}
	if t.OpenType {
		b.WriteByte('o')
	}
	b.WriteString(deprecation(slices.Concat(t.Annotations, c.outside[name])))
	derived := slices.Sorted(slices.Values(c.derived[name]))
	b.WriteString(" " + cmp.Or(c.short(t.BaseType), "-") + " " + cmp.Or(strings.Join(derived, ","), "-"))
	for _, p := range t.Properties {
		of, err := c.reference(p.Type, p.At)
		if err != nil {
			return "", err
		}
		b.WriteString(" " + p.Name + ":" + of + c.marks(name, p, slices.Contains(t.Key, p.Name)))
	}
	for _, n := range t.Navigation {
		of, err := c.reference(n.Type, n.At)
		if err != nil {
			return "", err
		}
		separator := "-"
		if n.ContainsTarget {
			separator = ">"
		}
		b.WriteString(" " + n.Name + separator + of)
	}
	for _, o := range slices.Sorted(slices.Values(c.operations[name])) {
		b.WriteString(" " + o + "()")
	}
	return b.String(), nil
}

// marks writes what annotations say of a property, where it is declared or
// outside.
func (c *compiler) marks(owner string, p csdl.Property, key bool) string {
	a := slices.Concat(p.Annotations, c.outside[owner+"/"+p.Name])
	text := ""
	if p.Nullable != nil && !*p.Nullable {
		text += "!"
	}
	if key || a.True("Core.Computed") {
		text += "="
	}
	if e, ok := a.Find("Core.Permissions"); ok && strings.HasSuffix(e.EnumMember, "/Read") {
		text += "~"
	}
	if a.True("Core.Immutable") {
		text += "^"
	}
	return text + deprecation(a)
}

// deprecation writes since when something is deprecated.
func deprecation(a csdl.Annotations) string {
	revisions, _ := a.Find("Core.Revisions")
	for _, r := range revisions.Items {
		if strings.HasSuffix(r.Property("Kind").EnumMember, "/Deprecated") {
			if date := r.Property("Date").String; len(date) == len(time.DateOnly) && strings.Trim(date, "-0123456789") == "" {
				return "%" + date
			}
			return "%-"
		}
	}
	return ""
}

func enum(name string, e csdl.EnumType) string {
	var b strings.Builder
	b.WriteString(name + " N")
	if e.IsFlags {
		b.WriteByte('f')
	}
	b.WriteString(" -")
	next := int64(0)
	for _, m := range e.Members {
		b.WriteString(" " + m.Name)
		if m.Value != next {
			b.WriteString("=" + strconv.FormatInt(m.Value, 10))
		}
		next = m.Value + 1
	}
	return b.String()
}
