package command

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/identity"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
)

// pairing pairs the objects of a directory with desired ones.
type pairing struct {
	current, desired []object
	pairedWith       []int  // the index of the current object paired with each desired one, or -1
	done             []bool // desired objects that are paired or have an error
	paired           []bool // current objects that are paired
	contested        []bool // current objects that an error is about
	errs             []error
}

func newPairing(current, desired []object) *pairing {
	return &pairing{
		current: current, desired: desired,
		pairedWith: slices.Repeat([]int{-1}, len(desired)), done: make([]bool, len(desired)),
		paired: make([]bool, len(current)), contested: make([]bool, len(current)),
	}
}

// left reports whether a current object is not paired, and no error is about it.
func (p *pairing) left(current int) bool { return !p.paired[current] && !p.contested[current] }

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
	p := newPairing(current, desired)
	known, unknown := (*object).typed, func(o *object) bool { return !o.typed() }
	for _, by := range []key{byID, byNameAndType, byPath} {
		p.match(by, known, known, agreeing)
		p.match(by, known, unknown, likely)
		p.match(by, unknown, known, likely)
	}
	for _, by := range []key{byNameAndType, byPath} {
		p.match(by, known, known, differing)
		p.match(by, known, unknown, differing)
		p.match(by, unknown, known, differing)
	}
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
	for _, by := range []key{byID, byName, byPath} {
		p.match(by, anyType, anyType, agreeing)
	}
	return p
}

// manner is how the objects of a group are paired.
type manner int

const (
	agreeing  manner = iota // if their ids do not differ: an object with an id fits one without
	likely                  // as agreeing, but without an error if several match
	differing               // even if their ids differ
)

// group is the objects of both sides that have the same key.
type group struct {
	key
	manner
	current, desired members
}

// members are objects of a group by index.
type members struct {
	all, unidentified []int
	fits              map[kind]*fits // so that the time is not quadratic
}

// kind is what decides which objects of a group an object fits.
type kind struct {
	of, odataType *schema.Type
	unidentified  bool // it fits only objects without an id
}

// fits are the objects that those of a kind fit.
type fits struct {
	list   []int
	failed bool // an object of the kind has an error
}

func (m *members) add(i int, o *object) {
	m.all = append(m.all, i)
	if o.id == "" {
		m.unidentified = append(m.unidentified, i)
	}
}

// match groups the objects that are not paired yet by a key, and pairs those of each group
// with objects of both sides.
func (p *pairing) match(by key, desired, current func(*object) bool, m manner) {
	groups := make(map[string]*group)
	var ordered []*group
	for i := range p.desired {
		o := &p.desired[i]
		text := by.value(o)
		if text == "" || p.done[i] || !desired(o) {
			continue
		}
		if groups[text] == nil {
			groups[text] = &group{key: by, manner: m}
			ordered = append(ordered, groups[text])
		}
		groups[text].desired.add(i, o)
	}
	for i := range p.current {
		if o := &p.current[i]; !p.paired[i] && current(o) {
			if g := groups[by.value(o)]; g != nil {
				g.current.add(i, o)
			}
		}
	}
	for _, g := range ordered {
		p.pair(g)
	}
}

// pair pairs the objects of a group that fit each other and no others. It adds an error for
// any other desired object that fits something. No current object that it fits is then said
// to be on one side only, and what matches that by a later key has an error, too.
func (p *pairing) pair(g *group) {
	for _, i := range g.desired.all {
		d := &p.desired[i]
		fitting := g.fitting(d, p.current, &g.current)
		fits := fitting.list
		if len(fits) == 0 {
			continue
		}
		c := &p.current[fits[0]]
		rivals := g.fitting(c, p.desired, &g.desired).list
		several, remedy := len(fits) > 1 || len(rivals) > 1 || rivals[0] != i, "give each its id"
		switch {
		case !several && !p.contested[fits[0]]:
			p.pairedWith[i], p.paired[fits[0]], p.done[i] = fits[0], true, true
			continue
		case several && g.manner == likely, len(fits) == 1 && !related(d.of, c.of) && related(p.desired[rivals[0]].of, c.of):
			continue // it may match by a later key, or is of another type
		case !several:
			remedy = "correct the error about that first"
		case g.manner == differing:
			remedy = fmt.Sprintf("if that is in another tenant, leave %s out of desired [id-mismatch]", identity.Names(d.of))
		case g.name == byID.name:
			remedy = "keep one"
		}
		fitting.failed, p.done[i] = true, true
		others := append(g.filesOf(p.current, fits, -1), g.filesOf(p.desired, rivals, i)...)
		if len(others) > mostFitting {
			others = append(others[:mostFitting], "and others")
		}
		p.errs = append(p.errs, fmt.Errorf("%s: its %s is also that of %s; %s", d.file, g.name, strings.Join(others, ", "), remedy))
	}
	for _, fits := range g.current.fits {
		for _, k := range fits.list {
			p.contested[k] = p.contested[k] || fits.failed && !p.paired[k]
		}
	}
}

// related reports whether an object can be of both types, apart from the API version.
func related(a, b *schema.Type) bool {
	return a == nil || b == nil || a.Is(b) || b.Is(a) || a.Name == b.Name
}

// mostFitting is how many objects that fit another one are listed.
const mostFitting = 5

// fitting returns the objects of the other side that fit an object, those of a related
// type if there are any: objects of several types may have one id, as a group and its team.
// Only objects with the same name must agree in type; a pair with the same id or path is left
// to the comparison to refuse.
func (g *group) fitting(o *object, objects []object, others *members) *fits {
	from, of := others.all, kind{of: o.of}
	if g.manner != differing && g.name != byID.name && o.id != "" {
		from, of.unidentified = others.unidentified, true
	}
	if g.name == byName.name {
		of.odataType = o.odataType
	}
	if known := others.fits[of]; known != nil {
		return known
	}
	if g.name == byName.name {
		from = slices.DeleteFunc(slices.Clone(from), func(i int) bool { return !related(o.odataType, objects[i].odataType) })
	}
	found := &fits{list: slices.DeleteFunc(slices.Clone(from), func(i int) bool { return !related(o.of, objects[i].of) })}
	if len(found.list) == 0 {
		found.list = from
	}
	if others.fits == nil {
		others.fits = make(map[kind]*fits)
	}
	others.fits[of] = found
	return found
}

// filesOf lists the files of some objects, except for one, with the ids in which they differ.
// It ends with the first that is not listed.
func (g *group) filesOf(list []object, indices []int, except int) (found []string) {
	for _, i := range indices {
		if i == except {
			continue
		}
		if len(found) > mostFitting {
			break
		}
		text := list[i].file
		if id := list[i].id; id != "" && g.name != byID.name {
			text += " " + inert.Quote(secret.Mask(list[i].document, secret.MaskName(id)))
		}
		found = append(found, text)
	}
	return found
}
