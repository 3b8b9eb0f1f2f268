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

// Compile returns the facts of a metadata document as text. It returns a *csdl.Error if a
// type is declared twice, is derived from itself, or refers to an unknown type.
func Compile(doc *csdl.Document, version, revision string) (string, error) {
	head := fmt.Sprintf("patchlint-facts 1 %s %s", version, revision)
	for _, s := range doc.Schemas {
		head += " " + s.Alias + "=" + s.Namespace
	}
	named, err := Open(head + "\n")
	if err != nil {
		return "", err
	}
	c := compiler{
		doc: doc, short: named.Short, types: make(map[string]csdl.Structured), derived: make(map[string][]string),
		outside: make(map[string]csdl.Annotations), operations: make(map[string][]string), known: make(map[string]bool),
	}
	c.index()
	c.check()
	lines := c.lines()
	if c.err != nil {
		return "", c.err
	}
	slices.SortFunc(lines, func(a, b string) int {
		x, _, _ := strings.Cut(a, " ")
		y, _, _ := strings.Cut(b, " ")
		return cmp.Compare(x, y)
	})
	return head + "\n" + strings.Join(append(lines, ""), "\n"), nil
}

type compiler struct {
	short      func(name string) string // returns the name of a type in the facts
	doc        *csdl.Document
	types      map[string]csdl.Structured // structured types by name in the facts
	known      map[string]bool            // all types
	derived    map[string][]string
	outside    map[string]csdl.Annotations // by target
	operations map[string][]string         // by the type that they are bound to
	err        error                       // the first error
}

// fault fails with an error about an offset of the document.
func (c *compiler) fault(at int, format string, args ...any) {
	if c.err == nil {
		c.err = c.doc.Fault(at, format, args...)
	}
}

// Element returns the type of the elements of a collection, or any other type unchanged.
func Element(of string) (name string, collection bool) {
	inner, ok := strings.CutPrefix(of, "Collection(")
	return strings.TrimSuffix(inner, ")"), ok
}

func (c *compiler) index() {
	declare := func(name string, at int) {
		if c.known[name] {
			c.fault(at, "%s is declared twice", name)
		}
		c.known[name] = true
	}
	for _, s := range c.doc.Schemas {
		for _, t := range s.Types {
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
			if binding, _ := Element(o.Binding); binding != "" {
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
}

// maxBases is the maximum number of base types of a type; Graph needs six.
const maxBases = 64

// check fails if base types are unknown, form a cycle, or are too many.
func (c *compiler) check() {
	for _, name := range slices.Sorted(maps.Keys(c.types)) {
		seen := map[string]bool{name: true}
		first := c.types[name]
		for t := first; t.BaseType != ""; {
			base := c.short(t.BaseType)
			next, ok := c.types[base]
			switch {
			case !ok:
				c.fault(t.At, "unknown base type %s of %s", t.BaseType, t.Name)
				return
			case seen[base]:
				c.fault(t.At, "%s is derived from itself", t.Name)
				return
			case len(seen) > maxBases:
				c.fault(first.At, "%s has more than %d base types", name, maxBases)
				return
			}
			seen[base], t = true, next
		}
	}
}

// unchecked reports whether values of a type are not checked: those of abstract types
// (OData CSDL XML, 4.5) and of geographic types.
func unchecked(name string) bool {
	switch name {
	case "Edm.PrimitiveType", "Edm.ComplexType", "Edm.EntityType":
		return true
	}
	return strings.HasPrefix(name, "Edm.Geo")
}

// reference returns a type in the notation of facts.
func (c *compiler) reference(name string, at int) string {
	inner, collection := Element(name)
	text := ""
	if collection {
		text = "*"
	}
	if unchecked(inner) {
		inner = "Edm.Untyped"
	}
	if letter := letter(inner); letter != "" {
		return text + letter
	}
	short := c.short(inner)
	if !c.known[short] {
		c.fault(at, "unknown type %s", name)
	}
	if len(short) == 1 { // not a primitive type
		short = "." + short
	}
	return text + short
}

func (c *compiler) lines() (lines []string) {
	for _, s := range c.doc.Schemas {
		for _, t := range s.Types {
			lines = append(lines, c.structured(c.short(s.Namespace+"."+t.Name), t))
		}
		for _, e := range s.EnumTypes {
			lines = append(lines, enum(c.short(s.Namespace+"."+e.Name), e))
		}
		for _, d := range s.TypeDefinitions {
			of := c.reference(d.UnderlyingType, d.At)
			if letter(d.UnderlyingType) == "" {
				c.fault(d.At, "the underlying type of %s is not primitive", d.Name)
			}
			lines = append(lines, c.short(s.Namespace+"."+d.Name)+" T "+of)
		}
		for _, root := range s.Roots {
			lines = append(lines, "/"+root.Name+" "+c.reference(root.Type, root.At))
		}
	}
	return lines
}

func (c *compiler) structured(name string, t csdl.Structured) string {
	kind := Complex
	if t.Entity {
		kind = Entity
	}
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
		switch {
		case p.ContainsTarget:
			b.WriteString(" " + p.Name + ">" + c.reference(p.Type, p.At))
		case p.Navigation:
			b.WriteString(" " + p.Name + "-" + c.reference(p.Type, p.At))
		default:
			b.WriteString(" " + p.Name + ":" + c.reference(p.Type, p.At) + c.marks(name, p, slices.Contains(t.Key, p.Name)))
		}
	}
	for _, o := range slices.Compact(slices.Sorted(slices.Values(c.operations[name]))) { // each overload
		b.WriteString(" " + o + "()")
	}
	return b.String()
}

// marks returns the marks of a property, by its attributes and annotations.
func (c *compiler) marks(owner string, p csdl.Property, key bool) string {
	a := slices.Concat(p.Annotations, c.outside[owner+"/"+p.Name])
	text := ""
	if p.NotNull {
		text += "!"
	}
	switch {
	case key:
		text += "#"
	case a.True("Core.Computed"):
		text += "="
	}
	if e, ok := a.Find("Core.Permissions"); ok && strings.HasSuffix(e.Text, "/Read") {
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
