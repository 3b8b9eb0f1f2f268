package validate

import (
	"slices"
	"sync"

	"github.com/patchlint/patchlint/schema"
)

// dispatch says which rules of this package look at what in payloads of a
// model: most have nothing to look at at most stops of a walk.
type dispatch struct {
	model       *schema.Model
	properties  [][]*Rule // by schema.Property.Index
	objects     [][]*Rule // by schema.Type.Index
	annotations []*Rule
}

// dispatches are made when a model is first linted with.
var dispatches sync.Map // *schema.Model -> *dispatch

func dispatchOf(m *schema.Model) *dispatch {
	if d, ok := dispatches.Load(m); ok {
		return d.(*dispatch)
	}
	d, _ := dispatches.LoadOrStore(m, newDispatch(m))
	return d.(*dispatch)
}

func newDispatch(m *schema.Model) *dispatch {
	d := &dispatch{model: m, objects: make([][]*Rule, len(m.Types()))}
	for _, r := range all {
		if r.Visit == nil {
			continue
		}
		if r.At.annotation() {
			d.annotations = append(d.annotations, r)
		}
		seen := make(map[*schema.Property]bool) // inherited ones are several types'
		for _, t := range m.Types() {
			if r.At.object(t) {
				d.objects[t.Index] = append(d.objects[t.Index], r)
			}
			for _, p := range t.Properties {
				if p.Index >= len(d.properties) {
					d.properties = append(d.properties, make([][]*Rule, p.Index+1-len(d.properties))...)
				}
				if !seen[p] && r.At.property(p) {
					d.properties[p.Index] = append(d.properties[p.Index], r)
				}
				seen[p] = true
			}
		}
	}
	return d
}

// at returns the rules of this package that look at a stop.
func (d *dispatch) at(v schema.Visit) []*Rule {
	switch {
	case v.Property != nil:
		return d.properties[v.Property.Index]
	case v.Object.Type != nil:
		return d.objects[v.Object.Type.Index]
	}
	return d.annotations
}

func (s Stops) all() bool { return s.Properties == nil && s.Objects == nil && !s.Annotations }

func (s Stops) property(p *schema.Property) bool {
	return s.all() || s.Properties != nil && s.Properties(p)
}

func (s Stops) object(t *schema.Type) bool { return s.all() || s.Objects != nil && s.Objects(t) }

func (s Stops) annotation() bool { return s.all() || s.Annotations }

// at reports whether a rule of another package looks at a stop.
func (s Stops) at(v schema.Visit) bool {
	switch {
	case v.Property != nil:
		return s.property(v.Property)
	case v.Object.Type != nil:
		return s.object(v.Object.Type)
	}
	return s.annotation()
}

// visitor hands what a walk comes upon to the rules of a pass.
type visitor struct{ *Pass }

// Visit hands a stop to the rules that look at it.
func (p visitor) Visit(v schema.Visit) {
	for _, r := range p.dispatch.at(v) {
		if p.rules == nil || slices.Contains(p.rules, r) {
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
