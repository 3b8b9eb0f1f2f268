package check

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/patchlint/patchlint/internal/input"
)

// TestIncluderSize checks that a reader of an includer knows the size of the file, so that it
// needs no more memory than for that.
func TestIncluderSize(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.json")
	if err := os.WriteFile(name, []byte("{}"), 0o666); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got := input.SizeOf(includer{Reader: file}); got != 2 {
		t.Errorf("%d, want 2", got)
	}
}
