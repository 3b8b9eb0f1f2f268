package patchlint

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
	"unicode/utf8"
)

// plain is the scanner for text in which there is nothing to say: RFC 8259 to
// the letter, UTF-8, no name twice in an object, no comment. It gives up at
// anything else, and the scanner of scan.go, which can explain, goes on from the
// last value that had ended.
//
// Invariants:
//   - when plain returns true, the records are those that the other scanner
//     would make, and that one would find no fault;
//   - when it returns false, what the other scanner makes from where plain
//     stopped is what it makes of the whole (FuzzPlain holds both);
//   - container is the innermost open object or array, or -1; every record but
//     the open ones has its end and finish set.
func (d *Document) plain() (stopped place, ok bool) {
	d.records, stopped, ok = plainRecords(d.src, d.records[:0])
	return stopped, ok
}

// place is where a scanner stands when a value and the white space after it have
// ended; the records are those of all that is before. At the start of the text
// pos is 0.
type place struct {
	pos       int
	container int32
	depth     int
}

// plainRecords appends the records of a text, up to where it stopped.
func plainRecords(src []byte, records []record) ([]record, place, bool) {
	if len(src) < 2 || len(src) > MaxSize || src[0] >= utf8.RuneSelf || src[0] == 0 || src[1] == 0 {
		return records, place{}, false // a byte order mark, UTF-16, or no JSON
	}
	if cap(records) == 0 {
		records = make([]record, 0, expected(src))
	}
	var (
		container  = int32(-1)
		object     bool // what the container is
		depth      int
		ended      int   // where the last value had ended, 0 behind an opening bracket
		key        int32 // of the value that is due
		nameLength uint16
		escapes    escaped
		backslash  bool
		kind       Kind
		end        int
	)
	i := space(src, 0)

value:
	if i >= len(src) {
		goto stopped
	}
	switch c := src[i]; c {
	case '"':
		if end, backslash = plainString(src, i); end < 0 {
			goto stopped
		}
		if backslash {
			escapes |= escapedText
		}
		kind = String
	case '{', '[':
		if depth == MaxDepth {
			goto stopped
		}
		if container >= 0 {
			records[container].finish++
		}
		depth++
		kind = Array
		if c == '{' {
			kind = Object
		}
		object = c == '{'
		records = append(room(records, src, i), record{kind: kind, escaped: escapes, nameLength: nameLength, parent: container, key: key, start: int32(i)})
		container = int32(len(records) - 1)
		ended = 0
		key, nameLength, escapes = 0, 0, 0
		i = space(src, i+1)
		switch {
		case i < len(src) && src[i] == c+2: // "}" is "{" + 2, and "]" is "[" + 2
			goto closing
		case object:
			goto name
		}
		goto value
	case 't':
		if end = i + 4; end > len(src) || string(src[i:end]) != "true" {
			goto stopped
		}
		kind = Bool
	case 'f':
		if end = i + 5; end > len(src) || string(src[i:end]) != "false" {
			goto stopped
		}
		kind = Bool
	case 'n':
		if end = i + 4; end > len(src) || string(src[i:end]) != "null" {
			goto stopped
		}
		kind = Null
	default:
		if end = plainNumber(src, i); end < 0 {
			goto stopped
		}
		kind = Number
	}
	if container >= 0 {
		records[container].finish++
	}
	records = append(room(records, src, i), record{
		kind: kind, escaped: escapes, nameLength: nameLength, parent: container, end: int32(len(records) + 1),
		key: key, start: int32(i), finish: int32(end),
	})
	i = end

after:
	i = space(src, i)
	ended = i
	if i >= len(src) {
		if container < 0 {
			return records, place{}, true
		}
		goto stopped
	}
	if container >= 0 && src[i] == ',' {
		i = space(src, i+1)
		if object {
			goto name
		}
		key, nameLength, escapes = 0, 0, 0
		goto value
	}
	if container < 0 || object && src[i] != '}' || !object && src[i] != ']' {
		if i == end && src[i-1] != '"' {
			ended = 0 // a literal or number may go on where it seemed to end
		}
		goto stopped
	}

closing:
	i++
	{
		r := &records[container]
		members := r.finish
		r.finish, r.end = int32(i), int32(len(records))
		if object && members > 1 && !distinct(src, records, container) {
			r.finish, r.end = members, 0 // open, for the other scanner to close
			goto stopped
		}
		container = r.parent
		depth--
		object = container >= 0 && records[container].kind == Object
	}
	goto after

name:
	if i >= len(src) || src[i] != '"' {
		goto stopped
	}
	if end, backslash = plainString(src, i); end < 0 || end-i > math.MaxUint16 {
		goto stopped
	}
	key, nameLength, escapes = int32(i), uint16(end-i), 0
	if backslash {
		escapes = escapedName
	}
	i = space(src, end)
	if i >= len(src) || src[i] != ':' {
		goto stopped
	}
	if i++; i+1 < len(src) && src[i] == ' ' && src[i+1] > ' ' {
		i++ // as most files are written
	} else {
		i = space(src, i)
	}
	goto value

stopped:
	if ended == 0 {
		return records[:0], place{}, false
	}
	return records, place{ended, container, depth}, false
}

