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
	// they agree on kind, size and name, value by value. The roots' own names are
	// not part of the values.
	for i := range x {
		p, q := &x[i], &y[i]
		if p.kind != q.kind || p.end-n.id != q.end-o.id {
			return false
		}
		if i > 0 && !bytes.Equal(a.src[p.key:p.keyEnd()], b.src[q.key:q.keyEnd()]) {
			return false
		}
		if p.kind < Object && !bytes.Equal(a.src[p.start:p.finish], b.src[q.start:q.finish]) {
			return false
		}
	}
	return true
}

// Alike reports whether two values are the same bytes but for what their strings
// say, those of members called exact excepted. What is said of the one without a
// look at its other strings then holds of the other as well.
func (n Node) Alike(o Node, exact string) bool {
	if n.doc == nil || o.doc == nil {
		return n.doc == o.doc
	}
	a, b := n.doc.src, o.doc.src
	x, y := n.doc.records[n.id:n.record().end], o.doc.records[o.id:o.record().end]
	if len(x) != len(y) {
		return false
	}
	// Between two strings stands the same, so there are as many of them, and
	// all other tokens are the same.
	from, oFrom := x[0].start, y[0].start
	for i := range x {
		p, q := &x[i], &y[i]
		if p.kind != q.kind {
			return false
		}
		if p.kind != String {
			continue
		}
		if !bytes.Equal(a[from:p.start], b[oFrom:q.start]) {
			return false
		}
		if (Node{n.doc, n.id + int32(i)}).NameIs(exact) && !bytes.Equal(a[p.start:p.finish], b[q.start:q.finish]) {
			return false
		}
		from, oFrom = p.finish, q.finish
	}
	return bytes.Equal(a[from:x[0].finish], b[oFrom:y[0].finish])
}
