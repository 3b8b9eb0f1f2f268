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

// FuzzUTF8 checks that a text is the same after it was written in UTF-16, and that
// what is not valid UTF-16 is never taken for a text.
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
				return // behind a byte order mark it reads as UTF-32, and JSON does not start so
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
