package lsp

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
)

// repaired is the JSON that a broken text, as it is while being typed, probably means:
// missing tokens are added, and misplaced tokens and comments are removed. It is used to
// find what is at a cursor, never to report errors.
type repaired struct {
	doc *patchlint.Document
	cursor
}

// cursor is the syntactic context of an offset in a text.
type cursor struct {
	slot slot
	// token is the token at the cursor, in the original text; empty between tokens.
	token patchlint.Span
	// container is the object or array around the cursor, and member its member or
	// element at the cursor; zero outside of one.
	container, member patchlint.Node
	colon             bool // whether a colon follows the token
	next              bool // whether a member or element follows without a comma before it
}

// slot is a syntactic position.
type slot uint8

const (
	noSlot      slot = iota // nothing can be completed
	nameSlot                // the name of a member
	colonSlot               // the colon after a name
	valueSlot               // the value of a member, or the outermost value
	elementSlot             // an element of an array
)

// frame is an object or array that is not closed yet.
type frame struct {
	object  bool
	out     int  // where it starts in the output
	last    int  // where its last member or element starts in the output; 0 for none
	expects slot // what comes next; noSlot after a value
}

type repairer struct {
	src    []byte
	at     int // the offset of the cursor
	typing bool
	out    bytes.Buffer
	frames []frame // the first is around the outermost value, and never written

	found                 bool // whether the cursor is set, in here
	here                  cursor
	containerAt, memberAt int // where these start in out
}

// repair repairs a text and finds the cursor at an offset in it. If typing is set, the
// string at the cursor may be incomplete, and a token at the cursor is one that ends there;
// otherwise it is also one that starts there.
func repair(src []byte, at int, typing bool) repaired {
	r := repairer{src: src, at: at, typing: typing, frames: make([]frame, 1)}
	pos := len(src) - len(bytes.TrimPrefix(src, []byte(byteOrderMark)))
	for {
		start, inComment := r.skipSpace(pos)
		r.found = r.found || inComment // the cursor has no slot
		if start >= len(src) || len(r.frames) == 1 && r.out.Len() > 0 {
			break // ignore text after the outermost value
		}
		if start > at || start == at && typing {
			r.setCursor(r.top().expects, at, at)
		}
		pos = r.tokenEnd(start)
		r.take(start, pos)
	}
	r.setCursor(r.top().expects, at, at)
	r.close(1)
	doc, _ := patchlint.Parse(r.out.Bytes(), patchlint.JSON)
	if n := doc.At(r.containerAt); n.Span().Start == r.containerAt {
		r.here.container = n
	}
	if n := doc.At(r.memberAt); n.Exists() && n.Parent() == r.here.container {
		r.here.member = n
	}
	return repaired{doc, r.here}
}

// skipSpace returns the end of white space and comments, and whether the cursor is in one
// of the comments.
func (r *repairer) skipSpace(i int) (end int, inComment bool) {
	for {
		i = len(r.src) - len(bytes.TrimLeft(r.src[i:], " \t\r\n"))
		start, close := i, "\n"
		switch {
		case bytes.HasPrefix(r.src[i:], []byte("//")):
		case bytes.HasPrefix(r.src[i:], []byte("/*")):
			close = "*/"
		default:
			return i, inComment
		}
		_, after, closed := bytes.Cut(r.src[i+2:], []byte(close))
		if i = len(r.src) - len(after); closed && close == "\n" {
			i--
		}
		inComment = inComment || start < r.at && (r.at < i || r.at == i && close == "\n")
	}
}

// tokenEnd returns the end of the token that starts at i.
func (r *repairer) tokenEnd(i int) int {
	switch c := r.src[i]; {
	case c == '"':
		return r.stringEnd(i)
	case strings.IndexByte("{}[],:", c) >= 0:
		return i + 1
	}
	end := i + 1
	for end < len(r.src) && strings.IndexByte("{}[],:\" \t\r\n", r.src[end]) < 0 && !bytes.HasPrefix(r.src[end:], []byte("//")) {
		end++
	}
	return end
}

