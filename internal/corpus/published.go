package corpus

import (
	"cmp"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// Published returns an unpacked file of published metadata or payloads. The file is in
// the directory PATCHLINT_DATA or, by default, in ../shared/data next to the module; if
// it is missing, the test is skipped. The path assumes a test two directories below the
// module.
func Published(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join(cmp.Or(os.Getenv("PATCHLINT_DATA"), "../../../shared/data"), name))
	if err != nil {
		t.Skipf("published data is missing: %v", err)
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
