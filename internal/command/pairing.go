package command

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// pairing pairs the objects of two directories.
type pairing struct {
	current, desired []object
	of               []int  // the current object of each desired one, or -1
	taken            []bool // of current
	settled          []bool // of desired: no pair is looked for any more
	errs             []error
}

func newPairing(current, desired []object) *pairing {
	return &pairing{
		current: current, desired: desired,
		of: slices.Repeat([]int{-1}, len(desired)), taken: make([]bool, len(current)), settled: make([]bool, len(desired)),
	}
}

// with returns the object that a desired one is paired with, or nil.
func (p *pairing) with(desired int) *object {
	if p.of[desired] < 0 {
		return nil
	}
	return &p.current[p.of[desired]]
}

// key is what objects are paired by.
type key struct {
	what string
	of   func(o *object) string
}

var (
	byID   = key{"id", func(o *object) string { return o.id }}
	byName = key{"displayName", func(o *object) string { return o.name }}
	byPath = key{"path", func(o *object) string {
		if o.relative == "" {
			return ""
		}
		return path.Clean(o.relative)
	}}
)

// kinds says which objects are paired.
type kinds int

const (
	known  kinds = iota // both are of known types
	mixed               // one is
	either              // that does not count
)

// pairUp pairs every desired object with a current one: by id, else by
// displayName, else by path. Where several fit none is taken, and an error lists
// them. One of unknown type is paired with one of a known type, by its id or its
// path alone: there it is likely to be of that type. Those that agree in name or
// path and differ in id are paired in the end, to be refused.
func pairUp(current, desired []object) *pairing {
	p := newPairing(current, desired)
	p.match(byID, known, p.agreeing)
	p.match(byID, mixed, p.agreeing)
	p.match(byName, known, p.agreeing)
	p.match(byPath, known, p.agreeing)
	p.match(byPath, mixed, p.agreeing)
	p.match(byName, known, p.differing)
	p.match(byPath, known, p.differing)
	p.match(byPath, mixed, p.differing)
	return p
}

// pairBases pairs what was applied last with the desired objects that are
// compared. It may show as little of its type as they do.
func pairBases(base []object, pairs *pairing) *pairing {
	p := newPairing(base, pairs.desired)
	for i, k := range pairs.of {
		p.settled[i] = k < 0
	}
	for _, k := range []key{byID, byName, byPath} {
		p.match(k, either, p.agreeing)
	}
	return p
}

// group is the objects of both sides that have a key in common, by their indices.
type group struct {
	key
	kinds
	current, desired []int
}

// match groups by a key the objects that are left, and has each group resolved.
func (p *pairing) match(by key, which kinds, resolve func(group)) {
	type name struct {
		text, kind string
		typed      bool // the desired objects are
	}
	kindOf := func(o *object) string {
		if which == known && by.what == byName.what { // names are unique among objects of a kind at most
			return o.kind
		}
		return ""
	}
	nameOf := func(o *object, current bool) name {
		switch which {
		case mixed:
			return name{by.of(o), kindOf(o), o.typed != current}
		case either:
			return name{by.of(o), kindOf(o), true}
		}
		return name{by.of(o), kindOf(o), o.typed}
	}
	groups := make(map[name]*group)
	for i := range p.desired {
		n := nameOf(&p.desired[i], false)
		if n.text == "" || p.settled[i] || which == known && !n.typed {
			continue
		}
		if groups[n] == nil {
			groups[n] = &group{key: by, kinds: which}
		}
		groups[n].desired = append(groups[n].desired, i)
	}
	for i := range p.current {
		if g := groups[nameOf(&p.current[i], true)]; g != nil && !p.taken[i] {
			g.current = append(g.current, i)
		}
	}
	for i := range p.desired { // in their order
		n := nameOf(&p.desired[i], false)
		if g := groups[n]; g != nil && len(g.current) > 0 {
			resolve(*g)
		}
		delete(groups, n)
	}
}

func (p *pairing) take(current, desired int) {
	p.of[desired], p.taken[current], p.settled[desired] = current, true, true
}

// fail settles a desired object with an error.
func (p *pairing) fail(desired int, format string, args ...any) {
	p.settled[desired] = true
	p.errs = append(p.errs, fmt.Errorf("%s: "+format, append([]any{p.desired[desired].file}, args...)...))
}

// agreeing pairs the objects of a group whose ids do not differ: an object that has
// an id goes with one that has none. Several that fit are an error, unless the type of
// one side is only likely.
func (p *pairing) agreeing(g group) {
	withoutID := func(list []object, of []int) (without []int) {
		for _, i := range of {
			if list[i].id == "" {
				without = append(without, i)
			}
		}
		return without
	}
	free, asking := g.current, g.desired
	common, keep := "keep one", "keep one"
	if g.what != byID.what {
		free, asking = withoutID(p.current, g.current), withoutID(p.desired, g.desired)
		common, keep = "give it an id", "give them their ids"
	}
	fail := p.fail
	if g.kinds == mixed {
		fail = func(int, string, ...any) {}
	}
	for _, i := range g.desired {
		fits := g.current
		if p.desired[i].id != "" {
			fits = free
		}
		if len(fits) > 1 {
			fail(i, "several current objects have its %s: %s; %s", g.what, filesOf(p.current, fits, -1), common)
		}
		if len(fits) != 1 || p.taken[fits[0]] {
			continue
		}
		rivals := asking
		if p.current[fits[0]].id == "" {
			rivals = g.desired
		}
		if len(rivals) == 1 {
			p.take(fits[0], i)
		} else {
			fail(i, "%s has the same %s; %s", filesOf(p.desired, rivals, i), g.what, keep)
		}
	}
}

// differing pairs the two objects that are left of a group and differ in id, so
// that the comparison refuses them. For more than two the error is made here.
func (p *pairing) differing(g group) {
	if len(g.current) == 1 && len(g.desired) == 1 {
		p.take(g.current[0], g.desired[0])
		return
	}
	for _, i := range g.desired {
		p.fail(i, `%s has the same %s and another id; for the object of another tenant leave "id" out of desired [id-mismatch]`, filesOf(p.current, g.current, -1), g.what)
	}
	for _, k := range g.current {
		p.taken[k] = true // it has been named
	}
}

// filesOf lists the files of some objects without that of one.
func filesOf(list []object, of []int, except int) string {
	const most = 5
	var found []string
	for _, i := range of[:min(len(of), most+1)] {
		if i != except && len(found) < most {
			found = append(found, list[i].file)
		}
	}
	others := len(of)
	if except >= 0 {
		others--
	}
	if more := others - len(found); more > 0 {
		found = append(found, fmt.Sprintf("%d more", more))
	}
	return strings.Join(found, ", ")
}
