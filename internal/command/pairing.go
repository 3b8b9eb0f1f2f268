package command

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/identity"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/secret"
)

// pairing pairs the objects of a directory with desired ones.
type pairing struct {
	side             diff.Side // of the directory: Current or Base
	current, desired []object
	pairedWith       []int  // the index of the current object paired with each desired one, or -1
	done             []bool // desired objects that are paired or have an error
	paired           []bool // current objects that are paired
	contested        []int  // the index of the first desired object with an error that matches each current one, or -1
	errs             []error
}

func newPairing(side diff.Side, current, desired []object) *pairing {
	return &pairing{
		side: side, current: current, desired: desired,
		pairedWith: slices.Repeat([]int{-1}, len(desired)), done: make([]bool, len(desired)),
		paired: make([]bool, len(current)), contested: slices.Repeat([]int{-1}, len(current)),
	}
}

// left reports whether a current object is not paired, and no error is about it.
func (p *pairing) left(current int) bool { return !p.paired[current] && p.contested[current] < 0 }

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
		if o.name == "" || !o.typed() {
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
	p := newPairing(diff.Current, current, desired)
	known, unknown := (*object).typed, func(o *object) bool { return !o.typed() }
	for _, by := range []key{byID, byNameAndType, byPath} {
		p.match(by, known, known, p.pairAgreeing)
		p.match(by, known, unknown, p.pairLikely)
		p.match(by, unknown, known, p.pairLikely)
	}
	for _, by := range []key{byNameAndType, byPath} {
		p.match(by, known, known, p.pairDiffering)
		p.match(by, known, unknown, p.pairDiffering)
		p.match(by, unknown, known, p.pairDiffering)
	}
	return p
}

// pairBases pairs the objects applied last with the desired objects that have a pair.
// Their types need not be known.
func pairBases(base []object, pairs *pairing) *pairing {
	p := newPairing(diff.Base, base, pairs.desired)
	for i, k := range pairs.pairedWith {
		p.done[i] = k < 0
	}
	anyType := func(*object) bool { return true }
	for _, by := range []key{byID, byName, byPath} {
		p.match(by, anyType, anyType, p.pairAgreeing)
	}
	return p
}

// group is the objects of both sides, by index, that have the same key.
type group struct {
	key
	current, desired []int
	unidentified     bool // whether a current object has no id
	contested        bool // whether all its current objects are
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
		if o := &p.current[i]; !p.paired[i] && current(o) {
			if g := groups[by.value(o)]; g != nil {
				g.current = append(g.current, i)
				g.unidentified = g.unidentified || o.id == ""
			}
		}
	}
	for _, g := range ordered {
		if len(g.current) > 0 {
			resolve(g)
		}
	}
}

// fail adds an error about a desired object of a group and the current ones that it matches.
// None of them is said to be on one side only, and what matches them by a later key has an
// error, too.
func (p *pairing) fail(g *group, desired int, matches []int, format string, args ...any) {
	p.done[desired] = true
	if !g.contested {
		for _, k := range matches {
			if p.contested[k] < 0 {
				p.contested[k] = desired
			}
		}
		g.contested = g.large() // matches were all its current objects
	}
	p.errs = append(p.errs, fmt.Errorf("%s: "+format, append([]any{p.desired[desired].file}, args...)...))
}

// pairAgreeing pairs the objects of a group whose ids do not differ: an object with an
// id can be paired with one without. It adds an error if several objects match.
func (p *pairing) pairAgreeing(g *group) {
	p.pair(g, g.agree, func(i int, fits, rivals []int) {
		common, keep := "give it an id", "give them their ids"
		identified := false // and then those that fit have no id
		if g.name == byID.name {
			common, keep = "keep one", "keep one"
		} else if identified = p.desired[i].id != ""; identified {
			common = keep
		}
		switch {
		case g.large() && identified && !g.unidentified: // it cannot match objects with another id
		case len(fits) > 1:
			p.fail(g, i, fits, "several %s objects have its %s: %s; %s", p.side, g.name, g.filesOf(p.current, fits, -1), common)
		case g.large() || slices.Contains(rivals, i): // otherwise it is of another type
			if same := g.filesOf(p.desired, rivals, i); identified {
				p.fail(g, i, fits, "%s of %s has the %s of %s, too; give it its id", g.filesOf(p.current, fits, -1), p.side, g.name, same)
			} else {
				p.fail(g, i, fits, "%s has the same %s; %s", same, g.name, keep)
			}
		}
	})
}

