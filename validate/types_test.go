package validate_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// TestTypes runs testdata/graph/<type>.txtar, one archive for each of some types
// that people keep in repositories. In it, NAME.json is a payload and NAME.want
// its findings, as in testdata/payload/err. A name that ends in -v1.0 is for that
// API version. One that starts with clean- has no finding above info. At least
// three others have findings.
func TestTypes(t *testing.T) {
	archives, err := filepath.Glob("../testdata/graph/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, file := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			wants := make(map[string]string)
			for _, f := range archive.Files {
				if name, ok := strings.CutSuffix(f.Name, ".want"); ok {
					wants[name] = string(f.Data)
				}
			}
			var files []txtar.File
			broken := 0
			for _, f := range archive.Files {
				name, ok := strings.CutSuffix(f.Name, ".json")
				if !ok {
					continue
				}
				var l validate.Linter
				var target validate.Target
				if strings.HasSuffix(name, "-v1.0") {
					target.Version = schema.V1
				}
				doc, _ := patchlint.Parse(f.Data, patchlint.JSON)
				findings := l.LintDocument(doc, target)
				got := render(doc, findings)
				if want, ok := wants[name]; !*update && (!ok || want != got) {
					t.Errorf("%s (-want +got):\n%s", f.Name, cmp.Diff(want, got))
				}
				files = append(files, f, txtar.File{Name: name + ".want", Data: []byte(got)})
				clean := true
				for _, d := range findings {
					clean = clean && d.Severity <= patchlint.Info
				}
				if clean != strings.HasPrefix(name, "clean-") {
					t.Errorf("%s gets %q", f.Name, got)
				}
				if !clean {
					broken++
				}
				for _, unsafe := range []bool{false, true} {
					fixed, _ := l.Fix(f.Data, patchlint.JSON, target, unsafe)
					if again, made := l.Fix(fixed, patchlint.JSON, target, unsafe); made != 0 || string(again) != string(fixed) {
						t.Errorf("%s: fixing twice changes something (unsafe %v)", f.Name, unsafe)
					}
				}
			}
			if broken < 3 {
				t.Errorf("%d payloads with faults; there must be three", broken)
			}
			if *update {
				archive.Files = files
				if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
