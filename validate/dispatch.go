package validate

import (
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/span"
	"github.com/patchlint/patchlint/schema"
)

// looks reports whether s selects a visit.
func (s stops) looks(v schema.Visit) bool {
	switch {
	case s.properties == nil && s.objects == nil && !s.annotations && !s.navigation:
		return true
	case v.Property != nil:
		return s.properties != nil && s.properties(v.Property)
	case v.Navigation != nil:
		return s.navigation
	case v.Type != nil:
		return s.objects != nil && s.objects(v.Type)
	}
	return s.annotations
}

// callsFor returns the rules of this package that select a visit.
func callsFor(v schema.Visit) (c calls) {
	for _, r := range all {
		switch {
		case r.Visit == nil && r.text == nil || !r.at.looks(v):
		case r.Visit != nil:
			c.values = append(c.values, r)
		default:
			c.texts = append(c.texts, r)
		}
	}
	return c
}

// dispatch says which rules of this package to call for objects of a type and for the
// values in them. Most visits need none.
type dispatch struct {
	of                              *schema.Type
	properties                      []calls // by schema.Property.Index
	object, navigation, annotations []*Rule
}

// calls are the rules to call for the value of a property.
type calls struct {
	values, texts []*Rule
	suspect       bool // whether the name can be that of a credential
}

// dispatchOf returns the dispatch of a type.
func (p *Pass) dispatchOf(t *schema.Type) *dispatch {
	d := p.dispatches[t]
	if d == nil {
		d = &dispatch{
			of: t, properties: make([]calls, len(t.Properties)),
			object:      callsFor(schema.Visit{Type: t}).values,
			navigation:  callsFor(schema.Visit{Navigation: new(schema.Navigation)}).values,
			annotations: callsFor(schema.Visit{}).values,
		}
		for i, p := range t.Properties {
			d.properties[i] = callsFor(schema.Visit{Property: p})
			d.properties[i].suspect = suspectWord(p.Name)
		}
		p.dispatches[t] = d
	}
	return d
}

// visit calls the rules that select a visit.
func (p *Pass) visit(v schema.Visit) (more bool) {
	of := v.Owner
	if v.Type != nil {
		of = v.Type
	}
	if p.dispatch == nil || p.dispatch.of != of {
		p.dispatch = p.dispatchOf(of)
	}
	var ours []*Rule
	switch {
	case v.Property != nil:
		c := &p.dispatch.properties[v.Property.Index]
		if ours = c.values; len(c.texts) > 0 {
			p.texts(&v, c.texts)
		}
	case v.Type != nil:
		ours = p.dispatch.object
	case v.Navigation != nil:
		ours = p.dispatch.navigation
	default:
		ours = p.dispatch.annotations
	}
	for _, r := range ours {
		if p.takes(r) {
			r.Visit(p, v)
		}
	}
	for _, r := range p.foreign {
		switch {
		case !r.at.looks(v):
		case r.Visit != nil:
			p.rule = r
			r.Visit(p, v)
		case r.text != nil && v.Property != nil:
			p.texts(&v, []*Rule{r})
		}
	}
	return !p.closed()
}

// takes reports whether a rule applies, and makes it the one that runs.
func (p *Pass) takes(r *Rule) bool {
	p.rule = r
	return p.linter.Rules == nil || slices.Contains(p.linter.Rules, r)
}

// texts calls rules for the strings in a value that the walk did not refuse.
func (p *Pass) texts(v *schema.Visit, rules []*Rule) {
	var wrong []patchlint.Span // in this value, which the walk has just left
	if v.Refused {
		at := len(p.wrong)
		for at > 0 && p.wrong[at-1].Start >= v.Node.Key().Start {
			at--
		}
		wrong = p.wrong[at:]
	}
	if v.Node.Kind() != patchlint.Array {
		p.read(v.Property, v.Node, wrong, rules)
		return
	}
	for element := range v.Node.Children() {
		if p.closed() {
			return
		}
		p.read(v.Property, element, wrong, rules)
	}
}

func (p *Pass) read(of *schema.Property, n patchlint.Node, wrong []patchlint.Span, rules []*Rule) {
	if n.Kind() != patchlint.String || wrong != nil && len(span.Within(wrong, n.Span())) > 0 {
		return
	}
	text := n.TextBytes()
	for _, r := range rules {
		if p.takes(r) {
			r.text(p, of, n, text)
		}
	}
}
