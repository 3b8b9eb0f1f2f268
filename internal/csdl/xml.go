package csdl

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/patchlint/patchlint/internal/inert"
)

// scanner tokenizes the part of XML that metadata uses: elements, attributes, character
// data, comments and processing instructions. It does not allow document type
// declarations, and so no entities that can expand.
//
// encoding/xml takes eight times as long, which matters for metadata of 3 to 8 MB. A test
// compares the two.
type scanner struct {
	src  string
	at   int      // the offset of the next byte, or of the error
	tag  int      // the offset of the last start tag
	open []string // the qualified names of the open elements
	// The last token.
	name  string // the local name of the element
	text  string // character data
	attrs []attr
	empty bool  // whether the start tag belongs to an empty element
	err   error // the first error, after which nothing more is read
}

type attr struct{ name, value string }

type token uint8

const (
	atEnd token = iota
	atStart
	atClose
	atText
)

// maxDepth is the maximum nesting of elements; metadata needs about twelve.
const maxDepth = 64

// fail stops the scanner with an error at an offset. It shortens the strings in args, which
// may be of any length.
func (s *scanner) fail(at int, format string, args ...any) token {
	if s.err == nil {
		for i, arg := range args {
			if text, ok := arg.(string); ok {
				args[i] = inert.Text(text)
			}
		}
		s.at, s.err = min(at, len(s.src)), fmt.Errorf(format, args...)
	}
	return atEnd
}

// next reads the next tag or text that is not blank.
func (s *scanner) next() token {
	if s.empty {
		s.empty = false
		s.open = s.open[:len(s.open)-1]
		return atClose
	}
	for s.err == nil {
		start := s.at
		data, rest, more := strings.Cut(s.src[s.at:], "<")
		s.at += len(data)
		if strings.TrimSpace(data) != "" {
			if len(s.open) == 0 {
				return s.fail(start+len(data)-len(strings.TrimLeft(data, " \t\r\n")), "text outside the root element")
			}
			if s.text = s.unescape(start, data); s.err != nil {
				return atEnd
			}
			return atText
		}
		if !more {
			if n := len(s.open); n > 0 {
				return s.fail(s.at, "the document ends inside the element %s", s.open[n-1])
			}
			return atEnd
		}
		s.tag = s.at
		switch {
		case strings.HasPrefix(rest, "!--"):
			s.upTo("<!--", "-->", "comment")
		case strings.HasPrefix(rest, "?"):
			s.upTo("<?", "?>", "processing instruction")
		case strings.HasPrefix(rest, "![CDATA["):
			if s.text = s.upTo("<![CDATA[", "]]>", "CDATA section"); s.err == nil {
				return atText
			}
		case strings.HasPrefix(strings.ToLower(rest[:min(len(rest), 13)]), "!doctype html"):
			return s.fail(s.at, "this is HTML; expected metadata in CSDL XML, as GET $metadata returns it")
		case strings.HasPrefix(rest, "!"):
			return s.fail(s.at, "a document type declaration is not allowed")
		case strings.HasPrefix(rest, "/"):
			return s.end()
		default:
			return s.start()
		}
	}
	return atEnd
}

// upTo reads a construct with an opening and a closing delimiter, and returns the text
// between them. It fails if the closing delimiter is missing.
func (s *scanner) upTo(opening, closing, what string) string {
	text, _, closed := strings.Cut(s.src[s.at+len(opening):], closing)
	if !closed {
		s.fail(s.at, "the %s is not closed", what)
		return ""
	}
	s.at += len(opening) + len(text) + len(closing)
	return text
}

// end reads an end tag, which must match the open element (XML 1.0, 3).
func (s *scanner) end() token {
	tag, _, closed := strings.Cut(s.src[s.at:], ">")
	if !closed {
		return s.fail(s.at, "the end tag is not closed")
	}
	name := strings.TrimRight(tag[len("</"):], " \t\r\n")
	n := len(s.open)
	switch {
	case n == 0:
		return s.fail(s.at, "unexpected end tag </%s>", name)
	case s.open[n-1] != name:
		return s.fail(s.at, "expected the end tag </%s>, found </%s>", s.open[n-1], name)
	}
	s.open, s.name = s.open[:n-1], local(name)
	s.at += len(tag) + 1
	return atClose
}

