package patchlint

import "bytes"

// Equal reports whether two values are the same tokens in the same order: the
// same bytes but for white space and comments. Equal values mean the same to
// every reader; those that are not may still, for a string, a number and the
// order of members can be written in more than one way. The zero Node equals
// itself only.
func (n Node) Equal(o Node) bool {
	if n.doc == nil || o.doc == nil {
		return n.doc == o.doc
	}
	a, b := n.doc, o.doc
	x, y := a.records[n.id:n.record().end], b.records[o.id:o.record().end]
	if len(x) != len(y) {
		return false
	}
	// The two subtrees stand in document order, so they are the same tree when
	// they agree on kind, number of children and name, value by value. The
	// roots' own names are not part of the values.
	for i := range x {
		p, q := &x[i], &y[i]
		if p.kind != q.kind || p.count != q.count {
			return false
		}
		if i > 0 && !bytes.Equal(a.src[p.key:p.keyEnd], b.src[q.key:q.keyEnd]) {
			return false
		}
		if p.kind < Object && !bytes.Equal(a.src[p.start:p.finish], b.src[q.start:q.finish]) {
			return false
		}
	}
	return true
}
