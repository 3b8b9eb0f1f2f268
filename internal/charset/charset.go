// Package charset distinguishes UTF-16 and UTF-32 from UTF-8. Windows PowerShell 5.1
// writes UTF-16 with ">" and Out-File, but JSON must be sent in UTF-8 (RFC 8259, 8.1).
package charset

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// Of returns the UTF-16 or UTF-32 encoding of a text, such as "UTF-16 (little endian)",
// or "" if it is in neither. JSON starts with an ASCII character, so the zero bytes
// among the first four show the encoding.
func Of(src []byte) string {
	switch {
	case len(src) < 2:
		return ""
	case len(src) >= 4 && (string(src[:4]) == "\xFF\xFE\x00\x00" || src[0] != 0 && string(src[1:4]) == "\x00\x00\x00"):
		return "UTF-32 (little endian)"
	case len(src) >= 4 && (string(src[:4]) == "\x00\x00\xFE\xFF" || string(src[:3]) == "\x00\x00\x00" && src[3] != 0):
		return "UTF-32 (big endian)"
	case src[0] == 0xFF && src[1] == 0xFE, src[0] != 0 && src[1] == 0:
		return "UTF-16 (little endian)"
	case src[0] == 0xFE && src[1] == 0xFF, src[0] == 0 && src[1] != 0:
		return "UTF-16 (big endian)"
	}
	return ""
}

// UTF8 converts UTF-16 to UTF-8 without a byte order mark. ok is false for any other
// encoding, and for an unpaired surrogate, which UTF-8 cannot express.
func UTF8(src []byte) (text []byte, ok bool) {
	var order binary.ByteOrder
	switch Of(src) {
	case "UTF-16 (little endian)":
		order = binary.LittleEndian
	case "UTF-16 (big endian)":
		order = binary.BigEndian
	default:
		return nil, false
	}
	if len(src)%2 != 0 {
		return nil, false
	}
	text = make([]byte, 0, len(src))
	for i := 0; i < len(src); i += 2 {
		r := rune(order.Uint16(src[i:]))
		if utf16.IsSurrogate(r) {
			if i += 2; i == len(src) {
				return nil, false
			}
			if r = utf16.DecodeRune(r, rune(order.Uint16(src[i:]))); r == utf8.RuneError {
				return nil, false
			}
		}
		text = utf8.AppendRune(text, r)
	}
	return bytes.TrimPrefix(text, []byte("\uFEFF")), true
}
