package patchlint

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"unicode/utf8"

	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/lazy"
)

// Dialect is the syntax that a Document is parsed with.
type Dialect uint8

const (
	JSON  Dialect = iota // strict RFC 8259
	JSONC                // JSON with // and /* */ comments and trailing commas
)

// maxSize is the maximum size of a source, in bytes, and startSize that of the part of a
// larger source that is read to determine its type.
const (
	maxSize   = math.MaxInt32
	startSize = 64 << 10
)

// maxName is the maximum length of a member name, in bytes as written between its
// quotes. RFC 8259 section 9 allows parsers to set such limits.
const maxName = math.MaxUint16 - len(`""`)

// Kind is the JSON kind of a Node.
type Kind uint8

const (
	Null Kind = iota + 1
	Bool
	Number
	String
	Object
	Array
)

// String returns the kind in a form that fits a sentence, such as "an object" or "null".
func (k Kind) String() string {
	names := [...]string{0: "nothing", Null: "null", "a boolean", "a number", "a string", "an object", "an array"}
	if int(k) < len(names) {
		return names[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Document is a parsed JSON text that records the position of every value. It
// preserves the order of members and duplicate names. A Document is safe for concurrent
// reading. The source it was parsed from must not be modified while it is in use.
type Document struct {
	src      []byte
	dialect  Dialect
	records  []record // the tree in document order; the root is the first
	faults   []Diagnostic
	comments []Span
	whole    bool // the tree represents the entire source
	memo     lazy.Memo
}

func init() {
	lazy.MemoOf = func(document any) *lazy.Memo { return &document.(*Document).memo }
}

// record is one value of the tree. A subtree is contiguous: the first child of record i
// is i+1, and its next sibling is at end. Records are kept small because those of a
// document take about as much memory as its text.
type record struct {
	kind       Kind
	escaped    escaped
	nameLength uint16 // length of the member name with its quotes; 0 for elements and the root
	parent     int32  // index of the parent record; -1 for the root
	end        int32  // index of the record after this subtree; 0 while the value is open
	key        int32  // offset of the member name, at its opening quote
	start      int32  // offset of the value
	finish     int32  // offset of the end of the value; while it is open, the number of its children
}

// escaped is the set of texts of a record that differ from the bytes between their quotes.
type escaped uint8

const (
	escapedName escaped = 1 << iota // the name contains a backslash or is not valid UTF-8
	escapedText                     // the string value contains a backslash
)

// keyEnd returns the offset after the member name and its closing quote.
func (r *record) keyEnd() int32 { return r.key + int32(r.nameLength) }

// Parse parses src as one JSON text. The returned Document is never nil: in case of an
// error it contains what was read before the error.
//
// Parse returns an error if the text violates the dialect, is UTF-16, is nested deeper
// than 1,000 levels, has a member name longer than 65,533 bytes, or is larger than 2 GiB. The
// error message starts with "line:column: ". Document.Faults describes the error in
// detail, and lists faults that are not errors of Parse: duplicate names, invalid UTF-8
// and a byte order mark.
func Parse(src []byte, dialect Dialect) (*Document, error) {
	d := new(Document)
	return d, d.Parse(src, dialect, 0, 0)
}

// Parse is like the function Parse but reuses the memory of d. Nodes obtained from d
// before must no longer be used. It lists at most the given number of faults. Of a source
// that is larger than size bytes it reads only the start, and lists json-limit as the only
// fault. 0 means 1,000 faults and 2 GiB.
func (d *Document) Parse(src []byte, dialect Dialect, faults, size int) error {
	if faults = cmp.Or(faults, bounds.Findings); size <= 0 || size > maxSize {
		size = maxSize
	}
	tooLarge := len(src) > size
	if tooLarge {
		src = src[:min(size, startSize)]
	}
	d.src, d.dialect, d.whole = src, dialect, false
	d.faults, d.comments, d.records = d.faults[:0], d.comments[:0], d.records[:0]
	d.memo.Clear()
	s := scanner{doc: d, src: src, dialect: dialect, container: -1, bounds: bounds.New(faults, len(src))}
	s.scan()
	if tooLarge {
		d.whole, s.failure = false, 1
		d.faults = append(d.faults[:0], Diagnostic{
			Rule: "json-limit", Severity: Error,
			Message: fmt.Sprintf("the document is larger than %d bytes and the rest was not read", size),
		})
	}
	var err error
	if s.failure > 0 {
		f := &d.faults[s.failure-1]
		err = &failure{src, f.Span.Start, f.Message}
	}
	if len(d.faults) > 1 {
		slices.SortStableFunc(d.faults, Diagnostic.Compare)
	}
	return err
}

// failure is the error of Parse. Most callers look at the faults instead, so its line is
// found only when it is printed.
type failure struct {
	src     []byte
	offset  int
	message string
}

func (f *failure) Error() string {
	line, column := Unparsed(f.src).Position(f.offset)
	return fmt.Sprintf("%d:%d: %s", line, column, f.message)
}

// Relocate returns a Document with the tree of d and the source src, which d's source
// was extracted from. place maps an offset in d's source to the offset in src, and must
// be nondecreasing.
func (d *Document) Relocate(src []byte, place func(offset int) int) *Document {
	moved := &Document{src: src, dialect: d.dialect, whole: d.whole, records: slices.Clone(d.records)}
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

// Unparsed returns a Document with an empty tree for a text that is not parsed.
func Unparsed(src []byte) *Document { return &Document{src: src} }

// Source returns the bytes the document was parsed from.
func (d *Document) Source() []byte { return d.src }

// Dialect returns the dialect the document was parsed as.
func (d *Document) Dialect() Dialect { return d.dialect }

// Faults returns the findings about the text itself, in the order of
// Diagnostic.Compare. Their rules are json-syntax, json-limit, json-encoding and
// json-duplicate-name. The caller must not modify the slice.
func (d *Document) Faults() []Diagnostic { return d.faults }

// Whole reports whether the tree represents the entire source, because parsing did not
// stop at a fault. A whole document may still have faults that parsing recovered from.
func (d *Document) Whole() bool { return d.whole }

// Comments returns the spans of the comments, delimiters included.
func (d *Document) Comments() []Span { return d.comments }

// mark returns the byte order mark that the source starts with, or nil.
func (d *Document) mark() []byte {
	if bytes.HasPrefix(d.src, byteOrderMark) {
		return d.src[:len(byteOrderMark)]
	}
	return nil
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// Root returns the outermost value, or the zero Node if nothing was read.
func (d *Document) Root() Node {
	if len(d.records) == 0 {
		return Node{}
	}
	return Node{d, 0}
}

// At returns the innermost value that contains the byte at offset, in its text or in
// its member name. It returns the zero Node if no value contains it.
func (d *Document) At(offset int) Node {
	n := d.Root()
	if s := n.Span(); offset < s.Start || offset >= s.End {
		return Node{}
	}
	// Records are in source order, a value before its children: the result is the
	// last one that starts at or before offset, or an ancestor of it.
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

// Find returns the value that p refers to, or the zero Node if it is absent. If a name
// is duplicated, the last member with that name counts.
func (d *Document) Find(p Pointer) Node {
	n := d.Root()
	if !p.valid() {
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
			n = n.element(i)
		default:
			return Node{}
		}
	}
	return n
}
