package schema

import (
	"cmp"
	_ "embed"
	"math"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/csdl"
	"github.com/patchlint/patchlint/schema/facts"
)

// The overlays that are embedded.
var (
	//go:embed overlay/beta.xml
	betaOverlay string
	//go:embed overlay/v1.0.xml
	v1Overlay string
)

// overlay is what is known beyond the facts of published metadata: annotations,
// and types and properties that the facts lack. Names are the names in the facts.
type overlay struct {
	facts    *facts.Facts
	source   string           // of what the facts say
	said     map[string]*said // of types and their members
	declared []*facts.Type    // with what may be added to those of the facts: see typeOf
	spoken   int              // how many have an order
}

// said is what is said of a type or of a member of it.
type said struct {
	member      string // "" for the type itself
	annotations csdl.Annotations
	order       int   // in which the embedded overlay speaks of types and members; 0 for the others
	next        *said // of the same type
}

// of returns what is said of a member, or of the type itself: of most, nothing.
func (s *said) of(member string) said {
	if s = s.find(member); s != nil {
		return *s
	}
	return said{}
}

func (s *said) find(member string) *said {
	for s != nil && s.member != member {
		s = s.next
	}
	return s
}

func newOverlay(f *facts.Facts) *overlay {
	return &overlay{facts: f, said: make(map[string]*said, 32)}
}

// embedded adds the overlay of an API version, before anything else. Versions that
// are not embedded have no overlay.
func (o *overlay) embedded(version Version) error {
	var src string
	switch version {
	case Beta:
		src = betaOverlay
	case V1:
		src = v1Overlay
	default:
		return nil
	}
	doc, err := csdl.Read(src)
	if err != nil {
		return err
	}
	for _, s := range doc.Schemas {
		o.source = cmp.Or(s.Annotations.Text("Lint.Source"), o.source)
	}
	o.add(doc, true)
	o.declare(doc)
	return nil
}

// compare orders two types, or two members of a type, as the embedded overlay speaks
// of them, the others behind.
func compare(a, b said) int {
	place := func(s said) int {
		if s.order > 0 {
			return s.order
		}
		return math.MaxInt
	}
	return cmp.Compare(place(a), place(b))
}

// add takes what a document says of types and members. ordered says that the order in
// which it speaks counts.
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

// say adds annotations to a type, or to a member of it where one is named.
func (o *overlay) say(name, member string, a csdl.Annotations, ordered bool) {
	if len(a) == 0 && !ordered {
		return
	}
	about := o.said[name].find(member)
	if about == nil {
		about = &said{member: member, annotations: slices.Clip(a), next: o.said[name]}
		o.said[name] = about
	} else {
		about.annotations = append(about.annotations, a...)
	}
	if ordered && about.order == 0 {
		o.spoken++
		about.order = o.spoken
	}
}

// declare takes the types of a document.
func (o *overlay) declare(doc *csdl.Document) {
	for _, s := range doc.Schemas {
		for _, e := range s.EnumTypes {
			t := &facts.Type{Name: o.facts.Short(s.Namespace + "." + e.Name), Kind: facts.Enum, Flags: e.IsFlags}
			for _, m := range e.Members {
				t.Members = append(t.Members, facts.Member{Name: m.Name, Value: m.Value})
			}
			o.declared = append(o.declared, t)
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
				if element, many := facts.Element(p.Type); !p.Navigation {
					of := facts.Reference{Name: o.facts.Short(element), Collection: many}
					t.Properties = append(t.Properties, facts.Property{Name: p.Name, Type: of, NotNull: p.NotNull})
				}
			}
			o.declared = append(o.declared, t)
		}
	}
}

// typeOf returns what is known of a type: what the facts have of it, and the properties
// that are declared beyond them. What refers to a type that is not known is left out:
// other metadata than the embedded may lack it.
func (o *overlay) typeOf(name string) (facts.Type, bool) {
	t, ok := o.facts.Type(name)
	i := slices.IndexFunc(o.declared, func(t *facts.Type) bool { return t.Name == name })
	if i < 0 || !ok && !o.known(name) {
		return t, ok
	}
	added := o.declared[i].Properties
	if !ok {
		t = *o.declared[i]
		t.Properties = nil
	}
	for _, p := range added {
		if o.known(p.Type.Name) && !slices.ContainsFunc(t.Properties, func(q facts.Property) bool { return q.Name == p.Name }) {
			t.Properties = append(t.Properties, p)
		}
	}
	return t, true
}

// derived returns the types that are directly derived from one.
func (o *overlay) derived(base facts.Type) []string {
	names := base.Derived.List()
	for _, t := range o.declared {
		if t.Base == base.Name && base.Name != "" && !o.facts.Has(t.Name) {
			names = append(names, t.Name)
		}
	}
	return names
}

// known reports whether a type is in the facts, or can be added to them: its base must
// be known then.
func (o *overlay) known(name string) bool {
	if primitive(name) != nil || o.facts.Has(name) {
		return true
	}
	return slices.ContainsFunc(o.declared, func(t *facts.Type) bool {
		return t.Name == name && (t.Kind == facts.Enum || o.known(t.Base))
	})
}
