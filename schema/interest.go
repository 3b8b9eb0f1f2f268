package schema

import "slices"

// Interest is what a visitor looks at: a mask for the values of each property, by
// Property.Index, for the objects of each type, by Type.Index, and for
// annotations. What its bits say is the visitor's; 0 means that nobody looks.
type Interest struct {
	Properties, Types []uint64
	Annotations       uint64

	unless [][]unless // by Type.Index
}

// unless are bits that do not count for some objects of a type: those that give
// a value, and not null, for any of the properties, or those that give none.
type unless struct {
	mask       uint64
	given      bool
	properties uint64 // by their place in Type.Properties
}

// NewInterest returns an interest with the same mask for all there is.
func (m *Model) NewInterest(mask uint64) *Interest {
	all := func(n int) []uint64 { return slices.Repeat([]uint64{mask}, n) }
	return &Interest{all(m.properties), all(len(m.types)), mask, make([][]unless, len(m.types))}
}

// Unless takes the bits of a mask out of that of objects which give a value, and
// not null, for any property that a function chooses; where given is false, of
// those which give none.
func (of *Interest) Unless(t *Type, mask uint64, given bool, property func(*Property) bool) {
	u := unless{mask: mask, given: given}
	for i, p := range t.Properties {
		if property(p) {
			u.properties |= 1 << i
		}
	}
	of.unless[t.Index] = append(of.unless[t.Index], u)
}

// object is the mask for an object of a type that gives values for properties.
func (of *Interest) object(t *Type, given uint64) uint64 {
	mask := of.Types[t.Index]
	for _, u := range of.unless[t.Index] {
		if (given&u.properties != 0) == u.given {
			mask &^= u.mask
		}
	}
	return mask
}
