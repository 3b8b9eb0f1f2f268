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
	aValue                  // of a member, or where one is due
	anElement               // of an array, or where one can be
)

// state is what may come next in a container.
type state uint8

const (
	first state = iota // a name or an element, without a comma before it
	later              // a name or an element
	colon              // behind a name
	value              // behind a colon
	comma              // behind a value
)

type frame struct {
	object bool
	out    int // where it starts in the JSON
	name   int // where the name of the open member is there
	state
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
	if m.container >= 0 {
		if n := doc.At(m.container); n.Span().Start == m.container {
			m.here.container = n
		}
		for child := range m.here.container.Children() {
			if child.Key().Start == m.member || !child.IsMember() && child.Span().Start == m.member {
				m.here.member = child
			}
		}
	}
	return mended{doc, m.here}
}

// space returns where white space and comments end, and whether the cursor is in one of
// the comments.
func (m *mender) space(i int) (end int, inComment bool) {
	for i < len(m.src) {
		switch c := m.src[i]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			i++
		case c == '/' && i+1 < len(m.src) && (m.src[i+1] == '/' || m.src[i+1] == '*'):
			start, close := i, "\n"
			if m.src[i+1] == '*' {
				close = "*/"
			}
			n := bytes.Index(m.src[i+2:], []byte(close))
			if n < 0 {
				i = len(m.src)
			} else if i += 2 + n; close == "*/" {
				i += 2
			}
			if start < m.at && (m.at < i || m.at == i && close == "\n") {
				inComment = true
			}
		default:
			return i, inComment
		}
	}
	return i, inComment
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
	f := m.top()
	if f == nil {
		return
	}
	m.here.token = patchlint.Span{Start: m.at, End: m.at}
	m.here.next = start < len(m.src) && strings.IndexByte("\"{[", m.src[start]) >= 0
	m.container = f.out
	switch {
	case f.object && f.state <= later:
		m.here.part = aName
	case f.object && f.state == value:
		m.here.part, m.member = aValue, f.name
	case !f.object && f.state <= later:
		m.here.part = anElement
	default:
		m.container = -1
	}
}

// within takes note of a cursor that is in or at the end of a token.
func (m *mender) within(part partOf, start, end int) {
	closed := m.src[start] == '"' && end-start > 1 && m.src[end-1] == '"'
	if m.found || m.at < start || m.at > end || m.at == start && part != aName && m.src[start] != '"' || m.at == end && closed {
		return
	}
	m.found = true
	f := m.top()
	if f == nil {
		return
	}
	m.here.part, m.here.token = part, patchlint.Span{Start: start, End: end}
	after := m.peek(end)
	m.here.colon = after == ':'
	m.here.next = after == '"' || after == '{' || after == '['
	m.container, m.member = f.out, f.name
	if part == anElement {
		m.member = m.out.Len()
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
	c := m.src[start]
	switch c {
	case ',':
		if f != nil && f.state != first {
			m.complete(f)
			f.state = later
		}
	case ':':
		if f != nil && f.state == colon {
			m.out.WriteByte(':')
			f.state = value
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
		m.due(f)
		m.frames = append(m.frames, frame{object: c == '{', out: m.out.Len()})
		m.out.WriteByte(c)
	default:
		m.scalar(f, start, end)
	}
}

// scalar takes a string or another word, which may be a name.
func (m *mender) scalar(f *frame, start, end int) {
	name := f != nil && f.object && (f.state <= later || f.state == comma || m.peek(end) == ':')
	if !name {
		m.due(f)
		part := anElement
		if f == nil || f.object {
			part = aValue
		}
		m.within(part, start, end)
		m.write(start, end, false)
		return
	}
	m.complete(f)
	if f.state != first {
		m.out.WriteByte(',')
	}
	f.name, f.state = m.out.Len(), colon
	m.within(aName, start, end)
	m.write(start, end, true)
}

// due makes the place one for a value, which is counted as given.
func (m *mender) due(f *frame) {
	switch {
	case f == nil:
		return
	case !f.object && f.state != first:
		m.out.WriteByte(',')
	case f.object && f.state != value:
		if f.state != colon {
			if f.state != first {
				m.out.WriteByte(',')
			}
			f.name = m.out.Len()
			m.out.WriteString(`""`)
		}
		m.out.WriteByte(':')
	}
	f.state = comma
}

// complete gives the open member of an object what it lacks.
func (m *mender) complete(f *frame) {
	switch f.state {
	case colon:
		m.out.WriteString(":null")
	case value:
		m.out.WriteString("null")
	default:
		return
	}
	f.state = comma
}

func (m *mender) close() {
	f := m.top()
	m.complete(f)
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