// start reads a start tag with its attributes.
func (s *scanner) start() token {
	i := s.at + 1
	name := s.src[i:s.nameEnd(i)]
	if name == "" {
		return s.fail(s.at, "expected the name of an element")
	}
	s.name, s.attrs = local(name), s.attrs[:0]
	i = s.skipSpace(i + len(name))
	for i < len(s.src) && s.src[i] != '>' && !strings.HasPrefix(s.src[i:], "/>") {
		attribute := s.src[i:s.nameEnd(i)]
		if attribute == "" {
			return s.fail(i, "expected an attribute of %s", name)
		}
		i = s.skipSpace(i + len(attribute))
		if i >= len(s.src) || s.src[i] != '=' {
			return s.fail(i, "the attribute %s has no value", attribute)
		}
		i = s.skipSpace(i + 1)
		if i >= len(s.src) || s.src[i] != '"' && s.src[i] != '\'' {
			return s.fail(i, "the value of the attribute %s is not quoted", attribute)
		}
		length := strings.IndexByte(s.src[i+1:], s.src[i])
		if length < 0 {
			return s.fail(i, "the value of the attribute %s is not closed", attribute)
		}
		raw := s.src[i+1 : i+1+length]
		value := s.unescape(i+1, raw)
		if s.err != nil {
			return atEnd
		}
		if strings.IndexByte(raw, '<') >= 0 {
			return s.fail(i, "the value of the attribute %s contains <", attribute)
		}
		s.attrs = append(s.attrs, attr{attribute, value})
		i = s.skipSpace(i + length + 2)
	}
	switch {
	case i >= len(s.src):
		return s.fail(i, "the tag of %s is not closed", name)
	case len(s.open) == maxDepth:
		return s.fail(s.tag, "elements are nested deeper than %d levels", maxDepth)
	}
	s.open = append(s.open, name)
	if s.empty = s.src[i] == '/'; s.empty {
		i++
	}
	s.at = i + 1
	return atStart
}

func (s *scanner) nameEnd(i int) int {
	for ; i < len(s.src) && s.src[i] > ' '; i++ {
		switch s.src[i] {
		case '=', '/', '>', '<', '"', '\'', '&':
			return i
		}
	}
	return i
}

func (s *scanner) skipSpace(i int) int {
	for i < len(s.src) && (s.src[i] == ' ' || s.src[i] == '\t' || s.src[i] == '\r' || s.src[i] == '\n') {
		i++
	}
	return i
}

// attr returns the value of an attribute of the last start tag, or "" if it is absent.
func (s *scanner) attr(name string) string {
	for _, a := range s.attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

func local(name string) string { return name[strings.IndexByte(name, ':')+1:] }

// predefined are the characters of the predefined entities.
var predefined = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

// unescape replaces references to characters and predefined entities (XML 1.0, 4.1 and
// 4.6) in the text at an offset.
func (s *scanner) unescape(at int, text string) string {
	if strings.IndexByte(text, '&') < 0 {
		return text
	}
	end := at + len(text)
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "&")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		at = end - len(after) - len("&")
		name, rest, closed := strings.Cut(after, ";")
		if !closed {
			s.fail(at, "& is not followed by the name of an entity and ;")
			return ""
		}
		number, isNumber := strings.CutPrefix(name, "#")
		base := 10
		if hex, ok := strings.CutPrefix(number, "x"); ok {
			number, base = hex, 16
		}
		r, err := strconv.ParseInt(number, base, 32)
		switch {
		case predefined[name] != "":
			b.WriteString(predefined[name])
		case isNumber && err == nil && r > 0 && utf8.ValidRune(rune(r)):
			b.WriteRune(rune(r))
		default:
			s.fail(at, "unknown entity &%s;", name)
			return ""
		}
		text = rest
	}
}
