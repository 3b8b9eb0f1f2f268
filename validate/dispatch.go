package validate

import (
	"slices"
	"sync"

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

// rulesFor returns the rules of this package that select a visit.
func rulesFor(v schema.Visit) (rules []*Rule) {
	for _, r := range all {
		if r.Visit != nil && r.at.looks(v) {
			rules = append(rules, r)
		}
	}
	return rules
}

// dispatch caches which rules of this package to call for objects of a type and for the
// values in them. Most visits need none.
type dispatch struct {
	of                              *schema.Type
	properties                      [][]*Rule // by schema.Property.Index
	object, navigation, annotations []*Rule
	suspect                         []bool // by schema.Property.Index: whether the name can be that of a credential
}

// dispatches caches the dispatch of each type.
var dispatches sync.Map // *schema.Type -> *dispatch

// dispatchOf returns the dispatch of a type.
func (p *Pass) dispatchOf(t *schema.Type) *dispatch {
	if p.dispatch != nil && p.dispatch.of == t {
		return p.dispatch
	}
	found, ok := dispatches.Load(t)
	if !ok {
		d := &dispatch{of: t, object: rulesFor(schema.Visit{Type: t}), navigation: rulesFor(schema.Visit{Navigation: new(schema.Navigation)}), annotations: rulesFor(schema.Visit{})}
		for _, p := range t.Properties {
			d.properties = append(d.properties, rulesFor(schema.Visit{Property: p}))
			d.suspect = append(d.suspect, suspectWord(p.Name))
		}
		found, _ = dispatches.LoadOrStore(t, d)
	}
	p.dispatch = found.(*dispatch)
	return p.dispatch
}

// visit calls the rules that select a visit.
func (p *Pass) visit(v schema.Visit) (more bool) {
	var ours []*Rule
	switch {
	case v.Property != nil:
		ours = p.dispatchOf(v.Owner).properties[v.Property.Index]
	case v.Type != nil:
		ours = p.dispatchOf(v.Type).object
	case v.Navigation != nil:
		ours = p.dispatchOf(v.Owner).navigation
	default:
		ours = p.dispatchOf(v.Owner).annotations
	}
	rules := p.linter.Rules
	for _, r := range ours {
		if rules == nil || slices.Contains(rules, r) {
			p.rule = r
			r.Visit(p, v)
		}
	}
	for _, r := range p.foreign {
		if r.at.looks(v) {
			p.rule = r
			r.Visit(p, v)
		}
	}
	return !p.closed()
}
