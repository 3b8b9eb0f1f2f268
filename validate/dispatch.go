package validate

import (
	"slices"
	"sync"

	"github.com/patchlint/patchlint/schema"
)

// looks reports whether a rule with these stops looks at one.
func (s stops) looks(v schema.Visit) bool {
	everywhere := s.properties == nil && s.objects == nil && !s.annotations && !s.navigation
	switch {
	case everywhere:
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

// looking returns the rules of this package that look at a stop.
func looking(v schema.Visit) (rules []*Rule) {
	for _, r := range all {
		if r.Visit != nil && r.at.looks(v) {
			rules = append(rules, r)
		}
	}
	return rules
}

// dispatch remembers which rules of this package look at what in objects of a type:
// most have nothing to look at at most stops of a walk.
type dispatch struct {
	of         *schema.Type
	properties [][]*Rule // by schema.Property.Index
	object     []*Rule
	suspect    []bool // by schema.Property.Index: whether the name can be that of a credential
}

// dispatches are made when an object of their type is first linted.
var dispatches sync.Map // *schema.Type -> *dispatch

func dispatchOf(t *schema.Type) *dispatch {
	if d, ok := dispatches.Load(t); ok {
		return d.(*dispatch)
	}
	d := &dispatch{of: t, object: looking(schema.Visit{Type: t})}
	for _, p := range t.Properties {
		d.properties = append(d.properties, looking(schema.Visit{Property: p}))
		d.suspect = append(d.suspect, suspectWord(p.Name))
	}
	made, _ := dispatches.LoadOrStore(t, d)
	return made.(*dispatch)
}

// dispatchOf is the function dispatchOf, which is asked for the types of this payload and
// of those before it: a few, as a rule.
func (p *Pass) dispatchOf(t *schema.Type) *dispatch {
	if p.dispatch == nil || p.dispatch.of != t {
		p.dispatch = p.findDispatch(t)
	}
	return p.dispatch
}

func (p *Pass) findDispatch(t *schema.Type) *dispatch {
	for _, d := range p.dispatches {
		if d.of == t {
			return d
		}
	}
	if len(p.dispatches) == fewTypes {
		p.dispatches = p.dispatches[:0]
	}
	d := dispatchOf(t)
	p.dispatches = append(p.dispatches, d)
	return d
}

const fewTypes = 16

var (
	lookingAtDocuments   = sync.OnceValue(func() []*Rule { return slices.DeleteFunc(Rules(), func(r *Rule) bool { return r.Document == nil }) })
	lookingAtAnnotations = sync.OnceValue(func() []*Rule { return looking(schema.Visit{}) })
	lookingAtNavigation  = sync.OnceValue(func() []*Rule { return looking(schema.Visit{Navigation: new(schema.Navigation)}) })
)

// visitor hands what a walk comes upon to the rules of a pass.
type visitor struct{ *Pass }

// Visit hands a stop to the rules that look at it.
func (p visitor) Visit(v schema.Visit) (more bool) {
	var looking []*Rule
	switch {
	case v.Property != nil:
		looking = p.dispatchOf(v.Owner).properties[v.Property.Index]
	case v.Type != nil:
		looking = p.dispatchOf(v.Type).object
	case v.Navigation != nil:
		looking = lookingAtNavigation()
	default:
		looking = lookingAtAnnotations()
	}
	rules := p.linter.Rules
	for _, r := range looking {
		if rules == nil || slices.Contains(rules, r) {
			p.rule = r
			r.Visit(p.Pass, v)
		}
	}
	for _, r := range p.foreign {
		if r.at.looks(v) {
			p.rule = r
			r.Visit(p.Pass, v)
		}
	}
	return !p.closed()
}

// Violate reports a departure from the model.
func (p visitor) Violate(v schema.Violation) (more bool) {
	p.violation(v)
	return !p.closed()
}
