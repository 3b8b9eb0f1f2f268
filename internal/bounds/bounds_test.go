package bounds_test

import (
	"strings"
	"testing"

	"github.com/patchlint/patchlint/internal/bounds"
)

// TestList checks that a list never leaves out a single text, which needs no more room than
// "and 1 more".
func TestList(t *testing.T) {
	for texts, want := range map[string]string{"a b": "a, b", "a b c": "a, b, c", "a b c d": "a, b, and 2 more"} {
		if got := bounds.List(strings.Fields(texts), 2); got != want {
			t.Errorf("%s: %s, want %s", texts, got, want)
		}
	}
}
