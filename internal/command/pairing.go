package command

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
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
	alike, alikeWithoutID := narrow(g.key, p.current, g.current, isOf), narrow(g.key, p.current, free, isOf)
	rivalsOf, askingOf := narrow(g.key, p.desired, g.desired, isAbove), narrow(g.key, p.desired, asking, isAbove)
	fail := p.fail
	if g.kinds == mixed {
		fail = func(int, string, ...any) {}
	}
	for _, i := range g.desired {
		fits := alike(&p.desired[i])
		if p.desired[i].id != "" {
			fits = alikeWithoutID(&p.desired[i])
		}
		if len(fits) > 1 {
			fail(i, "several current objects have its %s: %s; %s", g.what, g.filesOf(p.current, fits, -1), common)
		}
		if len(fits) != 1 || p.taken[fits[0]] {
			continue
		}
		rivals := askingOf(&p.current[fits[0]])
		if p.current[fits[0]].id == "" {
			rivals = rivalsOf(&p.current[fits[0]])
		}
		if len(rivals) == 1 {
			p.take(fits[0], i)
		} else {
			fail(i, "%s has the same %s; %s", g.filesOf(p.desired, rivals, i), g.what, keep)
		}
	}
}

// differing pairs two objects that are left of a group, differ in id and fit no other,
// so that the comparison refuses them. For more than two the error is made here.
func (p *pairing) differing(g group) {
	alike, rivalsOf := narrow(g.key, p.current, g.current, isOf), narrow(g.key, p.desired, g.desired, isAbove)
	for _, i := range g.desired {
		switch fits := alike(&p.desired[i]); {
		case len(fits) == 0:
		case len(fits) == 1 && len(rivalsOf(&p.current[fits[0]])) == 1:
			p.take(fits[0], i)
		default:
			p.fail(i, `%s has the same %s and another id; for the object of another tenant leave "id" out of desired [id-mismatch]`, g.filesOf(p.current, fits, -1), g.what)
		}
	}
	for _, k := range g.current {
		if len(rivalsOf(&p.current[k])) > 0 {
			p.taken[k] = true // it has been named
		}
	}
}

// isOf reports whether an object of one type can be what another of a type means.
func isOf(t, wanted *schema.Type) bool { return t.Is(wanted) || t.Name == wanted.Name } // of another API version

// isAbove is isOf the other way around.
func isAbove(wanted, t *schema.Type) bool { return isOf(t, wanted) }

// narrow returns a function that gives those objects of a list that can be paired with
// another one, as far as both name their types. Objects of different types may have the
// same name; one that has the id or the path of another is not left without it, but
// refused by the comparison.
func narrow(by key, list []object, of []int, fits func(t, other *schema.Type) bool) func(other *object) []int {
	narrowed := make(map[*schema.Type][]int) // once for each type: there may be very many objects
	return func(other *object) []int {
		if by.what != byName.what || other.exact == nil {
			return of
		}
		found, done := narrowed[other.exact]
		if !done {
			for _, i := range of {
				if t := list[i].exact; t == nil || fits(t, other.exact) {
					found = append(found, i)
				}
			}
			narrowed[other.exact] = found
		}
		return found
	}
}

// filesOf lists some objects of a group without one, by their files and the ids in which
// they differ.
func (g group) filesOf(list []object, of []int, except int) string {
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
