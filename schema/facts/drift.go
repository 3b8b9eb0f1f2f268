package facts

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Difference is a difference between the facts of two documents. Names of types are
// qualified.
type Difference struct {
	// Type is the type that differs, or "" for an entity set or singleton.
	Type string
	// Subject is the kind of element that differs: type, property, navigation property,
	// operation, member (of an enumeration), entity set or singleton. Name is its name,
	// without the namespace for a type.
	Subject, Name string
	// Change is added, removed, or the attribute that changed: kind, type, base,
	// nullable, abstract, open, flags, value, contained, computed, read-only, immutable
	// or deprecated. Old and New are its values, "" for none and "-" for an unknown date.
	Change   string
	Old, New string
	// Breaks is true if a valid payload or request may have become invalid.
	Breaks bool
}

// String describes the difference.
func (d Difference) String() string {
	subject := d.Subject
	if d.Type == "" || d.Subject != "type" {
		subject += " " + d.Name
	}
	switch d.Change {
	case "added", "removed":
		if of := cmp.Or(d.New, d.Old); of != "" {
			return fmt.Sprintf("%s was %s (%s)", subject, d.Change, of)
		}
		return fmt.Sprintf("%s was %s", subject, d.Change)
	case "type", "value", "kind":
		return fmt.Sprintf("%s changed from %s to %s", subject, d.Old, d.New)
	case "base":
		return fmt.Sprintf("base type changed from %s to %s", cmp.Or(d.Old, "none"), cmp.Or(d.New, "none"))
	case "deprecated":
		switch {
		case d.Old == "" && d.New == "-":
			return subject + " was deprecated"
		case d.Old == "":
			return fmt.Sprintf("%s was deprecated on %s", subject, d.New)
		case d.New != "":
			return fmt.Sprintf("the deprecation date of %s changed from %s to %s", subject, d.Old, d.New)
		}
	case "flags":
		if d.New == "true" {
			return "several members can now be combined"
		}
		return "members can no longer be combined"
	}
	if d.New == "true" {
		return fmt.Sprintf("%s became %s", subject, d.Change)
	}
	return fmt.Sprintf("%s is no longer %s", subject, d.Change)
}

// Compare returns the differences between facts and newer facts: those of types, sorted by
// type, subject and name, then those of entity sets and singletons. A property that moved
// to a base type is the same property. The order of members and the aliases of namespaces
// do not matter. Whether properties are computed, read-only or immutable is compared only if
// both are Annotated.
func Compare(from, to *Facts) []Difference {
	d := drift{from: index(from), to: index(to)}
	d.marked = from.Annotated() && to.Annotated()
	both := maps.Clone(d.from)
	maps.Copy(both, d.to)
	for name := range both {
		d.compare(name)
	}
	slices.SortStableFunc(d.list, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Name, b.Name))
	})
	for i := range d.list {
		if d.list[i].Type == rootsType {
			d.list[i].Type = ""
		}
	}
	return d.list
}

// rank orders differences by subject, with the type itself first.
func rank(d Difference) int {
	return slices.Index([]string{"type", "property", "navigation property", "operation", "member"}, d.Subject)
}

type drift struct {
	from, to types
	marked   bool // whether both are Annotated
	list     []Difference
}

// types holds the types of facts, with qualified names, by name.
type types map[string]typeParts

// typeParts is a type and its parts.
type typeParts struct {
	Type
	parts []part
}

// part is a property, a bound operation, or a member of an enumeration, which has a value
// and no type.
type part struct {
	Property
	subject, value string
}

// same reports whether two parts correspond: a property may become a navigation property,
// but an operation is different from a property of the same name.
func (p part) same(q part) bool {
	return p.Name == q.Name && (p.subject == operation) == (q.subject == operation)
}

const operation = "operation"

func index(f *Facts) types {
	full := func(name string) string {
		if name == "" || strings.HasPrefix(name, "Edm.") {
			return name
		}
		return f.Full(name)
	}
	all := make(types)
	for name := range f.Names {
		t, _ := f.Type(name)
		t.Name, t.Base, t.Underlying.Name = full(name), full(t.Base), full(t.Underlying.Name)
		var parts []part
		for _, p := range t.Properties {
			p.Type.Name = full(p.Type.Name)
			subject := "property"
			if p.Navigation {
				subject = "navigation property"
			}
			parts = append(parts, part{p, subject, ""})
		}
		for _, o := range t.Operations {
			parts = append(parts, part{Property{Name: o.Name}, operation, ""})
		}
		for _, m := range t.Members {
			parts = append(parts, part{Property{Name: m.Name}, "member", m.Value})
		}
		all[t.Name] = typeParts{t, parts}
	}
	container := typeParts{Type: Type{Name: rootsType}}
	for name, of := range f.Roots {
		of.Name = full(of.Name)
		subject := "singleton"
		if of.Collection {
			subject = "entity set"
		}
		container.parts = append(container.parts, part{Property{Name: name, Type: of}, subject, ""})
	}
	all[rootsType] = container
	return all
}

// rootsType is the name of a type whose properties are the entity sets and singletons. It
// sorts after all other types.
const rootsType = "~"

// anyBase reports whether a condition is true for a type or one of its base types.
func (all types) anyBase(of string, is func(typeParts) bool) bool {
	for t, ok := all[of]; ok; t, ok = all[t.Base] {
		if is(t) {
			return true
		}
	}
	return false
}

// part returns the part of a type, own or inherited, that corresponds to like.
func (all types) part(of string, like part) (found part, ok bool) {
	ok = all.anyBase(of, func(t typeParts) bool {
		i := slices.IndexFunc(t.parts, like.same)
		if i >= 0 {
			found = t.parts[i]
		}
		return i >= 0
	})
	return found, ok
}

