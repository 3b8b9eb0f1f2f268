package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint/internal/corpus"
)

// TestDriftOfPublishedMetadata checks that the metadata from which the facts come does
// not differ from them, and that a document with two changes differs only in these.
func TestDriftOfPublishedMetadata(t *testing.T) {
	src := corpus.Published(t, "graph-v1.0.csdl.gz")
	file := filepath.Join(t.TempDir(), "v1.0.csdl")
	drift := func(text string) (code int, out string) {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		var stdout, stderr strings.Builder
		code = run([]string{"schema", "drift", file}, stdio{strings.NewReader(""), &stdout, &stderr})
		return code, stdout.String()
	}
	if code, out := drift(string(src)); code != exitClean || out != "" {
		t.Errorf("exit %d: %.2000s", code, out)
	}
	changed := strings.NewReplacer(
		`<Property Name="preferredDataLocation" Type="Edm.String" />`, `<Property Name="preferredDataLocation" Type="Edm.Guid" />`,
		`<Singleton Name="me" Type="microsoft.graph.user">`, `<Singleton Name="you" Type="microsoft.graph.user"/><Singleton Name="me" Type="microsoft.graph.user">`,
	).Replace(string(src))
	code, out := drift(changed)
	want := `microsoft.graph.group
  breaks property preferredDataLocation changed from Edm.String to Edm.Guid
microsoft.graph.user
  breaks property preferredDataLocation changed from Edm.String to Edm.Guid
entity sets and singletons
         singleton you was added (microsoft.graph.user)

3 differences from the facts of v1.0, 2026-08-20; 2 breaking
`
	if diff := cmp.Diff(want, out); diff != "" || code != exitFindings {
		t.Errorf("exit %d: %s", code, diff)
	}
}