// stringEnd returns the end of the string that starts at i. An unterminated string ends
// at the cursor if that is in it, or else at the end of its line.
func (r *repairer) stringEnd(i int) int {
	for end := i + 1; ; end++ {
		switch {
		case end >= len(r.src) || r.src[end] == '\n' || r.src[end] == '\r':
			if r.typing && i < r.at && r.at < end {
				return r.at
			}
			return min(end, len(r.src))
		case r.src[end] == '\\' && end+1 < len(r.src) && r.src[end+1] != '\n' && r.src[end+1] != '\r':
			end++
		case r.src[end] == '"':
			// The quotation mark after the cursor may start the next string.
			if after := bytes.TrimLeft(r.src[end+1:], " \t"); i < r.at && r.at <= end && r.typing && len(after) > 0 && strings.IndexByte(":,}]\r\n/", after[0]) < 0 {
				return r.at
			}
			return end + 1
		}
	}
}

func (r *repairer) top() *frame { return &r.frames[len(r.frames)-1] }

// setCursor sets the cursor to a slot and the token in it, unless it is already set.
func (r *repairer) setCursor(s slot, start, end int) {
	if r.found {
		return
	}
	r.found = true
	after := r.peek(end)
	r.here.slot, r.here.token = s, patchlint.Span{Start: start, End: end}
	r.here.colon = after == ':'
	r.here.next = after == '"' || after == '{' || after == '['
	r.containerAt = r.top().out
	if s == valueSlot || start < end {
		r.memberAt = r.top().last
	}
}

// peek returns the first byte from i that is not in white space or a comment, or 0 at
// the end.
func (r *repairer) peek(i int) byte {
	if i, _ = r.skipSpace(i); i < len(r.src) {
		return r.src[i]
	}
	return 0
}

// take handles one token.
func (r *repairer) take(start, end int) {
	f := r.top()
	switch c := r.src[start]; c {
	case ',':
		if f.last > 0 {
			r.finish(f)
			f.expectItem()
		}
	case ':':
		if f.expects == colonSlot {
			f.expects = valueSlot
		}
	case '}', ']':
		for i := len(r.frames) - 1; i > 0; i-- {
			if r.frames[i].object == (c == '}') {
				r.close(i)
				break
			}
		}
	case '{', '[':
		r.prepare(f, false)
		r.frames = append(r.frames, frame{object: c == '{', out: r.out.Len()})
		r.top().expectItem()
		r.out.WriteByte(c)
	default:
		s := elementSlot
		switch {
		case f.object && (f.expects == nameSlot || f.expects == noSlot || r.peek(end) == ':'):
			s = nameSlot
		case f.object:
			s = valueSlot
		}
		r.prepare(f, s == nameSlot)
		closed := c == '"' && end-start > 1 && r.src[end-1] == '"'
		if start <= r.at && (r.at < end || r.at == end && !closed) {
			r.setCursor(s, start, end)
		}
		r.write(start, end, s == nameSlot)
	}
}

func (f *frame) expectItem() {
	if f.expects = elementSlot; f.object {
		f.expects = nameSlot
	}
}

// prepare writes the tokens that are missing before a name or value.
func (r *repairer) prepare(f *frame, name bool) {
	if name || !f.lacksValue() {
		r.finish(f)
		if f.last > 0 {
			r.out.WriteByte(',')
		}
		f.last = r.out.Len()
		if f.object && !name {
			r.out.WriteString(`"":`)
		}
	}
	if f.expects = noSlot; name {
		f.expects = colonSlot
	}
}

// lacksValue reports whether the last member has no value yet.
func (f *frame) lacksValue() bool { return f.expects == colonSlot || f.expects == valueSlot }

// finish completes the last member.
func (r *repairer) finish(f *frame) {
	if f.lacksValue() {
		r.out.WriteString("null")
	}
}

// close closes the frames from the one with an index.
func (r *repairer) close(from int) {
	for len(r.frames) > from {
		f := r.top()
		r.finish(f)
		if f.object {
			r.out.WriteByte('}')
		} else {
			r.out.WriteByte(']')
		}
		r.frames = r.frames[:len(r.frames)-1]
	}
}

// write writes a token, as a string if it is not valid JSON.
func (r *repairer) write(start, end int, name bool) {
	word := r.src[start:end]
	if name && word[0] != '"' || !json.Valid(word) {
		word = []byte(fixes.Quote(strings.Trim(string(word), `"`)))
	}
	r.out.Write(word)
	if name {
		r.out.WriteByte(':')
	}
}
