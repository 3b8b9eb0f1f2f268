package schema

import (
	"cmp"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/csdl"
	"github.com/patchlint/patchlint/schema/facts"
)

// overlay adds annotations to the facts of published metadata, and types and properties
// that the facts lack. It uses the names of the facts.
type overlay struct {
	facts    *facts.Facts
	source   string // source of the facts
	remarks  map[element]remark
	declared map[string]*facts.Type // types and properties to add to the facts, by name: see typeOf
	ordered  int                    // number of remarks with an order
}

// element is a member of a type, or the type itself if member is "".
type element struct{ of, member string }

// remark holds the annotations of an element.
type remark struct {
	annotations csdl.Annotations
	order       int // 1-based position in the embedded overlay, or 0
}

// newOverlay returns the embedded overlay of an API version, with what both have in common.
func newOverlay(f *facts.Facts, version Version) *overlay {
	o := &overlay{facts: f, remarks: make(map[element]remark, 200), declared: make(map[string]*facts.Type)}
	doc := map[Version]*csdl.Document{Beta: &betaOverlay, V1: &v1Overlay}[version]
	for _, s := range doc.Schemas {
		o.source = cmp.Or(s.Annotations.Text("Lint.Source"), o.source)
	}
	o.add(doc, true)
	o.add(&bothOverlay, false)
	o.declare(doc)
	return o
}

// compare orders two types, or two members of a type, as in the embedded overlay. Those
// that are not in it come last.
func compare(a, b remark) int {
	return cmp.Compare(uint(a.order-1), uint(b.order-1)) // order 0 becomes the largest number
}

// add adds the annotations of the types and members in a document. ordered says whether
// to record their order.
func (o *overlay) add(doc *csdl.Document, ordered bool) {
	say := func(name, member string, a csdl.Annotations) { o.say(name, member, a, ordered) }
	for _, t := range doc.Outside {
		owner, member, _ := strings.Cut(t.Target, "/")
		say(o.facts.Short(owner), member, t.Annotations)
	}
	for _, s := range doc.Schemas {
		for _, e := range s.EnumTypes {
			name := o.facts.Short(s.Namespace + "." + e.Name)
			say(name, "", e.Annotations)
			for _, m := range e.Members {
				say(name, m.Name, m.Annotations)
			}
		}
		for _, t := range s.Types {
			name := o.facts.Short(s.Namespace + "." + t.Name)
			say(name, "", t.Annotations)
			for _, p := range t.Properties {
				a := p.Annotations
				if p.Default != "" {
					a = append(slices.Clip(a), csdl.Annotation{Term: "Lint.Default", Expression: csdl.Expression{Text: p.Default}})
				}
				say(name, p.Name, a)
			}
		}
	}
}

// say adds annotations to a member of a type, or to the type if member is "".
func (o *overlay) say(name, member string, a csdl.Annotations, ordered bool) {
	if len(a) == 0 && !ordered {
		return
	}
	about, known := o.remarks[element{name, member}]
	if !known {
		about.annotations = slices.Clip(a)
	} else {
		about.annotations = append(about.annotations, a...)
	}
	if ordered && about.order == 0 {
		o.ordered++
		about.order = o.ordered
	}
	o.remarks[element{name, member}] = about
}

// declare adds the types of a document.
func (o *overlay) declare(doc *csdl.Document) {
	for _, s := range doc.Schemas {
		for _, e := range s.EnumTypes {
			t := &facts.Type{Name: o.facts.Short(s.Namespace + "." + e.Name), Kind: facts.Enum, Flags: e.IsFlags}
			for _, m := range e.Members {
				t.Members = append(t.Members, facts.Member{Name: m.Name}) // the reference has no numbers
			}
			o.declared[t.Name] = t
		}
		for _, d := range s.Types {
			t := &facts.Type{
				Name: o.facts.Short(s.Namespace + "." + d.Name), Kind: facts.Complex,
				Abstract: d.Abstract, Open: d.OpenType, Base: o.facts.Short(d.BaseType),
			}
			if d.Entity {
				t.Kind = facts.Entity
			}
			for _, p := range d.Properties {
				element, many := facts.Element(p.Type)
				of := facts.Reference{Name: o.facts.Short(element), Collection: many}
				t.Properties = append(t.Properties, facts.Property{Name: p.Name, Type: of, NotNull: p.NotNull, Navigation: p.Navigation, Contained: p.ContainsTarget})
			}
			o.declared[t.Name] = t
		}
	}
}

// published reports whether the facts, without the overlay, have a property of a type.
func (o *overlay) published(of, property string) bool {
	t, _ := o.facts.Type(of)
	return slices.ContainsFunc(t.Properties, func(p facts.Property) bool { return p.Name == property })
}

// typeOf returns the declaration of a type in the facts, with the properties that the
// overlay adds. It omits a type or property of the overlay that refers to an unknown
// type, because metadata other than the embedded may lack it.
func (o *overlay) typeOf(name string) (facts.Type, bool) {
	t, ok := o.facts.Type(name)
	declared := o.declared[name]
	if declared == nil || !ok && !o.known(name) {
		return t, ok
	}
	if !ok {
		t = *declared
		t.Properties = nil
	}
	for _, p := range declared.Properties {
		if o.known(p.Type.Name) && !slices.ContainsFunc(t.Properties, func(q facts.Property) bool { return q.Name == p.Name }) {
			t.Properties = append(t.Properties, p)
		}
	}
	return t, true
}

// derived returns the names of the types directly derived from base.
func (o *overlay) derived(base facts.Type) []string {
	var names []string
	if base.Derived != "" {
		names = strings.Split(base.Derived, ",")
	}
	for _, t := range o.declared {
		if t.Base == base.Name && base.Name != "" && !o.facts.Has(t.Name) {
			names = append(names, t.Name)
		}
	}
	return names
}

// known reports whether a type is in the facts, or in the overlay with a known base type.
func (o *overlay) known(name string) bool {
	if primitive(name) != nil || o.facts.Has(name) {
		return true
	}
	t := o.declared[name]
	return t != nil && (t.Kind == facts.Enum || o.known(t.Base))
}
