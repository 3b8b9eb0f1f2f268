package input_test

import (
	"encoding/binary"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/patchlint/patchlint/internal/charset"
)

func inUTF16(order binary.AppendByteOrder, text string) (src []byte) {
	for _, unit := range utf16.Encode([]rune(text)) {
		src = order.AppendUint16(src, unit)
	}
	return src
}

// FuzzUTF8 checks that converting a text to UTF-16 and back does not change it, and
// that invalid UTF-16 is never converted.
func FuzzUTF8(f *testing.F) {
	for _, text := range []string{"{}", "\uFEFF{\"é\": \"😀\"}", "[", ""} {
		f.Add([]byte(text))
	}
	f.Add([]byte("\xFF\xFE{\x00\x00\xD8"))
	f.Add([]byte("\xFF\xFE\x00\x00{\x00\x00\x00"))
	f.Add([]byte("\x00\xFF\x00\x00"))
	f.Fuzz(func(t *testing.T, src []byte) {
		if text, ok := charset.UTF8(src); ok {
			if !utf8.Valid(text) || charset.Of(src) == "" {
				t.Errorf("%q becomes %q", src, text)
			}
			if len(text) > 0 && text[0] == 0 {
				return // after a byte order mark it looks like UTF-32, but JSON does not start like this
			}
			for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
				again, ok := charset.UTF8(inUTF16(order, "\uFEFF"+string(text)))
				if !ok || string(again) != string(text) {
					t.Errorf("%q becomes %q", text, again)
				}
			}
		}
		if utf8.Valid(src) && len(src) > 1 && src[0] != 0 && src[1] != 0 && charset.Of(src) != "" {
			t.Errorf("%q is taken for %s", src, charset.Of(src))
		}
	})
}
