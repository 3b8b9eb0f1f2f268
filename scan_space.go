package patchlint

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"unicode/utf8"

	"github.com/patchlint/patchlint/internal/inert"
)

// space skips white space, comments and invisible characters. It reports those that
// the dialect does not allow.
func (s *scanner) space(i int) int {
	if i < len(s.src) && tokens[s.src[i]] {
		return i
	}
	return s.gap(i)
}

// tokens has the bytes that a token starts with.
var tokens = [256]bool{
	'{': true, '}': true, '[': true, ']': true, ',': true, ':': true, '"': true, 't': true, 'f': true, 'n': true,
	'-': true, '0': true, '1': true, '2': true, '3': true, '4': true, '5': true, '6': true, '7': true, '8': true, '9': true,
}

// gap is space without the check for the usual case.
func (s *scanner) gap(i int) int {
	for {
		i = skipSpace(s.src, i)
		if i == len(s.src) || s.src[i] != '/' && s.src[i] < utf8.RuneSelf {
			return i
		}
		from := i
		if s.src[i] == '/' {
			i = s.comment(i)
		} else {
			i = s.blank(i)
		}
		if i <= from {
			return i
		}
	}
}

// blank skips and reports invisible characters at i that are not white space in JSON
// (RFC 8259 section 2). Word processors and web pages put them into text.
func (s *scanner) blank(i int) int {
	first, _ := utf8.DecodeRune(s.src[i:])
	end := i
	for {
		r, size := utf8.DecodeRune(s.src[end:])
		if r != first || !inert.Invisible(r) {
			break
		}
		end += size
	}
	if end > i && !s.limited {
		s.note(Diagnostic{
			Span:    Span{i, end},
			Message: fmt.Sprintf("the invisible character U+%04X is not white space in JSON; replace it with a space", first),
			Fixes:   safeFix("replace it with a space", Edit{Span: Span{i, end}, NewText: " "}),
		})
	}
	return end
}

// comment skips the comment at i. It returns i at a slash that does not start a comment,
// which the caller then reports.
func (s *scanner) comment(i int) int {
	length := commentLength(s.src[i:])
	switch length {
	case 0:
		return i
	case -1:
		return s.fail(i, "json-syntax", Span{i, i + 2}, `the comment is not closed; expected "*/"`)
	}
	at := Span{i, i + length}
	if n := len(s.doc.comments); n == cap(s.doc.comments) {
		s.doc.comments = slices.Grow(s.doc.comments, n+1) // doubled, to copy less often
	}
	s.doc.comments = append(s.doc.comments, at)
	if s.dialect == JSON && !s.limited {
		s.note(Diagnostic{Span: at, Message: "JSON does not allow comments; remove this one, or use a .jsonc file"})
	}
	return at.End
}

// commentLength returns the length of the comment at the start of a text: 0 if there is
// none, -1 if it is not closed.
func commentLength(text []byte) int {
	switch {
	case bytes.HasPrefix(text, []byte("//")):
		if end := bytes.IndexByte(text, '\n'); end >= 0 {
			text = text[:end]
		}
		return len(bytes.TrimSuffix(text, []byte{'\r'}))
	case bytes.HasPrefix(text, []byte("/*")):
		end := bytes.Index(text[2:], []byte("*/"))
		if end < 0 {
			return -1
		}
		return end + len("/**/")
	}
	return 0
}

// skipSpace returns the offset of the first byte at or after i that is not white space
// (RFC 8259 section 2).
func skipSpace(src []byte, i int) int {
	for i < len(src) && src[i] <= ' ' {
		if c := src[i]; c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			break
		}
		// Skip indentation eight bytes at a time.
		for i++; i+8 <= len(src); i += 8 {
			if other := binary.LittleEndian.Uint64(src[i:]) ^ ones*' '; other != 0 {
				i += bits.TrailingZeros64(other) / 8
				break
			}
		}
	}
	return i
}