// open reports whether a type is open, itself or by inheritance.
func (all types) open(name string) bool {
	return all.anyBase(name, func(t typeParts) bool { return t.Open })
}

func (d *drift) compare(name string) {
	from, was := d.from[name]
	to, is := d.to[name]
	self := part{subject: "type"}
	self.Name = name[strings.LastIndexByte(name, '.')+1:]
	switch {
	case !was:
		d.add(name, self, "added", "", kinds[to.Kind], false)
		return
	case !is:
		d.add(name, self, "removed", kinds[from.Kind], "", true)
		return
	case from.Kind != to.Kind:
		d.add(name, self, "kind", kinds[from.Kind], kinds[to.Kind], true)
		return
	}
	d.add(name, self, "base", from.Base, to.Base, !d.to.anyBase(to.Base, func(t typeParts) bool { return t.Name == from.Base }) && from.Base != "")
	d.add(name, self, "abstract", from.Abstract, to.Abstract, to.Abstract)
	d.add(name, self, "open", from.Open, to.Open, !d.to.open(name))
	d.add(name, self, "flags", from.Flags, to.Flags, from.Flags)
	d.add(name, self, "deprecated", from.Deprecated, to.Deprecated, false)
	d.add(name, self, "type", text(from.Underlying), text(to.Underlying), !d.widens(from.Underlying, to.Underlying))

	for _, p := range from.parts {
		if q, ok := d.to.part(name, p); ok {
			d.part(name, p, q)
		} else {
			d.add(name, p, "removed", text(p.Type), "", p.subject != "property" || !d.to.open(name))
		}
	}
	for _, q := range to.parts {
		if slices.ContainsFunc(from.parts, q.same) {
			continue
		}
		if p, ok := d.from.part(name, q); ok {
			d.part(name, p, q)
		} else {
			d.add(name, q, "added", "", text(q.Type), false)
		}
	}
}

// add adds a difference of a part of a type, if there is one. old and new are strings, or true
// or false.
func (d *drift) add(of string, p part, change string, old, new any, breaks bool) {
	if old != new || change == "added" || change == "removed" {
		d.list = append(d.list, Difference{of, p.subject, p.Name, change, fmt.Sprint(old), fmt.Sprint(new), breaks})
	}
}

func (d *drift) part(owner string, p, q part) {
	if p.Navigation != q.Navigation {
		d.add(owner, q, "kind", p.subject, q.subject, true)
	}
	d.add(owner, q, "type", text(p.Type), text(q.Type), p.Navigation || !d.widens(p.Type, q.Type))
	d.add(owner, q, "nullable", !p.NotNull, !q.NotNull, q.NotNull)
	d.add(owner, q, "contained", p.Contained, q.Contained, q.Contained) // a contained entity cannot be bound
	if d.marked {
		d.add(owner, q, "computed", p.Computed, q.Computed, q.Computed)
		d.add(owner, q, "read-only", p.Read, q.Read, q.Read)
		d.add(owner, q, "immutable", p.Immutable, q.Immutable, q.Immutable)
	}
	d.add(owner, q, "deprecated", p.Deprecated, q.Deprecated, false)
	if p.value != "" && q.value != "" {
		d.add(owner, q, "value", p.value, q.value, false) // payloads use the name
	}
}

// wider returns the other types that accept every value of a primitive type in JSON.
// Edm.String accepts every type that JSON represents as a string.
func wider(name string) []string {
	switch name {
	case "Edm.Byte", "Edm.SByte":
		return []string{"Edm.Int16", "Edm.Int32", "Edm.Int64", "Edm.Single", "Edm.Double", "Edm.Decimal"}
	case "Edm.Int16":
		return []string{"Edm.Int32", "Edm.Int64", "Edm.Single", "Edm.Double", "Edm.Decimal"}
	case "Edm.Int32":
		return []string{"Edm.Int64", "Edm.Double", "Edm.Decimal"}
	case "Edm.Int64":
		return []string{"Edm.Decimal"}
	case "Edm.Single":
		return []string{"Edm.Double"}
	case "Edm.Guid", "Edm.Date", "Edm.DateTimeOffset", "Edm.TimeOfDay", "Edm.Duration", "Edm.Binary":
		return []string{"Edm.String"}
	}
	return nil
}

// widens reports whether every value of a type is also a value of another.
func (d *drift) widens(from, to Reference) bool {
	if t := d.from[from.Name]; t.Kind == Definition {
		from.Name = t.Underlying.Name
	}
	if t := d.to[to.Name]; t.Kind == Definition {
		to.Name = t.Underlying.Name
	}
	if from.Name == "Edm.Stream" { // has no value in a payload
		return to.Name == from.Name
	}
	if to.Name == "Edm.Untyped" || to.Name == "microsoft.graph.Json" {
		return from.Collection || !to.Collection
	}
	if from.Collection != to.Collection {
		return false
	}
	enum, other := d.from[from.Name], d.to[to.Name]
	switch {
	case from.Name == to.Name:
		return true
	case enum.Kind != Enum:
		return slices.Contains(wider(from.Name), to.Name)
	case to.Name == "Edm.String":
		return true
	}
	return other.Kind == Enum && (other.Flags || !enum.Flags) && !slices.ContainsFunc(enum.Members, func(m Member) bool {
		return !slices.ContainsFunc(other.Members, func(n Member) bool { return n.Name == m.Name })
	})
}

var kinds = [...]string{Entity: "entity type", Complex: "complex type", Enum: "enumeration", Definition: "type definition"}

func text(r Reference) string {
	if r.Collection {
		return "Collection(" + r.Name + ")"
	}
	return r.Name
}