// expected is about how many records a source will take: a value is the root,
// the first of an object or array, or stands behind a comma. Of a long source
// parts are looked at. Where that comes to more than one value in 16 bytes, they
// are counted: text can hold any number of commas.
func expected(src []byte) int {
	const part, parts = 256, 16
	n, read := 1, 0
	for at := 0; at < len(src); at += max(part, len(src)/parts) {
		looked := src[at:min(at+part, len(src))]
		read += len(looked)
		for _, c := range []byte(",{[") {
			n += bytes.Count(looked, []byte{c})
		}
	}
	if read < len(src) {
		n = int(int64(n) * int64(len(src)) / int64(read))
		n += n / 16 // growing copies all of them
	}
	if n > len(src)/16+1 {
		return values(src)
	}
	return n
}

// room returns records with room for one more, that of the value at i.
func room(records []record, src []byte, i int) []record {
	if len(records) < cap(records) {
		return records
	}
	return grow(records, src[i:])
}

// grow makes room for the records of the rest of a source at once: a slice that
// grows step by step is copied each time, and takes twice the memory in the end.
//
//go:noinline
func grow(records []record, rest []byte) []record {
	grown := make([]record, len(records), len(records)+max(values(rest), len(records)/8))
	copy(grown, records)
	return grown
}

// values returns how many values are in a text that starts with one: each but
// the first is behind a comma or the first in an object or array.
func values(src []byte) int {
	n := 1
	for i := 0; i < len(src); i++ {
		switch c := src[i]; c {
		case ',':
			n++
		case '{', '[':
			if after := space(src, i+1); after < len(src) && src[after] != c+2 {
				n++
			}
		case '"':
			for i++; i < len(src) && src[i] != '"'; i++ {
				if src[i] == '\\' {
					i++
				}
			}
		case '/':
			i += max(commentLength(src[i:])-1, 0)
		}
	}
	return n
}

// space returns the offset of the first byte from i on that is no white space.
func space(src []byte, i int) int {
	if i < len(src) && src[i] > ' ' {
		return i
	}
	return skipSpace(src, i)
}

