package check

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/patchlint/patchlint/internal/input"
)

// TestIncluderSize checks that an includer has the size of its file, so that reading it
// needs no more memory than that.
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
