package validate_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// TestCases runs testdata/rules/<id>.txtar, one archive for each rule. In it,
// NAME.json or NAME.jsonc is a payload and NAME.want its findings, as in
// testdata/payload/err; NAME.fixed is the payload after safe fixes, and NAME.unsafe
// after all fixes. A name that ends in -v1.0 is for that API version; NAME.other is a
// payload of the same run, NAME.names are names files, with "---" between them, in place
// of the rule's own, and NAME.schema is a JSON Schema of a team. Each rule fires in at
// least three payloads and is silent in three.
func TestCases(t *testing.T) {
	for _, rule := range validate.Rules() {
		t.Run(rule.ID, func(t *testing.T) {
			file := "../testdata/rules/" + rule.ID + ".txtar"
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			fires, silent := 0, 0
			find := func(name string) *txtar.File {
				i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == name })
				if i < 0 {
					return nil
				}
				return &archive.Files[i]
			}
			for _, f := range slices.Clone(archive.Files) {
				extension := filepath.Ext(f.Name)
				if !strings.HasPrefix(extension, ".json") {
					continue
				}
				name := strings.TrimSuffix(f.Name, extension)
				l, target := rule.Example()
				target.Version = ""
				if team := find(name + ".schema"); team != nil {
					l.TeamSchemas = teamSchemas(t, string(team.Data))
				}
				if strings.HasSuffix(name, "-v1.0") {
					target.Version = schema.V1
				}
				if names := find(name + ".names"); names != nil {
					l.Names = new(validate.Names)
					for text := range bytes.SplitSeq(names.Data, []byte("---\n")) {
						if _, err := l.Names.Add(text); err != nil {
							t.Fatal(err)
						}
					}
				}
				dialect := patchlint.JSON
				if extension == ".jsonc" {
					dialect = patchlint.JSONC
				}
				doc, _ := patchlint.Parse(f.Data, dialect)
				findings := l.LintDocument(doc, target)
				if other := find(name + ".other"); other != nil {
					var run validate.Run
					before, _ := patchlint.Parse(other.Data, dialect)
					run.Add(l, "other", before, target)
					findings = append(findings, run.Add(l, "this", doc, target)...)
					slices.SortStableFunc(findings, patchlint.Diagnostic.Compare)
				}
				for _, d := range findings {
					for _, fix := range d.Fixes {
						if !slices.IsSortedFunc(fix.Edits, func(e, before patchlint.Edit) int { return e.Span.Start - before.Span.End }) {
							t.Errorf("%s: the edits of %q are not in order, or overlap", f.Name, fix.Title)
						}
					}
				}
				if slices.ContainsFunc(findings, func(d patchlint.Diagnostic) bool { return d.Rule == rule.ID }) {
					fires++
				} else {
					silent++
				}
				want := find(name + ".want")
				if want == nil && *update {
					at := slices.IndexFunc(archive.Files, func(g txtar.File) bool { return g.Name == f.Name })
					archive.Files = slices.Insert(archive.Files, at+1, txtar.File{Name: name + ".want"})
					want = find(name + ".want")
				}
				if want == nil {
					t.Fatalf("%s has no %s.want", f.Name, name)
				}
				compare(t, f.Name, want, render(doc, findings))
				for _, unsafe := range []bool{false, true} {
					want := find(name + map[bool]string{false: ".fixed", true: ".unsafe"}[unsafe])
					fixed, _ := l.Fix(f.Data, dialect, target, unsafe)
					if again, made := l.Fix(fixed, dialect, target, unsafe); made != 0 || string(again) != string(fixed) {
						t.Errorf("%s: fixing twice changes something (unsafe %v)", f.Name, unsafe)
					}
					if want != nil {
						compare(t, f.Name, want, string(fixed))
					}
				}
			}
			if fires < 3 || silent < 3 {
				t.Errorf("%d payloads in which it fires and %d in which it is silent; there must be three of each", fires, silent)
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func compare(t *testing.T, name string, want *txtar.File, got string) {
	t.Helper()
	if *update {
		want.Data = []byte(got)
		return
	}
	if diff := cmp.Diff(string(want.Data), got); diff != "" {
		t.Errorf("%s, %s (-want +got):\n%s", name, want.Name, diff)
	}
}
