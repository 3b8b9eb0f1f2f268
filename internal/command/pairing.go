package command

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/identity"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/secret"
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
	// Names are unique among objects of a kind at most.
	byNameInKind = key{byName.what, func(o *object) string {
		if o.name == "" {
			return ""
		}
		return o.kind + " " + o.name
	}}
)

// pairUp pairs every desired object with a current one: by id, else by
// displayName, else by path. Where several fit none is taken, and an error lists
// them. One of unknown type is paired with one of a known type, by its id or its
// path alone: there it is likely to be of that type. Those that agree in name or
// path and differ in id are paired in the end, to be refused.
func pairUp(current, desired []object) *pairing {
	p := newPairing(current, desired)
	typed := func(o *object) bool { return o.typed }
	untyped := func(o *object) bool { return !o.typed }
	likely := func(g *group) { p.agreeing(g, func(int, string, ...any) {}) }
	agreeing := func(g *group) { p.agreeing(g, p.fail) }
	p.match(byID, typed, typed, agreeing)
	p.match(byID, typed, untyped, likely)
	p.match(byID, untyped, typed, likely)
	p.match(byNameInKind, typed, typed, agreeing)
	p.match(byPath, typed, typed, agreeing)
	p.match(byPath, typed, untyped, likely)
	p.match(byPath, untyped, typed, likely)
	p.match(byNameInKind, typed, typed, p.differing)
	p.match(byPath, typed, typed, p.differing)
	p.match(byPath, typed, untyped, p.differing)
	p.match(byPath, untyped, typed, p.differing)
	return p
}

// pairBases pairs what was applied last with the desired objects that are
// compared. It may show as little of its type as they do.
func pairBases(base []object, pairs *pairing) *pairing {
	p := newPairing(base, pairs.desired)
	for i, k := range pairs.of {
		p.settled[i] = k < 0
	}
	whatever := func(*object) bool { return true }
	for _, k := range []key{byID, byName, byPath} {
		p.match(k, whatever, whatever, func(g *group) { p.agreeing(g, p.fail) })
	}
	return p
}

// group is the objects of both sides that have a key in common, by their indices.
type group struct {
	key
	current, desired []int
}

// match groups by a key those objects that are left, and has each group resolved.
func (p *pairing) match(by key, desired, current func(*object) bool, resolve func(*group)) {
	groups := make(map[string]*group)
	var inOrder []*group
	for i := range p.desired {
		o := &p.desired[i]
		text := by.of(o)
		if text == "" || p.settled[i] || !desired(o) {
			continue
		}
		g := groups[text]
		if g == nil {
			g = &group{key: by}
			groups[text] = g
			inOrder = append(inOrder, g)
		}
		g.desired = append(g.desired, i)
	}
	for i := range p.current {
		if o := &p.current[i]; !p.taken[i] && current(o) {
			if g := groups[by.of(o)]; g != nil {
				g.current = append(g.current, i)
			}
		}
	}
	for _, g := range inOrder {
		if len(g.current) > 0 {
			resolve(g)
		}
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
// an id goes with one that has none. Several that fit are an error.
func (p *pairing) agreeing(g *group, fail func(desired int, format string, args ...any)) {
	common, keep := "give it an id", "give them their ids"
	if g.what == byID.what {
		common, keep = "keep one", "keep one"
	}
	fit := func(c, d *object) bool { return g.alike(c, d) && (g.what == byID.what || c.id == "" || d.id == "") }
	for _, i := range g.desired {
		if g.large() && g.what != byID.what && p.desired[i].id != "" {
			continue // it does not fit those that have another id
		}
		fits := g.akin(&p.desired[i], g.current, p.current, func(k int) bool { return fit(&p.current[k], &p.desired[i]) })
		if len(fits) > 1 {
			fail(i, "several current objects have its %s: %s; %s", g.what, g.filesOf(p.current, fits, -1), common)
		}
		if len(fits) != 1 || p.taken[fits[0]] {
			continue
		}
		rivals := g.akin(&p.current[fits[0]], g.desired, p.desired, func(i int) bool { return fit(&p.current[fits[0]], &p.desired[i]) })
		switch {
		case len(rivals) == 1 && rivals[0] == i:
			p.take(fits[0], i)
		case g.large() || slices.Contains(rivals, i): // else it is of another type than those
			fail(i, "%s has the same %s; %s", g.filesOf(p.desired, rivals, i), g.what, keep)
		}
	}
}

// differing pairs two objects that are left of a group, differ in id and fit no other,
// so that the comparison refuses them. For more than two the error is made here.
func (p *pairing) differing(g *group) {
	for _, i := range g.desired {
		fits := g.among(g.current, func(k int) bool { return g.alike(&p.current[k], &p.desired[i]) })
		if len(fits) == 0 {
			continue
		}
		rivals := g.among(g.desired, func(i int) bool { return g.alike(&p.current[fits[0]], &p.desired[i]) })
		if len(fits) == 1 && len(rivals) == 1 {
			p.take(fits[0], i)
			continue
		}
		p.fail(i, `%s has the same %s and another id; for the object of another tenant leave %s out of desired [id-mismatch]`, g.filesOf(p.current, fits, -1), g.what, identity.Names(p.desired[i].of))
		for _, k := range fits {
			p.taken[k] = true // it has been named
		}
	}
}

// alike reports whether two objects of a group can be paired, as far as both name their
// types. Objects of different types may have the same name; one that has the id or the
// path of another is not left without it, but refused by the comparison.
func (g *group) alike(c, d *object) bool {
	return g.what != byName.what || c.exact == nil || d.exact == nil || c.exact.Is(d.exact) || c.exact.Name == d.exact.Name // of another API version
}

// large reports whether a group is too large for its objects to be compared in pairs.
// Each object is then one of several that fit.
func (g *group) large() bool { return len(g.current)*len(g.desired) > 1<<20 }

// among returns those objects of a group that fit.
func (g *group) among(of []int, fit func(i int) bool) (list []int) {
	if g.large() {
		return of
	}
	for _, i := range of {
		if fit(i) {
			list = append(list, i)
		}
	}
	return list
}

// akin returns those objects of a group that fit and may be of the type of another, or
// all that fit where none may: one id can be that of several objects, as a group and its
// team have.
func (g *group) akin(to *object, of []int, objects []object, fit func(i int) bool) []int {
	list := g.among(of, fit)
	if g.large() || len(list) < 2 {
		return list
	}
	related := slices.DeleteFunc(slices.Clone(list), func(i int) bool {
		a, b := objects[i].of, to.of
		return a != nil && b != nil && !a.Is(b) && !b.Is(a) && a.Name != b.Name // of another API version
	})
	if len(related) == 0 {
		return list
	}
	return related
}

// filesOf lists some objects of a group without one, by their files and the ids in which
// they differ.
func (g *group) filesOf(list []object, of []int, except int) string {
	const most = 5
	var found []string
	for _, i := range of[:min(len(of), most+1)] {
		if i != except && len(found) < most {
			text := list[i].file
			if id := list[i].id; id != "" && g.what != byID.what {
				text += " " + inert.Quote(secret.Mask(list[i].document, secret.MaskName(id)))
			}
			found = append(found, text)
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
