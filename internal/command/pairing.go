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
	pairedWith       []int  // the index of the current object paired with each desired one, or -1
	taken            []bool // current objects that are paired or were named in an error
	done             []bool // desired objects that are paired or have an error
	errs             []error
}

func newPairing(current, desired []object) *pairing {
	return &pairing{
		current: current, desired: desired,
		pairedWith: slices.Repeat([]int{-1}, len(desired)), taken: make([]bool, len(current)), done: make([]bool, len(desired)),
	}
}

// currentFor returns the object paired with a desired one, or nil.
func (p *pairing) currentFor(desired int) *object {
	if p.pairedWith[desired] < 0 {
		return nil
	}
	return &p.current[p.pairedWith[desired]]
}

// key is a property to pair objects by.
type key struct {
	name  string
	value func(o *object) string
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
	// A name is unique only among objects of the same declared type.
	byNameAndType = key{byName.name, func(o *object) string {
		if o.name == "" {
			return ""
		}
		return o.declared + " " + o.name
	}}
)

// pairUp pairs the desired objects with current ones by id, then displayName, then
// path. If several objects match, none is paired and an error lists them. An object of
// unknown type is paired only by id or path, and only with an object of known type,
// because it is likely of the same type. Objects that match by name or path but differ
// in id are paired last, for the comparison to refuse.
func pairUp(current, desired []object) *pairing {
	p := newPairing(current, desired)
	typed := (*object).typed
	untyped := func(o *object) bool { return !o.typed() }
	likely := func(g *group) { p.pairAgreeing(g, func(int, string, ...any) {}) }
	agreeing := func(g *group) { p.pairAgreeing(g, p.fail) }
	p.match(byID, typed, typed, agreeing)
	p.match(byID, typed, untyped, likely)
	p.match(byID, untyped, typed, likely)
	p.match(byNameAndType, typed, typed, agreeing)
	p.match(byPath, typed, typed, agreeing)
	p.match(byPath, typed, untyped, likely)
	p.match(byPath, untyped, typed, likely)
	p.match(byNameAndType, typed, typed, p.pairDiffering)
	p.match(byPath, typed, typed, p.pairDiffering)
	p.match(byPath, typed, untyped, p.pairDiffering)
	p.match(byPath, untyped, typed, p.pairDiffering)
	return p
}

// pairBases pairs the objects applied last with the desired objects that have a pair.
// Their types need not be known.
func pairBases(base []object, pairs *pairing) *pairing {
	p := newPairing(base, pairs.desired)
	for i, k := range pairs.pairedWith {
		p.done[i] = k < 0
	}
	anyType := func(*object) bool { return true }
	for _, k := range []key{byID, byName, byPath} {
		p.match(k, anyType, anyType, func(g *group) { p.pairAgreeing(g, p.fail) })
	}
	return p
}

// group is the objects of both sides, by index, that have the same key.
type group struct {
	key
	current, desired []int
}

// match groups the objects that are not paired yet by a key, and calls resolve for each
// group with objects of both sides.
func (p *pairing) match(by key, desired, current func(*object) bool, resolve func(*group)) {
	groups := make(map[string]*group)
	var ordered []*group
	for i := range p.desired {
		o := &p.desired[i]
		text := by.value(o)
		if text == "" || p.done[i] || !desired(o) {
			continue
		}
		g := groups[text]
		if g == nil {
			g = &group{key: by}
			groups[text] = g
			ordered = append(ordered, g)
		}
		g.desired = append(g.desired, i)
	}
	for i := range p.current {
		if o := &p.current[i]; !p.taken[i] && current(o) {
			if g := groups[by.value(o)]; g != nil {
				g.current = append(g.current, i)
			}
		}
	}
	for _, g := range ordered {
		if len(g.current) > 0 {
			resolve(g)
		}
	}
}

func (p *pairing) take(current, desired int) {
	p.pairedWith[desired], p.taken[current], p.done[desired] = current, true, true
}

// fail adds an error about a desired object, which is then done.
func (p *pairing) fail(desired int, format string, args ...any) {
	p.done[desired] = true
	p.errs = append(p.errs, fmt.Errorf("%s: "+format, append([]any{p.desired[desired].file}, args...)...))
}

