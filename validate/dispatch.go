package validate

import (
	"slices"
	"sync"

	"github.com/patchlint/patchlint/schema"
)

// dispatch says which rules of this package look at what in objects of a type:
// most have nothing to look at at most stops of a walk.
type dispatch struct {
	properties [][]*Rule // by schema.Property.Index
	object     []*Rule
}

// dispatches are made when an object of their type is first linted.
var dispatches sync.Map // *schema.Type -> *dispatch

func dispatchOf(t *schema.Type) *dispatch {
	if d, ok := dispatches.Load(t); ok {
		return d.(*dispatch)
	}
	d := &dispatch{properties: make([][]*Rule, len(t.Properties))}
	for _, r := range all {
		if r.Visit == nil {
			continue
		}
		if r.At.object(t) {
			d.object = append(d.object, r)
		}
		for i, p := range t.Properties {
			if r.At.property(p) {
				d.properties[i] = append(d.properties[i], r)
			}
		}
	}
	made, _ := dispatches.LoadOrStore(t, d)
	return made.(*dispatch)
}

// ofAnnotations are the rules of this package that look at annotations.
var ofAnnotations = sync.OnceValue(func() (list []*Rule) {
	for _, r := range all {
		if r.Visit != nil && r.At.annotation() {
			list = append(list, r)
		}
	}
	return list
})

// ofNavigation are the rules of this package that look at navigation properties.
var ofNavigation = sync.OnceValue(func() (list []*Rule) {
	for _, r := range all {
		if r.Visit != nil && r.At.navigation() {
			list = append(list, r)
		}
	}
	return list
})

// at returns the rules of this package that look at a stop.
func (p *Pass) at(v schema.Visit) []*Rule {
	t := v.Object.Type
	switch {
	case v.Property != nil:
		t = v.Owner
	case v.Navigation != nil:
		return ofNavigation()
	case t == nil:
		return ofAnnotations()
	}
	if p.dispatched != t {
		p.dispatched, p.dispatch = t, dispatchOf(t)
	}
	if v.Property != nil {
		return p.dispatch.properties[v.Property.Index]
	}
	return p.dispatch.object
}

func (s Stops) all() bool {
	return s.Properties == nil && s.Objects == nil && !s.Annotations && !s.Navigation
}

func (s Stops) property(p *schema.Property) bool {
	return s.all() || s.Properties != nil && s.Properties(p)
}

func (s Stops) object(t *schema.Type) bool { return s.all() || s.Objects != nil && s.Objects(t) }

func (s Stops) annotation() bool { return s.all() || s.Annotations }

func (s Stops) navigation() bool { return s.all() || s.Navigation }

// at reports whether a rule of another package looks at a stop.
func (s Stops) at(v schema.Visit) bool {
	switch {
	case v.Property != nil:
		return s.property(v.Property)
	case v.Navigation != nil:
		return s.navigation()
	case v.Object.Type != nil:
		return s.object(v.Object.Type)
	}
	return s.annotation()
}

// visitor hands what a walk comes upon to the rules of a pass.
type visitor struct{ *Pass }

// Visit hands a stop to the rules that look at it.
func (p visitor) Visit(v schema.Visit) {
	for _, r := range p.at(v) {
		if p.linter.Rules == nil || slices.Contains(p.linter.Rules, r) {
			p.rule = r
			r.Visit(p.Pass, v)
		}
	}
	for _, r := range p.foreign {
		if r.At.at(v) {
			p.rule = r
			r.Visit(p.Pass, v)
		}
	}
}

// Violate reports a departure from the model.
func (p visitor) Violate(v schema.Violation) { p.violation(v) }

// Done reports whether nothing more can be reported.
func (p visitor) Done() bool { return p.closed() }
