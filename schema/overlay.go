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
	facts   *facts.Facts
	source  string                // of what the facts say
	said    map[string]said       // of types
	types   map[string]facts.Type // what is added
	derived map[string][]string   // types that are added, by their base
	spoken  int                   // how many have an order
}

// said is what is said of a type, or of a member of one.
type said struct {
	name        string // of the member
	annotations csdl.Annotations
	order       int // in which the embedded overlay speaks of types and members; 0 for the others
	members     []said
}

// of returns what is said of a member: of most types and members, nothing.
func (s said) of(member string) said {
	for _, m := range s.members {
		if m.name == member {
			return m
		}
	}
	return said{}
}

func newOverlay(f *facts.Facts) *overlay {
	return &overlay{facts: f, said: make(map[string]said), types: make(map[string]facts.Type), derived: make(map[string][]string)}
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

// add takes from a document what facts do not have. ordered says that the order in
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
			t := facts.Type{Name: name, Kind: facts.Enum, Flags: e.IsFlags}
			for _, m := range e.Members {
				say(name, m.Name, m.Annotations)
				t.Members = append(t.Members, facts.Member{Name: m.Name, Value: m.Value})
			}
			if !o.facts.Has(name) {
				o.types[name] = t
			}
		}
		for _, t := range s.Types {
			name := o.facts.Short(s.Namespace + "." + t.Name)
			if !o.declare(name, t) {
				continue
			}
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
	of := o.said[name]
	about := &of
	if member != "" {
		i := slices.IndexFunc(of.members, func(s said) bool { return s.name == member })
		if i < 0 {
			i, of.members = len(of.members), append(of.members, said{name: member})
		}
		about = &of.members[i]
	}
	if about.annotations == nil {
		about.annotations = slices.Clip(a)
	} else {
		about.annotations = append(about.annotations, a...)
	}
	if ordered && about.order == 0 {
		o.spoken++
		about.order = o.spoken
	}
	o.said[name] = of
}

// declare adds a type, or the properties that the facts lack in a type of theirs.
// References to a missing type are left out: other metadata than the embedded may
// lack it. It returns false where the type, or its base, is missing itself.
func (o *overlay) declare(name string, t csdl.Structured) bool {
	known, old := o.facts.Type(name)
	base := o.facts.Short(t.BaseType)
	if !old && (base == "" || !o.known(base)) {
		return false
	}
	added := facts.Type{Name: name, Kind: facts.Complex, Abstract: t.Abstract, Open: t.OpenType, Base: base}
	if t.Entity {
		added.Kind = facts.Entity
	}
	for _, p := range t.Properties {
		element, many := facts.Element(p.Type)
		of := o.facts.Short(element)
		if p.Navigation || slices.ContainsFunc(known.Properties, func(q facts.Property) bool { return q.Name == p.Name }) || !o.known(of) {
			continue
		}
		added.Properties = append(added.Properties, facts.Property{
			Name: p.Name, Type: facts.Reference{Name: of, Collection: many}, NotNull: p.NotNull,
		})
	}
	if !old {
		o.derived[base] = append(o.derived[base], name)
	}
	if !old || len(added.Properties) > 0 {
		o.types[name] = added
	}
	return true
}

// known reports whether a type is in the facts, or has been added to them.
func (o *overlay) known(name string) bool {
	_, added := o.types[name]
	return added || primitives[name] != nil || o.facts.Has(name)
}
