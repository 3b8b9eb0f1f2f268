package facts

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint/internal/csdl"
)

// Compile writes the facts of a metadata document. The error names a type that
// refers to one that the document does not have, or a cycle of base types.
func Compile(doc *csdl.Document, version, revision string) (string, error) {
	c := compiler{
		doc: doc, types: make(map[string]csdl.Structured), derived: make(map[string][]string),
		outside: make(map[string]csdl.Annotations), operations: make(map[string][]string), known: make(map[string]bool),
	}
	c.index()
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
	return head + "\n" + strings.Join(lines, "\n") + "\n", nil
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

func (c *compiler) index() {
	for _, s := range c.doc.Schemas {
		for _, t := range slices.Concat(s.EntityTypes, s.ComplexTypes) {
			name := c.short(s.Namespace + "." + t.Name)
			c.types[name], c.known[name] = t, true
			if t.BaseType != "" {
				base := c.short(t.BaseType)
				c.derived[base] = append(c.derived[base], name)
			}
		}
		for _, e := range s.EnumTypes {
			c.known[c.short(s.Namespace+"."+e.Name)] = true
		}
		for _, d := range s.TypeDefinitions {
			c.known[c.short(s.Namespace+"."+d.Name)] = true
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
}

// check refuses unknown base types and cycles of them.
func (c *compiler) check() error {
	for _, name := range slices.Sorted(maps.Keys(c.types)) {
		seen := map[string]bool{name: true}
		for t := c.types[name]; t.BaseType != ""; {
			base := c.short(t.BaseType)
			next, ok := c.types[base]
			switch {
			case !ok:
				return fmt.Errorf("%s: unknown base type %s", name, t.BaseType)
			case seen[base]:
				return fmt.Errorf("%s: the type is derived from itself", name)
			}
			seen[base], t = true, next
		}
	}
	return nil
}

// reference writes a type as a property refers to it.
func (c *compiler) reference(name string) (string, error) {
	inner, collection := Element(name)
	text := ""
	if collection {
		text = "*"
	}
	if letter, ok := letters[inner]; ok {
		return text + string(letter), nil
	}
	short := c.short(inner)
	if !c.known[short] {
		return "", fmt.Errorf("unknown type %s", name)
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
			of, err := c.reference(d.UnderlyingType)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", d.Name, err)
			}
			lines = append(lines, c.short(s.Namespace+"."+d.Name)+" T "+of)
		}
		for _, root := range s.Container.Singletons {
			of, err := c.reference(root.Type)
			if err != nil {
				return nil, fmt.Errorf("singleton %s: %w", root.Name, err)
			}
			lines = append(lines, "/"+root.Name+" "+of)
		}
		for _, root := range s.Container.EntitySets {
			of, err := c.reference("Collection(" + root.Type + ")")
			if err != nil {
				return nil, fmt.Errorf("entity set %s: %w", root.Name, err)
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
		of, err := c.reference(p.Type)
		if err != nil {
			return "", fmt.Errorf("%s/%s: %w", name, p.Name, err)
		}
		b.WriteString(" " + p.Name + ":" + of + c.marks(name, p, slices.Contains(t.Key, p.Name)))
	}
	for _, n := range t.Navigation {
		of, err := c.reference(n.Type)
		if err != nil {
			return "", fmt.Errorf("%s/%s: %w", name, n.Name, err)
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
			return "%" + r.Property("Date").String
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
