package schema_test

import (
	"regexp"
	"testing"

	"github.com/patchlint/patchlint/internal/form"
)

// TestIsGUID compares IsGUID with a pattern, over every text that differs from a GUID in
// one byte, and over other lengths.
func TestIsGUID(t *testing.T) {
	pattern := regexp.MustCompile(`^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$`)
	check := func(text []byte) {
		t.Helper()
		if want := pattern.Match(text); form.IsGUID(text) != want || form.IsGUID(string(text)) != want {
			t.Errorf("%q: %t", text, !want)
		}
	}
	for _, guid := range []string{"0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c", "FEDCBA98-7654-3210-ABCD-EF0123456789"} {
		text := []byte(guid)
		check(text)
		for i := range text {
			for c := range 256 {
				text[i] = byte(c)
				check(text)
			}
			text[i] = guid[i]
		}
		for n := range text {
			check(text[:n])
		}
		check(append(text, '0'))
	}
}