func skipSpace(src []byte, i int) int {
	for i < len(src) {
		switch src[i] {
		case ' ':
			// Indentation comes eight at a time.
			for i++; i+8 <= len(src); i += 8 {
				if other := binary.LittleEndian.Uint64(src[i:]) ^ ones*' '; other != 0 {
					i += bits.TrailingZeros64(other) / 8
					break
				}
			}
		case '\n', '\r', '\t':
			i++
		default:
			return i
		}
	}
	return i
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// plainString returns where the string that opens at i ends, -1 when there is
// something to say of it.
func plainString(src []byte, i int) (end int, escaped bool) {
	i++
	for {
		// Eight bytes at a time, up to one that ends the string, escapes, must
		// not stand there, or is not ASCII. A byte b is below n exactly where
		// b-n borrows; above the first hit the others may be wrong.
		for i+8 <= len(src) {
			x := binary.LittleEndian.Uint64(src[i:])
			quote, backslash := x^(ones*'"'), x^(ones*'\\')
			hit := ((x-ones*' ')|(quote-ones)|(backslash-ones))&^x&highs | x&highs
			// "^x" above asks about x's own high bits, which those of quote and
			// backslash share, for neither character has one.
			if hit != 0 {
				i += bits.TrailingZeros64(hit) / 8
				break
			}
			i += 8
		}
		if i >= len(src) {
			return -1, false
		}
		switch c := src[i]; {
		case c == '"':
			return i + 1, escaped
		case c == '\\':
			n := plainEscape(src, i)
			if n == 0 {
				return -1, false
			}
			escaped = true
			i += n
		case c < ' ':
			return -1, false
		case c < utf8.RuneSelf:
			i++
		default:
			r, size := utf8.DecodeRune(src[i:])
			if r == utf8.RuneError && size == 1 {
				return -1, false
			}
			i += size
		}
	}
}

// plainEscape returns the length of the escape sequence at i; 0 for one that is
// none, or half of a surrogate pair.
func plainEscape(src []byte, i int) int {
	if i+1 >= len(src) {
		return 0
	}
	switch src[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		unit, ok := hex4(src[i+2:])
		switch {
		case !ok:
			return 0
		case unit < 0xD800 || unit > 0xDFFF:
			return 6
		case unit < 0xDC00 && i+7 < len(src) && src[i+6] == '\\' && src[i+7] == 'u':
			if low, ok := hex4(src[i+8:]); ok && low >= 0xDC00 && low <= 0xDFFF {
				return 12
			}
		}
	}
	return 0
}

// plainNumber returns where the number at i ends by the grammar of RFC 8259
// section 6, -1 when there is none.
func plainNumber(src []byte, i int) int {
	digits := func() (n int) {
		for i < len(src) && '0' <= src[i] && src[i] <= '9' {
			i++
			n++
		}
		return n
	}
	if src[i] == '-' {
		i++
	}
	whole := i
	if n := digits(); n == 0 || n > 1 && src[whole] == '0' {
		return -1
	}
	if i < len(src) && src[i] == '.' {
		i++
		if digits() == 0 {
			return -1
		}
	}
	if i < len(src) && src[i]|0x20 == 'e' {
		i++
		if i < len(src) && (src[i] == '+' || src[i] == '-') {
			i++
		}
		if digits() == 0 {
			return -1
		}
	}
	return i
}

// distinct reports whether no name stands twice in an object. It knows only
// names without an escape.
func distinct(src []byte, records []record, object int32) bool {
	const few = 64
	o := &records[object]
	// Names that differ in a few of their bits differ. Only those that share
	// all of them with one before are held against all before.
	var (
		seen    uint64
		members int
	)
	for a := object + 1; a < o.end; a = records[a].end {
		r := &records[a]
		if members++; members > few || r.escaped&escapedName != 0 {
			return false
		}
		name := src[r.key+1 : r.keyEnd()-1]
		bit := uint(len(name))
		if len(name) > 0 {
			bit += uint(name[0])*5 + uint(name[len(name)/2])*11
		}
		if seen&(1<<(bit&63)) == 0 {
			seen |= 1 << (bit & 63)
			continue
		}
		for b := object + 1; b < a; b = records[b].end {
			other := &records[b]
			if other.nameLength == r.nameLength && string(src[other.key:other.keyEnd()]) == string(src[r.key:r.keyEnd()]) {
				return false
			}
		}
	}
	return true
}
