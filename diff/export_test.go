package diff

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// CompareCollections is lockstep.compare.
func CompareCollections(m *schema.Model, p *schema.Property, current, sent patchlint.Node) (same, inOrder bool, removed int) {
	var l lockstep
	d := l.compare(m, p, current, sent)
	return d.same, d.inOrder, d.removed
}

// SetLarge sets from how many bytes on a text is worth a goroutine of its own,
// and returns what it was.
func SetLarge(size int) (before int) {
	before, large = large, size
	return before
}
