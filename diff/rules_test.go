package diff_test

import (
	"testing"

	"github.com/patchlint/patchlint/diff"
)

// TestRules checks that changing the returned list of rules has no effect on later calls.
func TestRules(t *testing.T) {
	clear(diff.Rules())
	if diff.Rules()[0] == nil {
		t.Error("the list is shared with another caller")
	}
}
