// Package mend reads JSON that is broken, as it is while being typed.
package mend

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/fixes"
)

// Text is the JSON that a broken text probably means: missing tokens are added, and
// misplaced tokens and comments are removed. It shows what is at a cursor and what a text
// is about, and never reports errors.
type Text struct {
	Document *patchlint.Document

	Slot Slot // at the cursor
	// Token is the token at the cursor, in the original text; empty between tokens.
	Token patchlint.Span
	// Container is the object or array around the cursor, and Member its member or
	// element at the cursor; zero outside an element.
	Container, Member patchlint.Node
	Colon             bool // whether a colon follows the token
	Next              bool // whether a member or element follows without a comma before it
}

// Slot is a syntactic position.
type Slot uint8

const (
	NoSlot      Slot = iota // nothing can be completed
	NameSlot                // the name of a member
	ColonSlot               // the colon after a name
	ValueSlot               // the value of a member, or the outermost value
	ElementSlot             // an element of an array
)

// frame is an object or array that is not closed yet.
type frame struct {
	object  bool
	out     int  // where it starts in the output
	last    int  // where its last member or element starts in the output; 0 for none
	expects Slot // what comes next; NoSlot after a value
}

type repairer struct {
	Text
	src    []byte
	at     int // the offset of the cursor
	typing bool
	across bool // whether strings continue on the next line
	whole  bool // whether a name in the outermost value needs a colon
	out    bytes.Buffer
	frames []frame // the first is around the outermost value, and never written

	found                 bool // whether the cursor is set
	containerAt, memberAt int  // where these start in out
}

// At mends a text and finds the cursor at an offset in it. If typing is set, the string at
// the cursor may be incomplete, and a token at the cursor is one that ends there, or a
// value that starts there; otherwise it is also any other token that starts there.
func At(src []byte, at int, typing bool) Text {
	return mend(repairer{src: src, at: at, typing: typing})
}

// Whole mends a text, or the "value" of a response without the object around it. It ignores
// what is before them. A string that is not closed on its line ends there, or with across at
// the next quotation mark. A member of the outermost object without a colon is ignored.
func Whole(src []byte, across bool) patchlint.Node {
	if src = src[max(0, bytes.IndexAny(src, `{["`)):]; bytes.HasPrefix(src, []byte(`"value"`)) {
		src = append([]byte("{"), src...)
	}
	return mend(repairer{src: src, at: len(src), across: across, whole: true}).Document.Root()
}

func mend(r repairer) Text {
	src, at, typing := r.src, r.at, r.typing
	r.frames = make([]frame, 1)
	pos := len(src) - len(bytes.TrimPrefix(src, []byte("\ufeff")))
	for {
		start, inComment := r.skipSpace(pos)
		r.found = r.found || inComment // the cursor has no slot
		if start >= len(src) || len(r.frames) == 1 && r.out.Len() > 0 {
			break // ignore text after the outermost value
		}
		pos = r.tokenEnd(start)
		if start > at || start == at && typing {
			switch slot := r.top().expects; {
			case slot != ValueSlot || strings.IndexByte("}],:", src[start]) >= 0 || r.peek(pos) == ':': // the value is missing
				r.setCursor(slot, at, at)
			case start > at || src[start] == '{' || src[start] == '[':
				r.setCursor(NoSlot, at, at)
			}
		}
		r.take(start, pos)
	}
	r.setCursor(r.top().expects, at, at)
	r.close(1)
	r.Document, _ = patchlint.Parse(r.out.Bytes(), patchlint.JSON)
	if n := r.Document.At(r.containerAt); n.Span().Start == r.containerAt {
		r.Container = n
	}
	if n := r.Document.At(r.memberAt); n.Exists() && n.Parent() == r.Container {
		r.Member = n
	}
	return r.Text
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
		case end >= len(r.src) || !r.across && (r.src[end] == '\n' || r.src[end] == '\r'):
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
func (r *repairer) setCursor(s Slot, start, end int) {
	if r.found {
		return
	}
	r.found = true
	after := r.peek(end)
	r.Slot, r.Token = s, patchlint.Span{Start: start, End: end}
	r.Colon, r.Next = after == ':', after == '"' || after == '{' || after == '['
	r.containerAt = r.top().out
	if s == ValueSlot || start < end {
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
		if f.expects == ColonSlot {
			f.expects = ValueSlot
		}
	case '}', ']':
		for i := len(r.frames) - 1; i > 0; i-- {
			if r.frames[i].object == (c == '}') {
				r.close(i)
				break
			}
		}
	case '{', '[':
		if len(r.frames) > bounds.Depth {
			return
		}
		r.prepare(f, false)
		r.frames = append(r.frames, frame{object: c == '{', out: r.out.Len()})
		r.top().expectItem()
		r.out.WriteByte(c)
	default:
		s := ElementSlot
		switch {
		case f.object && (f.expects == NameSlot || f.expects == NoSlot || r.peek(end) == ':'):
			s = NameSlot
		case f.object:
			s = ValueSlot
		}
		if r.whole && len(r.frames) == 2 && s == NameSlot && r.peek(end) != ':' {
			return
		}
		r.prepare(f, s == NameSlot)
		closed := c == '"' && end-start > 1 && r.src[end-1] == '"'
		if start <= r.at && (r.at < end || r.at == end && !closed) {
			r.setCursor(s, start, end)
		}
		r.write(start, end, s == NameSlot)
	}
}

func (f *frame) expectItem() {
	if f.expects = ElementSlot; f.object {
		f.expects = NameSlot
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
	if f.expects = NoSlot; name {
		f.expects = ColonSlot
	}
}

// lacksValue reports whether the last member has no value yet.
func (f *frame) lacksValue() bool { return f.expects == ColonSlot || f.expects == ValueSlot }

// finish completes the last member.
func (r *repairer) finish(f *frame) {
	if f.lacksValue() {
		r.out.WriteString("null")
	}
}

// close closes the frames from the innermost one to the one with an index.
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
		word = []byte(fixes.Quote(strings.Trim(string(word), `"'`)))
	}
	r.out.Write(word)
	if name {
		r.out.WriteByte(':')
	}
}
