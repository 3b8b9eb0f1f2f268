package csdl

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// scanner reads the part of XML that metadata is written in: elements,
// attributes, character data, comments and processing instructions. A document
// type declaration is refused, and with it every entity that XML does not
// predefine, so that a document cannot expand.
//
// encoding/xml reads the same eight times as slowly, which counts for whole
// metadata of 3 to 8 MB; a test compares the two.
type scanner struct {
	src  string
	at   int      // the next byte; in an error, the byte that it is about
	tag  int      // where the last tag starts
	open []string // the qualified names of the elements that are open
	// What was read last.
	name  string // the local name of an element
	text  string // character data
	attrs []attr
	empty bool // the element that was opened has no content
}

type attr struct{ name, value string }

type token uint8

const (
	atEnd token = iota
	atStart
	atClose
	atText
)

// maxDepth is the deepest nesting of elements; metadata needs about twelve.
const maxDepth = 64

// next reads up to and including the next tag or text that is not blank.
func (s *scanner) next() (token, error) {
	if s.empty {
		s.empty = false
		s.open = s.open[:len(s.open)-1]
		return atClose, nil
	}
	for {
		i := strings.IndexByte(s.src[s.at:], '<')
		data := s.src[s.at:]
		if i >= 0 {
			data = data[:i]
		}
		if strings.TrimSpace(data) != "" {
			if len(s.open) == 0 {
				s.at += len(data) - len(strings.TrimLeft(data, " \t\r\n"))
				return atEnd, errors.New("text outside of the root element")
			}
			s.at += len(data)
			var err error
			s.text, err = unescape(data)
			return atText, err
		}
		s.at += len(data)
		if i < 0 {
			if n := len(s.open); n > 0 {
				return atEnd, fmt.Errorf("the document ends inside the element %s", s.open[n-1])
			}
			return atEnd, nil
		}
		s.tag = s.at
		rest := s.src[s.at:]
		var skipped bool
		var err error
		switch {
		case strings.HasPrefix(rest, "<!--"):
			skipped, err = true, s.skipTo("<!--", "-->", "comment")
		case strings.HasPrefix(rest, "<?"):
			skipped, err = true, s.skipTo("<?", "?>", "processing instruction")
		case strings.HasPrefix(rest, "<![CDATA["):
			start := s.at + len("<![CDATA[")
			if err = s.skipTo("<![CDATA[", "]]>", "CDATA section"); err == nil {
				s.text = s.src[start : s.at-len("]]>")]
				return atText, nil
			}
		case strings.HasPrefix(rest, "<!"):
			err = errors.New("a document type declaration is not allowed")
		case strings.HasPrefix(rest, "</"):
			return atClose, s.end()
		default:
			return atStart, s.start()
		}
		if err != nil || !skipped {
			return atEnd, err
		}
	}
}

func (s *scanner) skipTo(opening, closing, what string) error {
	i := strings.Index(s.src[s.at+len(opening):], closing)
	if i < 0 {
		return fmt.Errorf("the %s is not closed", what)
	}
	s.at += len(opening) + i + len(closing)
	return nil
}

// end reads an end tag, which must match the element that is open (XML 1.0, 3).
func (s *scanner) end() error {
	i := strings.IndexByte(s.src[s.at:], '>')
	if i < 0 {
		return errors.New("the end tag is not closed")
	}
	name := strings.TrimRight(s.src[s.at+2:s.at+i], " \t\r\n")
	n := len(s.open)
	switch {
	case n == 0:
		return fmt.Errorf("unexpected end tag </%s>", name)
	case s.open[n-1] != name:
		return fmt.Errorf("expected the end tag </%s>, found </%s>", s.open[n-1], name)
	}
	s.open, s.name = s.open[:n-1], local(name)
	s.at += i + 1
	return nil
}

// start reads a start tag with its attributes.
func (s *scanner) start() error {
	i := s.at + 1
	name := s.src[i:s.nameEnd(i)]
	if name == "" {
		return errors.New("expected the name of an element")
	}
	i += len(name)
	s.name, s.attrs = local(name), s.attrs[:0]
	fail := func(format string, args ...any) error {
		s.at = min(i, len(s.src))
		return fmt.Errorf(format, args...)
	}
	for {
		i = s.skipSpace(i)
		switch {
		case i >= len(s.src):
			return fail("the tag of %s is not closed", name)
		case s.src[i] == '>':
			s.at = i + 1
			return s.push(name)
		case strings.HasPrefix(s.src[i:], "/>"):
			s.at, s.empty = i+2, true
			return s.push(name)
		}
		attribute := s.src[i:s.nameEnd(i)]
		if attribute == "" {
			return fail("expected an attribute of %s", name)
		}
		i = s.skipSpace(i + len(attribute))
		if i >= len(s.src) || s.src[i] != '=' {
			return fail("the attribute %s has no value", attribute)
		}
		i = s.skipSpace(i + 1)
		if i >= len(s.src) || s.src[i] != '"' && s.src[i] != '\'' {
			return fail("the value of the attribute %s is not quoted", attribute)
		}
		length := strings.IndexByte(s.src[i+1:], s.src[i])
		if length < 0 {
			return fail("the value of the attribute %s is not closed", attribute)
		}
		value, err := unescape(s.src[i+1 : i+1+length])
		if err == nil && strings.IndexByte(value, '<') >= 0 && strings.IndexByte(s.src[i+1:i+1+length], '<') >= 0 {
			err = fmt.Errorf("the value of the attribute %s contains <", attribute)
		}
		if err != nil {
			return fail("%w", err)
		}
		i += length + 2
		s.attrs = append(s.attrs, attr{attribute, value})
	}
}

func (s *scanner) push(name string) error {
	if len(s.open) == maxDepth {
		s.at = s.tag
		return fmt.Errorf("elements are nested deeper than %d levels", maxDepth)
	}
	s.open = append(s.open, name)
	return nil
}

func (s *scanner) nameEnd(i int) int {
	for i < len(s.src) && s.src[i] > ' ' && !strings.ContainsRune(`=/><"'&`, rune(s.src[i])) {
		i++
	}
	return i
}

func (s *scanner) skipSpace(i int) int {
	for i < len(s.src) && (s.src[i] == ' ' || s.src[i] == '\t' || s.src[i] == '\r' || s.src[i] == '\n') {
		i++
	}
	return i
}

// attr returns the value of an attribute of the element that was opened last,
// "" where it is absent.
func (s *scanner) attr(name string) string {
	for _, a := range s.attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

func local(name string) string { return name[strings.IndexByte(name, ':')+1:] }

var predefined = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

// unescape replaces the references to characters and predefined entities (XML
// 1.0, 4.1 and 4.6).
func unescape(text string) (string, error) {
	if strings.IndexByte(text, '&') < 0 {
		return text, nil
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "&")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, rest, closed := strings.Cut(after, ";")
		if !closed {
			return "", errors.New("& is not followed by the name of an entity and ;")
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
			return "", fmt.Errorf("unknown entity &%s;", name[:min(len(name), 40)])
		}
		text = rest
	}
}
