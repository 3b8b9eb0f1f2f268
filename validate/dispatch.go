package validate

import (
	"cmp"
	"math/bits"
	"slices"
	"sync"

	"github.com/patchlint/patchlint/internal/secret"
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
	return list // at most 62, as a test holds
})

// dispatch says which visitors look at what.
type dispatch struct {
	model     *schema.Model
	visitors  []*Rule
	interest  *schema.Interest        // of the visitors, a bit for each
	all       func() *schema.Interest // the same where rules of other packages apply; made when one does
	documents []*Rule                 // the rules that look at any document
}

// The bits that are no visitor's.
const (
	freeText = 1 << 63 // what may say anything: annotations, and properties that are text
	foreign  = 1 << 62 // what a rule of another package may look at: everything
)

func newDispatch(m *schema.Model) *dispatch {
	d := &dispatch{model: m, visitors: visitors(), interest: interest(m, 0)}
	d.all = sync.OnceValue(func() *schema.Interest { return interest(m, foreign) })
	d.documents = slices.DeleteFunc(slices.Clone(all), func(r *Rule) bool { return r.Document == nil })
	return d
}

// interest returns what the visitors look at, and others at all of it.
func interest(m *schema.Model, others uint64) *schema.Interest {
	of := m.NewInterest(others)
	of.Annotations |= freeText
	for bit, r := range visitors() {
		if r.At.annotation() {
			of.Annotations |= 1 << bit
		}
		for _, t := range m.Types() {
			if r.At.object(t) {
				of.Types[t.Index] |= 1 << bit
				if r.At.With != nil {
					of.Unless(t, 1<<bit, false, r.At.With)
				}
				if r.At.Without != nil {
					of.Unless(t, 1<<bit, true, r.At.Without)
				}
			}
			for _, p := range t.Properties {
				if r.At.property(p) {
					of.Properties[p.Index] |= 1 << bit
				}
				if p.Type.Name == "Edm.String" && !p.GUID || secret.Named(p.Name) {
					of.Properties[p.Index] |= freeText
				}
			}
		}
	}
	return of
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

// dispatchOf returns the dispatch of an embedded version; the empty one is
// schema.Beta, and of one that there is not the error is schema.Open's.
func dispatchOf(v schema.Version) (*dispatch, error) {
	for i := range embedded {
		if embedded[i].version == cmp.Or(v, schema.Beta) {
			if d := embedded[i].made(); d != nil {
				return d, nil
			}
		}
	}
	_, err := schema.Open(v)
	return nil, err
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
		p.rules, p.enabled, p.documents = all, ^uint64(freeText|foreign), p.dispatch.documents
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

// interested returns what the rules that apply look at.
func (p *Pass) interested() *schema.Interest {
	if len(p.foreign) > 0 {
		return p.dispatch.all()
	}
	return p.dispatch.interest
}

// visit hands a stop of the walk to the rules that look at it.
func (p *Pass) visit(v schema.Visit) {
	of := p.interested()
	switch {
	case v.Property != nil:
		p.ask(of.Properties[v.Property.Index], v)
	case v.Type != nil:
		p.ask(of.Types[v.Type.Index], v)
	default:
		p.ask(of.Annotations, v)
	}
}

// ask hands a stop to the rules of a mask that apply.
func (p *Pass) ask(mask uint64, v schema.Visit) {
	for own := mask & p.enabled; own != 0; own &= own - 1 {
		p.rule = p.dispatch.visitors[bits.TrailingZeros64(own)]
		p.rule.Visit(p, v)
	}
	if mask&foreign == 0 {
		return
	}
	for _, r := range p.foreign {
		if v.Property != nil && r.At.property(v.Property) || v.Type != nil && r.At.object(v.Type) || v.Control() && r.At.annotation() {
			p.rule = r
			r.Visit(p, v)
		}
	}
}
