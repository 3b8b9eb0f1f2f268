package diff

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// Modified is an element that is in both collections with the same target and
// another filter.
type Modified struct{ Current, Sent patchlint.Node }

// Elements tells what a change of a collection does to its elements, compared
// as multisets: which are added, in the order they are sent, which are removed,
// in the order of current, and how many are kept. Of the added and removed
// those that differ in their filter only are given as modified.
func (c Change) Elements(m *schema.Model) (added, removed []patchlint.Node, modified []Modified, kept int) {
	if !c.Property.Collection {
		return nil, nil, nil, 0
	}
	l := locksteps.Get().(*lockstep)
	defer l.release()
	return l.elements(m, c.Property, c.Current, c.Sent)
}
