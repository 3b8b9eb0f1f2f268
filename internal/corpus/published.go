package corpus

import (
	"cmp"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// Published returns a file of published metadata or payloads, unpacked. The test is
// skipped where the file is not at hand: in the directory that PATCHLINT_DATA names,
// or in ../shared/data beside the module. Tests run two directories below that.
func Published(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join(cmp.Or(os.Getenv("PATCHLINT_DATA"), "../../../shared/data"), name))
	if err != nil {
		t.Skipf("published data is not at hand: %v", err)
	}
	defer f.Close()
	unzip, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	src, err := io.ReadAll(unzip)
	if err != nil {
		t.Fatal(err)
	}
	return src
}
