package validate

import (
	"math/bits"
	"slices"
	"sync"

	"github.com/patchlint/patchlint/schema"
)

// Most rules have nothing to look at at most stops of a walk. Which ones have is
// worked out once for each API version: a bit for every rule of this package
// that visits, and for every property and type the rules that look at it.

// visitors returns the rules of this package that visit. The place of a rule
// here is its bit.
var visitors = sync.OnceValue(func() []*Rule {
	var list []*Rule
	for _, r := range all {
		if r.Visit != nil {
			r.bit = len(list)
			list = append(list, r)
		}
	}
	return list // at most 63, as a test holds
})

// documentRules returns the rules of this package that look at any document.
var documentRules = sync.OnceValue(func() []*Rule {
	return slices.DeleteFunc(slices.Clone(all), func(r *Rule) bool { return r.Document == nil })
})

// dispatch says which visitors look at what.
type dispatch struct {
	model       *schema.Model
	visitors    []*Rule
	properties  []uint64 // by Property.Index
	types       []uint64 // by Type.Index
	annotations uint64
}

// freeText is the bit of properties whose strings may say anything.
const freeText = 1 << 63

func newDispatch(m *schema.Model) *dispatch {
	types, properties := m.Sizes()
	d := &dispatch{model: m, visitors: visitors(), properties: make([]uint64, properties), types: make([]uint64, types)}
	for bit, r := range visitors() {
		if r.At.all() || r.At.Annotations {
			d.annotations |= 1 << bit
		}
		for _, t := range m.Types() {
			if r.At.object(t) {
				d.types[t.Index] |= 1 << bit
			}
			for _, p := range t.Properties {
				if r.At.property(p) {
					d.properties[p.Index] |= 1 << bit
				}
				if p.Type.Name == "Edm.String" && !p.GUID {
					d.properties[p.Index] |= freeText
				}
			}
		}
	}
	return d
}

func (s Stops) all() bool { return s.Properties == nil && s.Objects == nil && !s.Annotations }

func (s Stops) property(p *schema.Property) bool {
	return s.all() || s.Properties != nil && s.Properties(p)
}

func (s Stops) object(t *schema.Type) bool { return s.all() || s.Objects != nil && s.Objects(t) }

func (s Stops) annotation() bool { return s.all() || s.Annotations }

// embedded are the dispatches of the embedded models, each made when a payload
// is first linted for its version.
var embedded = func() (list []versionDispatch) {
	for _, v := range schema.Versions() {
		list = append(list, versionDispatch{v, sync.OnceValue(func() *dispatch {
			model, err := schema.Open(v)
			if err != nil {
				return nil // the tests open each
			}
			return newDispatch(model)
		})})
	}
	return list
}()

type versionDispatch struct {
	version schema.Version
	made    func() *dispatch
}

// dispatchFor returns the dispatch of a model. That of one which is not embedded
// is made anew.
func dispatchFor(m *schema.Model) *dispatch {
	for i := range embedded {
		if embedded[i].version == m.Version {
			if d := embedded[i].made(); d != nil && d.model == m {
				return d
			}
		}
	}
	return newDispatch(m)
}

// enable notes which rules apply.
func (p *Pass) enable(rules []*Rule) {
	if rules == nil {
		p.rules, p.enabled, p.documents = all, ^uint64(freeText), documentRules()
		return
	}
	p.rules, p.enabled, p.documents = rules, 0, p.own[:0]
	own := visitors()
	for _, r := range rules {
		switch {
		case r.Visit == nil:
		case r.bit < len(own) && own[r.bit] == r:
			p.enabled |= 1 << r.bit
		default:
			p.foreign = append(p.foreign, r)
		}
		if r.Document != nil {
			p.documents = append(p.documents, r)
		}
	}
	p.own = p.documents
}

// interest returns the bits of what stands at a stop.
func (d *dispatch) interest(v *schema.Visit) uint64 {
	switch {
	case v.Property != nil:
		return d.properties[v.Property.Index]
	case v.Type != nil:
		return d.types[v.Type.Index]
	}
	return d.annotations
}

// visit hands a stop of the walk to the rules that look at it.
func (p *Pass) visit(v schema.Visit) { p.ask(p.dispatch.interest(&v), &v) }

// ask hands a stop to the rules of a mask, and to those of other packages.
func (p *Pass) ask(mask uint64, v *schema.Visit) {
	for mask &= p.enabled; mask != 0; mask &= mask - 1 {
		p.rule = p.dispatch.visitors[bits.TrailingZeros64(mask)]
		p.rule.Visit(p, *v)
	}
	for _, r := range p.foreign {
		if v.Property != nil && r.At.property(v.Property) || v.Type != nil && r.At.object(v.Type) || v.Control() && r.At.annotation() {
			p.rule = r
			r.Visit(p, *v)
		}
	}
}
