package patchlint

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/patchlint/patchlint/internal/inert"
)

// str parses the string literal at start. It returns escapedName and escapedText as far as
// they apply to it if it is a name or the value of a record.
func (s *scanner) str(start int) (end int, as escaped) {
	if i := skipPlain(s.src, start+1); s.sees(i, '"') {
		return i + 1, 0
	}
	return s.unplain(start)
}

// unplain is str for a string with bytes that need attention.
func (s *scanner) unplain(start int) (end int, as escaped) {
	src, i := s.src, start+1
	for {
		switch i = skipPlain(src, i); {
		case i == len(src):
			return s.failString(start), 0
		case src[i] == '"':
			return i + 1, as
		case src[i] == '\\':
			as |= escapedName | escapedText
			i = s.escape(start, i)
		default:
			var valid bool
			if i, valid = s.character(start, i); !valid {
				as |= escapedName
			}
		}
		if i < 0 {
			return i, 0
		}
	}
}

// skipPlain skips bytes of a string that need no attention, eight at a time. It stops
// at a quotation mark, backslash, control character or non-ASCII byte, and otherwise
// within the last seven bytes of the source.
func skipPlain(src []byte, i int) int {
	for i >= 0 && i <= len(src)-8 { // i >= 0 eliminates a bounds check
		// Subtracting n from an ASCII byte borrows if the byte is less than n; bytes above
		// the first hit may be wrong. x^2 is less than or equal to a space exactly if x is
		// a quotation mark or a control character.
		x := binary.LittleEndian.Uint64(src[i : i+8])
		if hit := (((x ^ ones*2) - ones*(' '+1)) | ((x ^ ones*'\\') - ones) | x) & highs; hit != 0 {
			return i + bits.TrailingZeros64(hit)/8
		}
		i += 8
	}
	return i
}

// character parses the character at i, in the string at start, and reports whether it
// is valid UTF-8.
func (s *scanner) character(start, i int) (end int, valid bool) {
	switch c := s.src[i]; {
	case c == '\n' || c == '\r':
		return s.fail(start, "json-syntax", Span{start, i}, `the string is not closed on its line; close it with a quotation mark, or write \n for a line break`), false
	case c < ' ':
		return s.fail(start, "json-syntax", Span{i, i + 1}, `the control character U+%04X must be escaped in a string, as \u%04x`, c, c), false
	}
	r, size := utf8.DecodeRune(s.src[i:])
	if r == utf8.RuneError && size == 1 {
		return i + s.notUTF8(i), false
	}
	return i + size, true
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// notUTF8 reports the invalid UTF-8 at i and returns its length in bytes.
func (s *scanner) notUTF8(i int) int {
	n := 1
	for n < utf8.UTFMax && i+n < len(s.src) && !utf8.RuneStart(s.src[i+n]) {
		n++
	}
	what := "the byte %#x is"
	if n > 1 {
		what = "the bytes % #x are"
	}
	s.encoding(Span{i, i + n}, fmt.Sprintf(what+" not UTF-8; save the file as UTF-8", s.src[i:i+n]))
	return n
}

// escape parses the escape sequence at i, in the string at start.
func (s *scanner) escape(start, i int) int {
	if i+1 >= len(s.src) {
		return s.failString(start)
	}
	switch s.src[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2
	case 'u':
		unit, ok := hex4(s.src[i+2:])
		if !ok {
			break
		}
		if unit < 0xD800 || unit > 0xDFFF {
			return i + 6
		}
		if unit < 0xDC00 && i+7 < len(s.src) && s.src[i+6] == '\\' && s.src[i+7] == 'u' {
			if low, ok := hex4(s.src[i+8:]); ok && low >= 0xDC00 && low <= 0xDFFF {
				return i + 12
			}
		}
		// RFC 8259 section 8.2: parsers treat a lone surrogate differently.
		s.encoding(Span{i, i + 6}, fmt.Sprintf("%s is only half of a surrogate pair; write both halves or the character itself", s.src[i:i+6]))
		return i + 6
	}
	if s.src[i+1] == '\n' || s.src[i+1] == '\r' {
		return s.fail(start, "json-syntax", Span{i, i + 1}, `a backslash at the end of a line does not continue the string; write \n for a line break`)
	}
	length := 2
	for length < 6 && s.src[i+1] == 'u' && i+length < len(s.src) && inWord(s.src, i+length) {
		length++
	}
	_, size := utf8.DecodeRune(s.src[i+1:])
	at := Span{i, i + max(length, 1+size)}
	return s.fail(start, "json-syntax", at, `%s is not a JSON escape sequence; write \\ for a backslash`, inert.Text(s.src[at.Start:at.End]))
}

// hex4 decodes the four hexadecimal digits at the start of a text.
func hex4(src []byte) (unit rune, ok bool) {
	number, err := strconv.ParseUint(string(src[:min(4, len(src))]), 16, 16)
	return rune(number), err == nil && len(src) >= 4
}

// number parses the number at start (RFC 8259 section 6).
func (s *scanner) number(start int) int {
	src, i, reason := s.src, start, ""
	if src[i] == '-' {
		i++
	}
	whole := i
	switch i = skipDigits(src, i); {
	case i == whole:
		reason = "a number needs a digit after the minus sign"
	case i > whole+1 && src[whole] == '0':
		reason = "a number must not have a leading zero"
	}
	if reason == "" && i < len(src) && src[i] == '.' {
		point := i
		if i = skipDigits(src, i+1); i == point+1 {
			reason = "a number needs a digit after the decimal point"
		}
	}
	if reason == "" && i < len(src) && src[i]|0x20 == 'e' {
		if i++; i < len(src) && (src[i] == '+' || src[i] == '-') {
			i++
		}
		exponent := i
		if i = skipDigits(src, i); i == exponent {
			reason = "a number needs a digit in its exponent"
		}
	}
	if reason == "" && !inNumber(src, i) {
		return i
	}
	for inNumber(src, i) {
		i++
	}
	if reason == "" {
		reason = "text must be in double quotes"
	}
	return s.fail(start, "json-syntax", Span{start, i}, "%s is not a number: %s", inert.Text(src[start:i]), reason)
}

func skipDigits(src []byte, i int) int {
	for i < len(src) && '0' <= src[i] && src[i] <= '9' {
		i++
	}
	return i
}

// inNumber reports whether the byte at i looks like part of a number, valid or not.
func inNumber(src []byte, i int) bool {
	return i < len(src) && (inWord(src, i) || strings.IndexByte(".-+:", src[i]) >= 0)
}
