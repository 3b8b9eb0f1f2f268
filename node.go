package patchlint

import (
	"encoding/json"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Node is a value of a Document. It is a small, comparable handle. The zero Node is
// an absent value; every method may be called on it.
type Node struct {
	doc *Document
	id  int32
}

func (n Node) record() *record {
	if n.doc == nil {
		return &absent
	}
	return &n.doc.records[n.id]
}

var absent = record{parent: -1}

// Exists reports whether n is a value, and not the zero Node.
func (n Node) Exists() bool { return n.doc != nil }

// Document returns the document that n belongs to.
func (n Node) Document() *Document { return n.doc }

// Kind returns the JSON kind of n, and 0 for the zero Node.
func (n Node) Kind() Kind { return n.record().kind }

// Span returns the span of the value, including quotes or brackets.
func (n Node) Span() Span {
	r := n.record()
	return Span{int(r.start), int(r.finish)}
}

// Key returns the span of the member name, including its quotes. The span is empty for
// array elements and the root.
func (n Node) Key() Span {
	r := n.record()
	return Span{int(r.key), int(r.keyEnd())}
}

// Opening returns the span of the first byte of the value. For an object it is the
// opening brace, where a missing member is reported.
func (n Node) Opening() Span {
	r := n.record()
	return Span{int(r.start), min(int(r.start)+1, int(r.finish))}
}

// Raw returns the bytes of the value in the source.
func (n Node) Raw() []byte {
	if n.doc == nil {
		return nil
	}
	r := n.record()
	return n.doc.src[r.start:r.finish]
}

// Name returns the member name, unescaped. It returns "" for elements and the root.
// Invalid UTF-8 and lone surrogates become U+FFFD.
func (n Node) Name() string {
	return string(n.NameBytes())
}

// NameBytes is like Name but avoids a copy where it can by returning a part of the
// source, which the caller must not modify.
func (n Node) NameBytes() []byte {
	r := n.record()
	switch {
	case r.nameLength == 0:
		return nil
	case r.escaped&escapedName == 0:
		return n.doc.src[r.key+1 : r.keyEnd()-1]
	}
	return unquote(n.doc.src[r.key:r.keyEnd()])
}

// Text returns the value of a string, unescaped. It returns "" for every other kind.
// Invalid UTF-8 and lone surrogates become U+FFFD.
func (n Node) Text() string {
	return strings.ToValidUTF8(string(n.TextBytes()), "\uFFFD")
}

// TextBytes is like Text but avoids a copy where it can by returning a part of the
// source, which the caller must not modify and which may have invalid UTF-8.
func (n Node) TextBytes() []byte {
	r := n.record()
	switch {
	case r.kind != String:
		return nil
	case r.escaped&escapedText == 0:
		return n.doc.src[r.start+1 : r.finish-1]
	}
	return unquote(n.doc.src[r.start:r.finish])
}

// Empty reports whether n has no members and no elements.
func (n Node) Empty() bool { return n.record().end <= n.id+1 }

// Len returns the number of members or elements, 0 for scalars. It takes linear time.
func (n Node) Len() int {
	count := 0
	for range n.Children() {
		count++
	}
	return count
}

// Children yields the values of an object's members or an array's elements in
// source order, duplicates included.
func (n Node) Children() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		r := n.record()
		for child := n.id + 1; child < r.end; child = n.doc.records[child].end {
			if !yield(Node{n.doc, child}) {
				return
			}
		}
	}
}

// All yields n and all its descendants in source order.
func (n Node) All() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		if !n.Exists() {
			return
		}
		for id := n.id; id < n.record().end; id++ {
			if !yield(Node{n.doc, id}) {
				return
			}
		}
	}
}

// Member returns the value of the member with the given name, or the zero Node. If the
// name is duplicated, it returns the last, as most JSON parsers do.
func (n Node) Member(name string) Node {
	object := n.record()
	if object.kind != Object {
		return Node{}
	}
	members, last := 0, int32(0) // 0 is the root, which is not a member
	records, length := n.doc.records, uint16(len(name)+len(`""`))
	for id := n.id + 1; id < object.end; {
		if members++; members > few {
			last = n.lastNamed(name)
			break
		}
		r := &records[id] // lengths tell most names apart
		if (r.nameLength == length || r.escaped&escapedName != 0) && string(Node{n.doc, id}.NameBytes()) == name {
			last = id
		}
		id = r.end
	}
	if last == 0 {
		return Node{}
	}
	return Node{n.doc, last}
}

// Parent returns the object or array that contains n. It returns the zero Node for the
// root.
func (n Node) Parent() Node {
	p := n.record().parent
	if p < 0 {
		return Node{}
	}
	return Node{n.doc, p}
}

// Pointer returns the JSON Pointer of n.
func (n Node) Pointer() Pointer {
	return n.pointer(Node.ordinal)
}

// pointer returns the JSON Pointer of n, with array indexes computed by index.
func (n Node) pointer(index func(element Node) int) Pointer {
	var levels [16]Node
	chain := levels[:0] // n and its ancestors without the root
	length := 0         // estimated length of the pointer
	for up := n; up.Parent().Exists(); up = up.Parent() {
		chain = append(chain, up)
		length += up.Key().Len() + len("/1234")
	}
	var memory [128]byte
	text := slices.Grow(memory[:0], length)
	for _, n := range slices.Backward(chain) {
		text = append(text, '/')
		if n.Key().Len() == 0 {
			text = strconv.AppendInt(text, int64(index(n)), 10)
		} else {
			text = appendToken(text, n.NameBytes())
		}
	}
	return Pointer(text)
}

// Value returns n as encoding/json decodes it into an any, with numbers as json.Number.
// If a name is duplicated, the last member counts.
func (n Node) Value() any {
	switch n.Kind() {
	case Bool:
		return string(n.Raw()) == "true"
	case Number:
		return json.Number(n.Raw())
	case String:
		return n.Text()
	case Object:
		m := make(map[string]any, n.Len())
		for child := range n.Children() {
			m[child.Name()] = child.Value()
		}
		return m
	case Array:
		a := make([]any, 0, n.Len())
		for child := range n.Children() {
			a = append(a, child.Value())
		}
		return a
	}
	return nil
}

// unquote returns the text of a JSON string literal.
func unquote(literal []byte) []byte {
	var text string
	_ = json.Unmarshal(literal, &text) // encoding/json accepts every literal that the scanner accepts
	return []byte(text)
}
