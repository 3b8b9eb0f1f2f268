package diff_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/schema"
)

// TestCases runs testdata/rules/<id>.txtar for the rules that need two objects:
// NAME.current, NAME.desired and the expected warnings in NAME.want, for v1.0 if the name
// ends in -v1.0. Each rule fires in at least three pairs and is silent in at least three.
func TestCases(t *testing.T) {
	for _, rule := range diff.Rules() {
		t.Run(rule.ID, func(t *testing.T) {
			archive, err := txtar.ParseFile("../testdata/rules/" + rule.ID + ".txtar")
			if err != nil {
				t.Fatal(err)
			}
			fires, silent := 0, 0
			for _, f := range archive.Files {
				name, ok := strings.CutSuffix(f.Name, ".current")
				if !ok {
					continue
				}
				data := func(extension string) []byte {
					i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == name+extension })
					if i < 0 {
						t.Fatalf("%s%s is missing", name, extension)
					}
					return archive.Files[i].Data
				}
				version := schema.Beta
				if strings.HasSuffix(name, "-v1.0") {
					version = schema.V1
				}
				desired := parse(t, data(".desired"))
				plan, err := diff.Compute(partner(t, version), parse(t, f.Data), desired, diff.Options{})
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				var got strings.Builder
				for _, w := range plan.Warnings {
					line, column := desired.Position(w.Span.Start)
					fmt.Fprintf(&got, "%d:%d %s %s %s\n", line, column, w.Severity, w.Rule, w.Pointer)
				}
				if d := cmp.Diff(string(data(".want")), got.String()); d != "" {
					t.Errorf("%s (-want +got):\n%s", name, d)
				}
				if strings.Contains(got.String(), rule.ID) {
					fires++
				} else {
					silent++
				}
			}
			if fires < 3 || silent < 3 {
				t.Errorf("%d pairs in which it fires and %d in which it is silent; there must be three of each", fires, silent)
			}
		})
	}
}
