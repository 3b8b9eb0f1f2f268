package files

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// TestReadRegularMemory checks that a file is read into memory of its size, and that one
// that is too large is not read at all.
func TestReadRegularMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector makes a buffer allocate twice")
	}
	const limit = 16 << 20
	name := filepath.Join(t.TempDir(), "f")
	for _, test := range []struct {
		size      int64
		refused   bool
		allocated uint64
	}{{0, false, 64 << 10}, {limit, false, limit + limit/8}, {limit + 1, true, 64 << 10}} {
		write(t, name, "")
		if err := os.Truncate(name, test.size); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		text, err := ReadRegular(name, name, limit)
		runtime.ReadMemStats(&after)
		if (err != nil) != test.refused || err == nil && int64(len(text)) != test.size {
			t.Errorf("%d bytes: read %d, and %v", test.size, len(text), err)
		}
		if allocated := after.TotalAlloc - before.TotalAlloc; allocated > test.allocated {
			t.Errorf("%d bytes: %d are allocated", test.size, allocated)
		}
	}
}
