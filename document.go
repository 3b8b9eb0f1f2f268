package patchlint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"slices"
	"sort"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/lazy"
)

// Dialect says which text a Document may hold.
type Dialect uint8

const (
	JSON  Dialect = iota // RFC 8259 to the letter
	JSONC                // JSON with // and /* */ comments and trailing commas
)

// MaxDepth is the deepest nesting of objects and arrays that is read.
const MaxDepth = 1000

// maxSize is the largest source, in bytes, that a Document can hold.
const maxSize = math.MaxInt32

// maxName is the longest name of a member that is read, in bytes as it is
// written between its quotes. RFC 8259 section 9 leaves such limits to readers.
const maxName = math.MaxUint16 - len(`""`)

// Kind is the JSON kind of a Node.
type Kind uint8

const (
	Absent Kind = iota // the kind of the zero Node
	Null
	Bool
	Number
	String
	Object
	Array
)

// String returns the kind as it reads in a sentence: "an object", "null".
func (k Kind) String() string {
	names := [...]string{"nothing", "null", "a boolean", "a number", "a string", "an object", "an array"}
	if int(k) < len(names) {
		return names[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Document is the tree of a JSON text that remembers the position of every value.
// Order and duplicate names are kept. It may be read by several goroutines at
// once; the source it was parsed from must not change while it is in use.
type Document struct {
	src      []byte
	dialect  Dialect
	records  []record // the tree in document order; the root is the first
	faults   []Diagnostic
	comments []Span
	whole    bool // the tree shows all of the source
	origin   Origin
	keys     []uint64 // scratch of the duplicate check, kept to be reused

	linesOnce sync.Once
	lines     []int32 // offsets at which lines start

	unitsOnce sync.Once
	units     []unitMark

	memo lazy.Memo // what was made of the document on demand
}

func init() {
	lazy.MemoOf = func(document any) *lazy.Memo { return &document.(*Document).memo }
}

// record is one value. A subtree is contiguous: the first child of record i is
// i+1, and its next sibling is at end. Small records are fast ones: a document
// has about as many bytes of them as of text.
type record struct {
	kind       Kind
	escaped    escaped
	nameLength uint16 // of the member name with its quotes; 0 for elements and the root
	parent     int32  // -1 for the root
	end        int32  // the record after this subtree, 0 while it is open
	key        int32  // the member name with its quotes
	start      int32  // the value
	finish     int32  // the end of the value; while it is open, how many children it has
}

// escaped says which texts of a record are not the bytes between its quotes.
type escaped uint8

const (
	escapedName escaped = 1 << iota // it holds a backslash, or is not UTF-8
	escapedText                     // it holds a backslash
)

// keyEnd is where the member name ends, its quotes included.
func (r *record) keyEnd() int32 { return r.key + int32(r.nameLength) }

// mayBeNamed reports whether the value can be that of a member of that name, going by
// the length of its own.
func (r *record) mayBeNamed(name string) bool {
	return int(r.nameLength) == len(name)+len(`""`) || r.escaped&escapedName != 0
}

// Parse reads one JSON text. The Document is never nil: beside an error it
// holds what was read so far, enough for an editor to work with.
//
// The error starts with its place, as "line:column: ", and says that the text is not
// of the dialect, is UTF-16, is nested deeper than MaxDepth, has a name of more
// than 64 KiB, or is larger than 2 GiB. Faults has it, too, with all there is to say of
// it, and it has what is wrong with a text that gives no error: duplicate names, invalid
// UTF-8, a byte order mark.
func Parse(src []byte, dialect Dialect) (*Document, error) {
	d := new(Document)
	return d, d.Parse(src, dialect, 0)
}

// Parse is like the function Parse and reuses the memory of d. Nodes of what d held
// before must no longer be used. It lists so many faults at the most; 0 means MaxFindings.
func (d *Document) Parse(src []byte, dialect Dialect, faults int) error {
	if faults == 0 {
		faults = MaxFindings
	}
	d.src, d.dialect, d.origin, d.whole = src, dialect, Origin{}, false
	d.faults, d.comments = d.faults[:0], d.comments[:0]
	d.linesOnce, d.unitsOnce = sync.Once{}, sync.Once{}
	d.memo.Clear()
	d.records = d.records[:0]
	s := scanner{doc: d, src: d.src, dialect: d.dialect, container: -1, member: -1, bounds: bounds.New(faults, len(d.src))}
	s.scan()
	var err error
	if s.failure > 0 {
		failure := &d.faults[s.failure-1]
		err = &notRead{d.Position(failure.Span.Start), failure.Message}
	}
	if len(d.faults) > 1 {
		slices.SortStableFunc(d.faults, Diagnostic.Compare)
	}
	return err
}

// notRead is the error of a text that cannot be read.
type notRead struct {
	Position
	message string
}

func (e *notRead) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.message) }

// TooLarge returns the Document of a source that is larger than limit bytes and
// of which only the start was read: its one fault is json-limit, and its tree
// shows what the start held.
func TooLarge(start []byte, limit int64) *Document {
	d := new(Document)
	_ = d.Parse(start, JSONC, 0) // it breaks off somewhere, which says nothing
	d.whole = false
	d.faults = []Diagnostic{{
		Rule: "json-limit", Severity: Error, Span: Span{0, 0},
		Message: fmt.Sprintf("the document is larger than %d bytes and was not read on", limit),
	}}
	return d
}

// Origin is where a source starts in a file that it is only a part of.
type Origin struct {
	Offset int64 // bytes before it
	Line   int   // lines before it
}

// Origin returns where the source starts in its file; zero for a whole file.
func (d *Document) Origin() Origin { return d.origin }

// SetOrigin says where the source starts in its file. It must start a line
// there. Positions and lines then count from the start of the file; spans stay
// relative to the source.
func (d *Document) SetOrigin(o Origin) { d.origin = o }

// Relocate returns the tree of d over another source, in which place says where
// each byte of d's source is, so that the tree points to where the text
// came from. Place must not decrease.
func (d *Document) Relocate(src []byte, place func(offset int) int) *Document {
	moved := &Document{src: src, dialect: d.dialect, whole: d.whole, origin: d.origin}
	moved.records = slices.Clone(d.records)
	for i := range moved.records {
		r := &moved.records[i]
		key, keyEnd := place(int(r.key)), place(int(r.keyEnd()))
		r.key, r.nameLength = int32(key), uint16(min(keyEnd-key, math.MaxUint16))
		if !utf8.Valid(src[key:keyEnd]) {
			r.escaped |= escapedName
		}
		r.start, r.finish = int32(place(int(r.start))), int32(place(int(r.finish)))
	}
	for _, c := range d.comments {
		moved.comments = append(moved.comments, Span{place(c.Start), place(c.End)})
	}
	return moved
}

// Unparsed returns the Document of a text that is not looked into: its tree is
// empty, and only what concerns any text can be found in it.
func Unparsed(src []byte) *Document { return &Document{src: src} }

// Source returns the bytes the document was parsed from.
func (d *Document) Source() []byte { return d.src }

// Dialect returns the dialect the document was parsed as.
func (d *Document) Dialect() Dialect { return d.dialect }

// Faults returns what is wrong with the text itself, in the order of
// Diagnostic.Compare, under the rules json-syntax, json-limit, json-encoding
// and json-duplicate-name. The slice belongs to the document.
func (d *Document) Faults() []Diagnostic { return d.faults }

// Whole reports whether the tree shows all of the source: the scan did not stop
// at a fault. A whole document may still have faults that were read past.
func (d *Document) Whole() bool { return d.whole }

// Comments returns the spans of the comments, delimiters included.
func (d *Document) Comments() []Span { return d.comments }

// mark returns the byte order mark the source starts with, if it does.
func (d *Document) mark() []byte {
	if bytes.HasPrefix(d.src, byteOrderMark) {
		return d.src[:len(byteOrderMark)]
	}
	return nil
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// Root returns the outermost value; the zero Node when nothing was read.
func (d *Document) Root() Node {
	if len(d.records) == 0 {
		return Node{}
	}
	return Node{d, 0}
}

// At returns the innermost value whose text, or whose member's name, holds the
// byte at offset; the zero Node when there is none.
func (d *Document) At(offset int) Node {
	n := d.Root()
	if s := n.Span(); offset < s.Start || offset >= s.End {
		return Node{}
	}
	// Records are in the order of their places, a value before what it holds: the
	// last that starts at or before the offset, or what holds it, is the one.
	last := sort.Search(len(d.records), func(i int) bool {
		r := &d.records[i]
		start := r.start
		if r.nameLength > 0 {
			start = r.key
		}
		return int(start) > offset
	}) - 1
	for n = (Node{d, int32(last)}); n.Span().End <= offset; n = n.Parent() {
	}
	return n
}

// Find returns the value a pointer names, the last of several members of one
// name, and the zero Node when there is none.
func (d *Document) Find(p Pointer) Node {
	n := d.Root()
	if !p.Valid() {
		return Node{}
	}
	for token := range p.Tokens() {
		switch n.Kind() {
		case Object:
			n = n.Member(token)
		case Array:
			i, err := strconv.Atoi(token)
			if err != nil || strconv.Itoa(i) != token { // no leading zeros, RFC 6901 section 4
				return Node{}
			}
			n = n.Element(i)
		default:
			return Node{}
		}
	}
	return n
}

// Node is one value of a Document: a small handle, comparable, and absent when
// zero. Every method may be called on the zero Node.
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

// Exists reports whether n is a value at all.
func (n Node) Exists() bool { return n.doc != nil }

// Document returns the document that n is a value of.
func (n Node) Document() *Document { return n.doc }

// Kind returns the JSON kind of n, Absent for the zero Node.
func (n Node) Kind() Kind { return n.record().kind }

// Span is the span of the value, quotes or brackets included.
func (n Node) Span() Span {
	r := n.record()
	return Span{int(r.start), int(r.finish)}
}

// Key is the span of the name of a member, quotes included; empty for array
// elements and the root.
func (n Node) Key() Span {
	r := n.record()
	return Span{int(r.key), int(r.keyEnd())}
}

// IsMember reports whether n is the value of an object's member.
func (n Node) IsMember() bool {
	return n.record().nameLength > 0
}

// Opening is the span of the value's first byte: the opening brace of an object,
// where something missing from it is reported.
func (n Node) Opening() Span {
	r := n.record()
	return Span{int(r.start), min(int(r.start)+1, int(r.finish))}
}

// Raw returns the bytes of the value as they stand in the source.
func (n Node) Raw() []byte {
	if n.doc == nil {
		return nil
	}
	r := n.record()
	return n.doc.src[r.start:r.finish]
}

// Name returns the member name, unescaped; "" for elements and the root.
// Invalid UTF-8 and lone surrogates become U+FFFD.
func (n Node) Name() string {
	r := n.record()
	if r.nameLength == 0 {
		return ""
	}
	return unquote(n.doc.src[r.key:r.keyEnd()], r.escaped&escapedName != 0)
}

// NameBytes is Name without a copy where there need be none: a part of the source,
// to be read only.
func (n Node) NameBytes() []byte {
	r := n.record()
	if r.nameLength == 0 {
		return nil
	}
	if r.escaped&escapedName == 0 {
		return n.doc.src[r.key+1 : r.keyEnd()-1]
	}
	return []byte(n.Name())
}

// PlainText is Text without a copy: a part of the source, to be read only. ok is
// false for a string that holds an escape, and for every other kind.
func (n Node) PlainText() (text []byte, ok bool) {
	r := n.record()
	if r.kind != String || r.escaped&escapedText != 0 {
		return nil, false
	}
	return n.doc.src[r.start+1 : r.finish-1], true
}

// NameIs reports whether n is the value of a member of that name.
func (n Node) NameIs(name string) bool {
	return n.record().mayBeNamed(name) && string(n.NameBytes()) == name
}

// Text returns the value of a string, unescaped, and "" for every other kind.
// Invalid UTF-8 and lone surrogates become U+FFFD.
func (n Node) Text() string {
	r := n.record()
	if r.kind != String {
		return ""
	}
	return unquote(n.doc.src[r.start:r.finish], r.escaped&escapedText != 0)
}

// Empty reports whether n has no member and no element.
func (n Node) Empty() bool { return n.record().end <= n.id+1 }

// Len is the number of members or elements, 0 for scalars. They are counted each
// time: it is not to be asked in a loop over them.
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

// All yields n and every value in it, in source order.
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

// Member returns the value of the last member of that name, which is the one
// that most readers of JSON keep, or the zero Node.
func (n Node) Member(name string) Node {
	object := n.record()
	if object.kind != Object {
		return Node{}
	}
	members, last := 0, int32(0) // the root is nobody's member
	records := n.doc.records
	for id := n.id + 1; id < object.end; id = records[id].end {
		if members++; members > few {
			return n.lastNamed(name)
		}
		if records[id].mayBeNamed(name) && (Node{n.doc, id}).NameIs(name) {
			last = id
		}
	}
	if last == 0 {
		return Node{}
	}
	return Node{n.doc, last}
}

// Element returns the array element at index i, counted from 0, or the zero
// Node.
func (n Node) Element(i int) Node {
	switch {
	case n.Kind() != Array || i < 0:
	case i > few:
		if table := n.table(); i < len(table) {
			return Node{n.doc, table[i]}
		}
	default:
		for child := range n.Children() {
			if i == 0 {
				return child
			}
			i--
		}
	}
	return Node{}
}

// Parent returns the object or array that holds n, the zero Node for the root.
func (n Node) Parent() Node {
	p := n.record().parent
	if p < 0 {
		return Node{}
	}
	return Node{n.doc, p}
}

// next returns the sibling after n.
func (n Node) next() Node {
	p := n.Parent()
	if !p.Exists() || n.record().end >= p.record().end {
		return Node{}
	}
	return Node{n.doc, n.record().end}
}

// Pointer returns the JSON Pointer of n. It is made on demand, because most
// values are never named.
func (n Node) Pointer() Pointer {
	return n.pointer(func(element Node) int {
		index, _ := element.ordinal()
		return index
	})
}

// pointer is Pointer for a tree in which index tells that of an element.
func (n Node) pointer(index func(element Node) int) Pointer {
	var few [16]Node
	chain := few[:0] // from n up to below the root
	length := 0      // about that of the pointer
	for up := n; up.Parent().Exists(); up = up.Parent() {
		chain = append(chain, up)
		length += up.Key().Len() + len("/1234")
	}
	var memory [128]byte
	text := slices.Grow(memory[:0], length)
	for _, n := range slices.Backward(chain) {
		text = append(text, '/')
		if !n.IsMember() {
			text = strconv.AppendInt(text, int64(index(n)), 10)
		} else {
			text = appendToken(text, n.NameBytes())
		}
	}
	return Pointer(text)
}

// Value returns n as encoding/json decodes into an any, with numbers as
// json.Number. The last of several members of one name wins.
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

// Removal returns the edits that take a member or element out of its parent
// with the comma that belongs to it, and leave comments alone.
func (n Node) Removal() []Edit {
	whole := n.Span()
	if n.IsMember() {
		whole.Start = n.Key().Start
	}
	if next := n.next(); next.Exists() {
		start := next.Span().Start
		if next.IsMember() {
			start = next.Key().Start
		}
		return n.doc.remove(whole, Span{whole.End, start})
	}
	// A trailing comma goes with the last one; the comma before, if there is
	// one, takes its place.
	if n.Parent().Exists() {
		if comma := n.doc.comma(Span{whole.End, n.Parent().Span().End}); comma >= 0 {
			return []Edit{{Span: whole}, {Span: Span{comma, comma + 1}}}
		}
	}
	if _, previous := n.ordinal(); previous.Exists() {
		return n.doc.remove(Span{whole.Start, whole.End}, Span{previous.Span().End, whole.Start})
	}
	return []Edit{{Span: whole}}
}

// comma returns the offset of the first comma in a gap between values that
// stands in no comment, -1 where there is none.
func (d *Document) comma(gap Span) int {
	from := gap.Start
	first := sort.Search(len(d.comments), func(i int) bool { return d.comments[i].End > gap.Start })
	for _, c := range d.comments[first:] {
		if c.Start >= gap.End {
			break
		}
		if at := bytes.IndexByte(d.src[from:c.Start], ','); at >= 0 {
			return from + at
		}
		from = c.End
	}
	if at := bytes.IndexByte(d.src[from:gap.End], ','); at >= 0 {
		return from + at
	}
	return -1
}

// remove takes out a value and what separates it from its neighbour: all of
// the gap when it is a comma and white space, only the comma when comments
// are in it, too.
func (d *Document) remove(value, gap Span) []Edit {
	comma := d.comma(gap)
	if len(bytes.Trim(d.src[gap.Start:gap.End], " \t\r\n")) == 1 {
		return []Edit{{Span: Span{min(value.Start, gap.Start), max(value.End, gap.End)}}}
	}
	at := Edit{Span: Span{comma, comma + 1}}
	if comma < value.Start {
		return []Edit{at, {Span: value}}
	}
	return []Edit{{Span: value}, at}
}

// unquote returns the text of a JSON string literal.
func unquote(literal []byte, escaped bool) string {
	if !escaped {
		inner := literal[1 : len(literal)-1]
		if utf8.Valid(inner) {
			return string(inner)
		}
		return string(bytes.ToValidUTF8(inner, []byte("\uFFFD")))
	}
	var text string
	if err := json.Unmarshal(literal, &text); err != nil {
		// The scanner has accepted the literal, and encoding/json reads
		// everything that the scanner does.
		return string(literal)
	}
	return text
}
