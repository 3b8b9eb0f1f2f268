package command

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/patchlint/patchlint/internal/corpus"
)

// TestListLinear checks that comparing the objects of a list takes time in proportion to
// their number.
func TestListLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine, which the race detector slows down")
	}
	corpus.Linear(t, 1000, func(n int) {
		dir := t.TempDir()
		list := make([]string, n)
		for i := range list {
			list[i] = fmt.Sprintf(`{"@odata.type": "#microsoft.graph.group", "id": "%d", "displayName": "%[1]d"}`, i)
		}
		for name, text := range map[string]string{"current/list.json": `{"value": [` + strings.Join(list, ",") + "]}", "desired/objects.ndjson": strings.Join(list, "\n")} {
			name = filepath.Join(dir, name)
			if err := os.Mkdir(filepath.Dir(name), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		f := Diff{Common: Common{MaxBytes: 64 << 20}, Formats: []Format{"batch"}}
		if err := f.Run(filepath.Join(dir, "current"), filepath.Join(dir, "desired"), Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}); err != nil {
			t.Fatal(err)
		}
	})
}
