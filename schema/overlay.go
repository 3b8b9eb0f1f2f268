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
	facts       *facts.Facts
	source      string                      // of what the facts say
	annotations map[string]csdl.Annotations // of "type" and "type/member"
	types       map[string]facts.Type       // what is added
	derived     map[string][]string         // types that are added, by their base
	order       map[string]int              // in which "type" and "type/member" are spoken of
}

func newOverlay(f *facts.Facts) *overlay {
	return &overlay{
		facts: f, annotations: make(map[string]csdl.Annotations), types: make(map[string]facts.Type),
		derived: make(map[string][]string), order: make(map[string]int),
	}
}

// embedded adds the overlay of an API version; there is none of any other.
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
	for _, t := range doc.Outside {
		o.speak(o.target(t.Target))
	}
	for _, s := range doc.Schemas {
		for _, t := range s.Types {
			o.speak(o.facts.Short(s.Namespace + "." + t.Name))
		}
	}
	o.add(doc)
	return nil
}

// speak takes note of the order in which names are spoken of.
func (o *overlay) speak(of string) {
	if o.order[of] == 0 {
		o.order[of] = len(o.order) + 1
	}
}

// compare orders two names as the overlay speaks of them, the others behind.
func (o *overlay) compare(a, b string) int {
	place := func(name string) int {
		if i := o.order[name]; i > 0 {
			return i
		}
		return math.MaxInt
	}
	return cmp.Compare(place(a), place(b))
}

// target returns the name of what annotations are about.
func (o *overlay) target(text string) string {
	owner, member, inside := strings.Cut(text, "/")
	if owner = o.facts.Short(owner); inside {
		owner += "/" + member
	}
	return owner
}

// add takes from a document what facts do not have.
func (o *overlay) add(doc *csdl.Document) {
	for _, t := range doc.Outside {
		o.annotate(o.target(t.Target), t.Annotations)
	}
	for _, s := range doc.Schemas {
		for _, e := range s.EnumTypes {
			name := o.facts.Short(s.Namespace + "." + e.Name)
			o.annotate(name, e.Annotations)
			t := facts.Type{Name: name, Kind: facts.Enum, Flags: e.IsFlags}
			for _, m := range e.Members {
				o.annotate(name+"/"+m.Name, m.Annotations)
				t.Members = append(t.Members, facts.Member{Name: m.Name, Value: m.Value})
			}
			if !o.facts.Has(name) {
				o.types[name] = t
			}
		}
		for _, t := range s.Types {
			o.structured(s, t)
		}
	}
}

func (o *overlay) annotate(target string, a csdl.Annotations) {
	if len(a) > 0 {
		o.annotations[target] = append(o.annotations[target], a...)
	}
}

// structured takes from a type what facts do not have of it: annotations, and
// what it declares beyond them. References to a missing type are left
// out: other metadata than the embedded may lack it.
func (o *overlay) structured(s *csdl.Schema, t csdl.Structured) {
	name := o.facts.Short(s.Namespace + "." + t.Name)
	known, old := o.facts.Type(name)
	base := o.facts.Short(t.BaseType)
	if !old && (base == "" || !o.known(base)) {
		return // it adds to a type, or is derived from one, that is not there
	}
	o.annotate(name, t.Annotations)
	added := facts.Type{Name: name, Kind: facts.Complex, Abstract: t.Abstract, Open: t.OpenType, Base: base}
	if t.Entity {
		added.Kind = facts.Entity
	}
	for _, p := range t.Properties {
		a := p.Annotations
		if p.Default != "" {
			a = append(slices.Clip(a), csdl.Annotation{Term: "Lint.Default", Expression: csdl.Expression{Text: p.Default}})
		}
		o.annotate(name+"/"+p.Name, a)
		element, many := facts.Element(p.Type)
		of := o.facts.Short(element)
		if old && slices.ContainsFunc(known.Properties, func(q facts.Property) bool { return q.Name == p.Name }) || !o.known(of) {
			continue
		}
		added.Properties = append(added.Properties, facts.Property{
			Name: p.Name, Type: facts.Reference{Name: of, Collection: many}, NotNull: p.NotNull,
		})
	}
	for _, n := range t.Navigation {
		o.annotate(name+"/"+n.Name, n.Annotations)
	}
	if !old {
		o.derived[base] = append(o.derived[base], name)
	}
	if !old || len(added.Properties) > 0 {
		o.types[name] = added
	}
}

// known reports whether a type is in the facts, or has been added to them.
func (o *overlay) known(name string) bool {
	_, added := o.types[name]
	return added || primitives[name] != nil || o.facts.Has(name)
}
