package form_test

import (
	"testing"

	"github.com/patchlint/patchlint/internal/form"
)

// TestStray checks that the stray character is the one that keeps a text from being a GUID.
func TestStray(t *testing.T) {
	const id = "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"
	for text, want := range map[string]string{
		id + "\u200b":        "the character U+200B at position 37",
		"{" + id + "}\u200b": "the character U+200B at position 39",
		"0a4b7c1e\u20113f52-4c8d-9b60-7d1e2f3a4b5c": "the character U+2011 at position 9",
		"Oa4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c":      "the character 'O' at position 1",
		"{" + id + "}":                              "",
	} {
		if _, _, stray := form.MeantGUID(text); stray != want {
			t.Errorf("%q: %q, want %q", text, stray, want)
		}
	}
}
