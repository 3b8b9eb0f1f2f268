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
