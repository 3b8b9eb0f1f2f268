package diff_test

import (
	"testing"

	"github.com/patchlint/patchlint/diff"
)

// TestNames checks that a side which does not exist has a name, too, and that the list
// of rules is the caller's.
func TestNames(t *testing.T) {
	for n := range 256 {
		if diff.Side(n).String() == "" {
			t.Errorf("%d has no name", n)
		}
	}
	clear(diff.Rules())
	if diff.Rules()[0] == nil {
		t.Error("the list is shared with another caller")
	}
}
