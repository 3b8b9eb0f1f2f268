package lsp

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/patchlint/patchlint"
)

// mended is a text that may be broken, because it is being typed, as the JSON that
// is probably meant by it: what is missing is put in, what cannot be placed is left
// out, and comments are. It serves to tell where a cursor is, never what is wrong.
type mended struct {
	doc *patchlint.Document
	cursor
}

// cursor is what a place in a text is part of.
type cursor struct {
	part partOf
	// Token is what is written there, in the text; empty between tokens.
	token patchlint.Span
	// container is the object or array around it, and member the one of it that the
	// token names or is the value of; both are zero where there is none.
	container, member patchlint.Node
	colon             bool // behind the name
	next              bool // another member or element follows, without a comma before it
}

type partOf uint8

const (
	nothing   partOf = iota // what is there cannot be completed
	aName                   // of a member, or where one can be
	aColon                  // behind a name; not the part of a cursor
	aValue                  // of a member, or where one is due
	anElement               // of an array, or where one can be
)

// frame is an object or array that is open.
type frame struct {
	object bool
	out    int    // where it starts in the JSON
	name   int    // where the name of its last member, or its last element, is there
	any    bool   // it has one
	due    partOf // what comes next; nothing behind a value
}

type mender struct {
	src    []byte
	at     int  // the cursor
	typing bool // there, so that a string may lack its end
	out    bytes.Buffer
	frames []frame

	found     bool
	here      cursor
	container int // in out; -1 for none
	member    int
}

// mend reads a text as it is probably meant, with the cursor at an offset. The text
// being typed there may lack its end.
func mend(src []byte, at int, typing bool) mended {
	m := mender{src: src, at: at, typing: typing, container: -1, member: -1}
	pos := len(src) - len(bytes.TrimPrefix(src, []byte(mark)))
	for {
		start, inComment := m.space(pos)
		m.found = m.found || inComment // and the cursor is in nothing
		if start >= len(src) {
			break
		}
		if len(m.frames) == 0 && m.out.Len() > 0 {
			break // what follows the outermost value
		}
		end := m.token(start)
		if end > at {
			m.between(start)
		}
		m.take(start, end)
		pos = end
	}
	m.between(len(src))
	for len(m.frames) > 0 {
		m.close()
	}
	doc, _ := patchlint.Parse(m.out.Bytes(), patchlint.JSON)
	if n := doc.At(m.container); n.Span().Start == m.container {
		m.here.container = n
	}
	if n := doc.At(m.member); n.Exists() && n.Parent() == m.here.container {
		m.here.member = n
	}
	return mended{doc, m.here}
}

// space returns where white space and comments end, and whether the cursor is in one of
// the comments.
func (m *mender) space(i int) (end int, inComment bool) {
	for {
		i = len(m.src) - len(bytes.TrimLeft(m.src[i:], " \t\r\n"))
		start, close := i, "\n"
		switch {
		case bytes.HasPrefix(m.src[i:], []byte("//")):
		case bytes.HasPrefix(m.src[i:], []byte("/*")):
			close = "*/"
		default:
			return i, inComment
		}
		_, after, closed := bytes.Cut(m.src[i+2:], []byte(close))
		if i = len(m.src) - len(after); closed && close == "\n" {
			i--
		}
		inComment = inComment || start < m.at && (m.at < i || m.at == i && close == "\n")
	}
}

// token returns where the token that starts at i ends.
func (m *mender) token(i int) int {
	switch c := m.src[i]; {
	case c == '"':
		return m.str(i)
	case strings.IndexByte("{}[],:", c) >= 0:
		return i + 1
	}
	end := i + 1
	for end < len(m.src) && strings.IndexByte("{}[],:\" \t\r\n", m.src[end]) < 0 && !bytes.HasPrefix(m.src[end:], []byte("//")) {
		end++
	}
	return end
}

// str returns where a string ends. One that lacks its end is cut off at the cursor,
// if that is in it, else at the end of its line.
func (m *mender) str(i int) int {
	for end := i + 1; ; end++ {
		switch {
		case end >= len(m.src) || m.src[end] == '\n' || m.src[end] == '\r':
			if m.typing && i < m.at && m.at < end {
				return m.at
			}
			return min(end, len(m.src))
		case m.src[end] == '\\' && end+1 < len(m.src) && m.src[end+1] != '\n' && m.src[end+1] != '\r':
			end++
		case m.src[end] == '"':
			// The quotation mark behind a cursor may be the first one of what follows.
			if after := bytes.TrimLeft(m.src[end+1:], " \t"); i < m.at && m.at <= end && m.typing && len(after) > 0 && strings.IndexByte(":,}]\r\n/", after[0]) < 0 {
				return m.at
			}
			return end + 1
		}
	}
}

