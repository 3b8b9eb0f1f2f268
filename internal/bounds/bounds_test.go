package bounds_test

import (
	"strings"
	"testing"

	"github.com/patchlint/patchlint/internal/bounds"
)

// TestList checks that no single text is left out, because its number would take its place.
func TestList(t *testing.T) {
	for texts, want := range map[string]string{"a b": "a, b", "a b c": "a, b, c", "a b c d": "a, b, and 2 more"} {
		if got := bounds.List(strings.Fields(texts), 2); got != want {
			t.Errorf("%s: %s, want %s", texts, got, want)
		}
	}
}