// pairLikely is like pairAgreeing, but leaves the objects if several match.
func (p *pairing) pairLikely(g *group) { p.pair(g, g.agree, func(int, []int, []int) {}) }

// pairDiffering pairs the remaining objects of a group that differ in id and match no
// other, for the comparison to refuse. If several match, it adds the error itself.
func (p *pairing) pairDiffering(g *group) {
	p.pair(g, g.compatible, func(i int, fits, _ []int) {
		p.fail(g, i, fits, `%s has the same %s and another id; if that is in another tenant, leave %s out of desired [id-mismatch]`, g.filesOf(p.current, fits, -1), g.name, identity.Names(p.desired[i].of))
	})
}

// pair pairs the objects of a group that fit each other and no others. It adds an error if
// the current one is contested by a surer key. For any other desired object that fits
// something, it calls several with the current objects that it fits, and the desired objects
// that fit the first of those.
func (p *pairing) pair(g *group, fit func(c, d *object) bool, several func(i int, fits, rivals []int)) {
	for _, i := range g.desired {
		d := &p.desired[i]
		fits := g.akin(d, g.current, p.current, func(c *object) bool { return fit(c, d) })
		if len(fits) == 0 {
			continue
		}
		c := &p.current[fits[0]]
		rivals := g.akin(c, g.desired, p.desired, func(d *object) bool { return fit(c, d) })
		rival := p.contested[fits[0]]
		switch {
		case len(fits) > 1 || len(rivals) > 1 || rivals[0] != i:
			several(i, fits, rivals)
		case rival >= 0 && !slices.Contains(g.desired, rival): // in this group it is of another type
			p.fail(g, i, fits, "%s has the same %s and may belong to %s; correct the error about that first", g.filesOf(p.current, fits, -1), g.name, p.desired[rival].file)
		default:
			p.pairedWith[i], p.paired[fits[0]], p.done[i] = fits[0], true, true
		}
	}
}

// compatible reports whether the types of two objects allow pairing them. Only objects
// with the same name must agree in type, apart from the API version; a pair with the
// same id or path is left to the comparison to refuse.
func (g *group) compatible(c, d *object) bool {
	return g.name != byName.name || c.odataType == nil || d.odataType == nil || c.odataType.Is(d.odataType) || c.odataType.Name == d.odataType.Name
}

// agree reports whether two objects are compatible and their ids do not differ.
func (g *group) agree(c, d *object) bool {
	return g.compatible(c, d) && (g.name == byID.name || c.id == "" || d.id == "")
}

// large reports whether a group is too large to compare its objects in pairs. All its
// objects then count as matching.
func (g *group) large() bool { return len(g.current)*len(g.desired) > 1<<20 }

// akin returns the objects of a group that fit and can be of the type of another, or all
// that fit if none can: objects of several types may have one id, as a group and its team.
func (g *group) akin(to *object, indices []int, objects []object, fit func(*object) bool) (list []int) {
	if g.large() {
		return indices
	}
	var related []int
	for _, i := range indices {
		if !fit(&objects[i]) {
			continue
		}
		list = append(list, i)
		if a, b := objects[i].of, to.of; a == nil || b == nil || a.Is(b) || b.Is(a) || a.Name == b.Name { // of another API version
			related = append(related, i)
		}
	}
	if len(related) > 0 {
		return related
	}
	return list
}

// filesOf lists the files of some objects of a group, except for one, with the ids in
// which they differ.
func (g *group) filesOf(list []object, indices []int, except int) string {
	const most = 5
	others := len(indices)
	if except >= 0 {
		others--
	}
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
	if more := others - len(found); more > 0 {
		found = append(found, fmt.Sprintf("%d more", more))
	}
	return strings.Join(found, ", ")
}