func (m *mender) top() *frame {
	if len(m.frames) == 0 {
		return nil
	}
	return &m.frames[len(m.frames)-1]
}

// between takes note of a cursor that is before the next token, which starts at an
// offset, or is at the end.
func (m *mender) between(start int) {
	if m.found || start < m.at {
		return
	}
	m.found = true
	if f := m.top(); f != nil && f.due != nothing && f.due != aColon {
		m.note(f, f.due, m.at, m.at)
		m.here.next = start < len(m.src) && strings.IndexByte("\"{[", m.src[start]) >= 0
	}
}

// within takes note of a cursor that is in or at the end of a token.
func (m *mender) within(part partOf, start, end int) {
	closed := m.src[start] == '"' && end-start > 1 && m.src[end-1] == '"'
	if m.found || m.at < start || m.at > end || m.at == start && part != aName && m.src[start] != '"' || m.at == end && closed {
		return
	}
	m.found = true
	if f := m.top(); f != nil {
		m.note(f, part, start, end)
		after := m.peek(end)
		m.here.colon = after == ':'
		m.here.next = after == '"' || after == '{' || after == '['
		m.member = f.name
	}
}

func (m *mender) note(f *frame, part partOf, start, end int) {
	m.here.part, m.here.token, m.container = part, patchlint.Span{Start: start, End: end}, f.out
	if part == aValue {
		m.member = f.name
	}
}

// peek returns the first byte behind an offset that is neither white space nor a
// comment, 0 at the end.
func (m *mender) peek(i int) byte {
	if i, _ = m.space(i); i < len(m.src) {
		return m.src[i]
	}
	return 0
}

// take takes one token.
func (m *mender) take(start, end int) {
	f := m.top()
	switch c := m.src[start]; c {
	case ',':
		if f != nil && f.any {
			m.finish(f)
			f.expectItem()
		}
	case ':':
		if f != nil && f.due == aColon {
			m.out.WriteByte(':')
			f.due = aValue
		}
	case '}', ']':
		for i := len(m.frames) - 1; i >= 0; i-- {
			if m.frames[i].object == (c == '}') {
				for len(m.frames) > i {
					m.close()
				}
				break
			}
		}
	case '{', '[':
		m.prepare(f, false)
		m.frames = append(m.frames, frame{object: c == '{', out: m.out.Len()})
		m.top().expectItem()
		m.out.WriteByte(c)
	default:
		part := anElement
		if f == nil || f.object {
			part = aValue
		}
		if f != nil && f.object && (f.due == aName || f.due == nothing || m.peek(end) == ':') {
			part = aName
		}
		m.prepare(f, part == aName)
		m.within(part, start, end)
		m.write(start, end, part == aName)
	}
}

func (f *frame) expectItem() {
	if f.due = anElement; f.object {
		f.due = aName
	}
}

// prepare writes what is missing before a name, or before a value.
func (m *mender) prepare(f *frame, name bool) {
	switch {
	case f == nil:
		return
	case !name && f.due == aColon:
		m.out.WriteByte(':')
	case !name && f.due == aValue:
	default:
		m.finish(f)
		if f.any {
			m.out.WriteByte(',')
		}
		f.any, f.name = true, m.out.Len()
		if f.object && !name {
			m.out.WriteString(`"":`)
		}
	}
	if f.due = nothing; name {
		f.due = aColon
	}
}

// finish gives the last member what it lacks.
func (m *mender) finish(f *frame) {
	switch f.due {
	case aColon:
		m.out.WriteString(":null")
	case aValue:
		m.out.WriteString("null")
	}
}

func (m *mender) close() {
	f := m.top()
	m.finish(f)
	if f.object {
		m.out.WriteByte('}')
	} else {
		m.out.WriteByte(']')
	}
	m.frames = m.frames[:len(m.frames)-1]
}

// write writes a word: as it is where it is JSON, else as a string of what of it can
// be in one.
func (m *mender) write(start, end int, name bool) {
	word := m.src[start:end]
	text, opened := bytes.CutPrefix(word, []byte{'"'})
	text, closed := bytes.CutSuffix(text, []byte{'"'})
	switch {
	case opened && closed && bytes.IndexFunc(text, func(r rune) bool { return r == '\\' || r < ' ' }) < 0, !(name && !opened) && json.Valid(word):
		m.out.Write(word)
		return
	}
	m.out.WriteByte('"')
	for _, c := range text {
		if c != '"' && c != '\\' && c >= ' ' {
			m.out.WriteByte(c)
		}
	}
	m.out.WriteByte('"')
}
