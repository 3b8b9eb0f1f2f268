package command

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/entity"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
)

// pairing pairs the objects of a directory with desired ones.
type pairing struct {
	current, desired []*object
	with             map[*object]*object // the counterpart of each object that is paired
	failed           map[*object]bool    // whether an error is about an object
	errs             []error
}

func newPairing(current, desired []*object) *pairing {
	return &pairing{current: current, desired: desired, with: make(map[*object]*object), failed: make(map[*object]bool)}
}

// unmatched reports whether an object has no counterpart and no error says why.
func (p *pairing) unmatched(o *object) bool { return p.with[o] == nil && !p.failed[o] }

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
		return o.of.Declared().Name + " " + o.name
	}}
)

// pairUp pairs the desired objects with current ones by id, then displayName, then
// path. If several objects match, none is paired and an error lists them. An object of
// unknown type is paired only by id or path, and only with an object of known type,
// because it is likely of the same type. Objects that match by name or path but differ
// in id are paired last, for the comparison to refuse.
func pairUp(current, desired []*object) *pairing {
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
func pairBases(base []*object, pairs *pairing) *pairing {
	paired := slices.DeleteFunc(slices.Clone(pairs.desired), func(d *object) bool { return pairs.with[d] == nil })
	p := newPairing(base, paired)
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

// members are objects of a group.
type members struct {
	all  []*object
	fits map[kind]*fits // so that the time is not quadratic
}

// kind is what decides which objects of a group an object fits.
type kind struct {
	of, odataType *schema.Type
	onlyWithoutID bool // it fits only objects without an id
}

// fits are the objects that those of a kind fit.
type fits struct {
	list   []*object
	failed bool // an object of the kind has an error
}

// match groups the objects that are not paired yet by a key, and pairs those of each group
// with objects of both sides.
func (p *pairing) match(by key, desired, current func(*object) bool, m manner) {
	groups := make(map[string]*group)
	var ordered []*group
	for _, o := range p.desired {
		text := by.value(o)
		if text == "" || !p.unmatched(o) || !desired(o) {
			continue
		}
		g := groups[text]
		if g == nil {
			g = &group{key: by, manner: m}
			groups[text], ordered = g, append(ordered, g)
		}
		g.desired.all = append(g.desired.all, o)
	}
	for _, o := range p.current {
		if g := groups[by.value(o)]; g != nil && p.with[o] == nil && current(o) {
			g.current.all = append(g.current.all, o)
		}
	}
	for _, g := range ordered {
		p.pair(g)
	}
}

// pair pairs the objects of a group that fit each other and no others. It adds an error for
// any other desired object that fits something. The current objects that it fits are then not
// reported as unpaired, and a desired object that matches one of them by a later key also gets
// an error.
func (p *pairing) pair(g *group) {
	for _, d := range g.desired.all {
		fitting := g.fitting(d, &g.current)
		if len(fitting.list) == 0 {
			continue
		}
		c := fitting.list[0]
		rivals := g.fitting(c, &g.desired).list
		several, remedy := len(fitting.list) > 1 || len(rivals) > 1 || rivals[0] != d, "add an id to each of them"
		switch {
		case !several && !p.failed[c]:
			p.with[d], p.with[c] = c, d
			continue
		case several && g.manner == likely, len(fitting.list) == 1 && !related(d.of, c.of) && related(rivals[0].of, c.of):
			continue // it may match by a later key, or is of another type
		case !several:
			remedy = "correct the error about the other file first"
		case g.manner == differing:
			remedy = fmt.Sprintf("if that is in another tenant, leave %s out of desired [id-mismatch]", entity.KeyNames(d.of))
		case g.name == byID.name:
			remedy = "keep one in each directory"
		}
		fitting.failed, p.failed[d] = true, true
		others := append(g.filesOf(fitting.list, nil), g.filesOf(rivals, d)...)
		if len(others) > mostFitting {
			others = append(others[:mostFitting], "and others")
		}
		p.errs = append(p.errs, fmt.Errorf("%s: has the same %s as %s; %s", d.file, g.name, strings.Join(others, ", "), remedy))
	}
	for _, fits := range g.current.fits {
		for _, c := range fits.list {
			p.failed[c] = p.failed[c] || fits.failed && p.with[c] == nil
		}
	}
}

// related reports whether an object can be of both types, apart from the API version.
func related(a, b *schema.Type) bool {
	return a == nil || b == nil || a.Is(b) || b.Is(a) || a.Name == b.Name
}

// mostFitting is the maximum number of objects that an error about another one lists.
const mostFitting = 5

// fitting returns the objects of the other side that fit an object, those of a related
// type if there are any: objects of several types may have one id, as a group and its team.
// Only objects with the same name must agree in type; a pair with the same id or path is left
// to the comparison to refuse.
func (g *group) fitting(o *object, others *members) *fits {
	of := kind{of: o.of, onlyWithoutID: g.manner != differing && g.name != byID.name && o.id != ""}
	if g.name == byName.name {
		of.odataType = o.odataType
	}
	if known := others.fits[of]; known != nil {
		return known
	}
	from := slices.DeleteFunc(slices.Clone(others.all), func(other *object) bool {
		return of.onlyWithoutID && other.id != "" || g.name == byName.name && !related(o.odataType, other.odataType)
	})
	found := &fits{list: slices.DeleteFunc(slices.Clone(from), func(other *object) bool { return !related(o.of, other.of) })}
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
func (g *group) filesOf(list []*object, except *object) (found []string) {
	for _, o := range list {
		if o == except {
			continue
		}
		if len(found) > mostFitting {
			break
		}
		text := o.file
		if o.id != "" && g.name != byID.name {
			text += " " + inert.Quote(secret.Mask(o.document, secret.MaskName(o.id)))
		}
		found = append(found, text)
	}
	return found
}