// pairAgreeing pairs the objects of a group whose ids do not differ: an object with an
// id can be paired with one without. It calls fail if several objects match.
func (p *pairing) pairAgreeing(g *group, fail func(desired int, format string, args ...any)) {
	common, keep := "give it an id", "give them their ids"
	if g.name == byID.name {
		common, keep = "keep one", "keep one"
	}
	fit := func(c, d *object) bool {
		return g.compatible(c, d) && (g.name == byID.name || c.id == "" || d.id == "")
	}
	for _, i := range g.desired {
		if g.large() && g.name != byID.name && p.desired[i].id != "" {
			continue // it cannot match objects with another id
		}
		fits := g.akin(&p.desired[i], g.current, p.current, func(k int) bool { return fit(&p.current[k], &p.desired[i]) })
		if len(fits) > 1 {
			fail(i, "several current objects have its %s: %s; %s", g.name, g.filesOf(p.current, fits, -1), common)
		}
		if len(fits) != 1 || p.taken[fits[0]] {
			continue
		}
		rivals := g.akin(&p.current[fits[0]], g.desired, p.desired, func(i int) bool { return fit(&p.current[fits[0]], &p.desired[i]) })
		switch {
		case len(rivals) == 1 && rivals[0] == i:
			p.take(fits[0], i)
		case g.large() || slices.Contains(rivals, i): // otherwise it is of another type
			fail(i, "%s has the same %s; %s", g.filesOf(p.desired, rivals, i), g.name, keep)
		}
	}
}

// pairDiffering pairs the remaining objects of a group that differ in id and match no
// other, for the comparison to refuse. If several match, it adds the error itself.
func (p *pairing) pairDiffering(g *group) {
	for _, i := range g.desired {
		fits := g.among(g.current, func(k int) bool { return g.compatible(&p.current[k], &p.desired[i]) })
		if len(fits) == 0 {
			continue
		}
		rivals := g.among(g.desired, func(i int) bool { return g.compatible(&p.current[fits[0]], &p.desired[i]) })
		if len(fits) == 1 && len(rivals) == 1 {
			p.take(fits[0], i)
			continue
		}
		p.fail(i, `%s has the same %s and another id; for the object of another tenant leave %s out of desired [id-mismatch]`, g.filesOf(p.current, fits, -1), g.name, identity.Names(p.desired[i].of))
		for _, k := range fits {
			p.taken[k] = true // the error names it
		}
	}
}

// compatible reports whether the types of two objects allow pairing them. Only objects
// with the same name must agree in type, apart from the API version; a pair with the
// same id or path is left to the comparison to refuse.
func (g *group) compatible(c, d *object) bool {
	return g.name != byName.name || c.odataType == nil || d.odataType == nil || c.odataType.Is(d.odataType) || c.odataType.Name == d.odataType.Name
}

// large reports whether a group is too large to compare its objects in pairs. All its
// objects then count as matching.
func (g *group) large() bool { return len(g.current)*len(g.desired) > 1<<20 }

// among returns the objects of a group that match.
func (g *group) among(indices []int, fit func(i int) bool) (list []int) {
	if g.large() {
		return indices
	}
	for _, i := range indices {
		if fit(i) {
			list = append(list, i)
		}
	}
	return list
}

// akin returns the objects of a group that fit and can be of the type of another, or all
// that fit if none can: objects of several types may have one id, as a group and its team.
func (g *group) akin(to *object, indices []int, objects []object, fit func(i int) bool) []int {
	list := g.among(indices, fit)
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

// filesOf lists the files of some objects of a group, except for one, with the ids in
// which they differ.
func (g *group) filesOf(list []object, indices []int, except int) string {
	const most = 5
	var found []string
	for _, i := range indices[:min(len(indices), most+1)] {
		if i != except && len(found) < most {
			text := list[i].file
			if id := list[i].id; id != "" && g.name != byID.name {
				text += " " + inert.Quote(secret.Mask(list[i].document, secret.MaskName(id)))
			}
			found = append(found, text)
		}
	}
	others := len(indices)
	if except >= 0 {
		others--
	}
	if more := others - len(found); more > 0 {
		found = append(found, fmt.Sprintf("%d more", more))
	}
	return strings.Join(found, ", ")
}
