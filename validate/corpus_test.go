package validate_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/example"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/conform"
	"github.com/patchlint/patchlint/validate"
)

var update = flag.Bool("update", false, "rewrite the .want files")

// render prints findings in the form of .want files, one on each line: LINE:COLUMN
// severity rule POINTER, with columns in bytes.
func render(doc *patchlint.Document, findings []patchlint.Diagnostic) string {
	var b strings.Builder
	for _, f := range findings {
		line, column := doc.Position(f.Span.Start)
		pointer := f.Pointer
		if pointer == "" {
			pointer = "(root)"
		}
		fmt.Fprintf(&b, "%d:%d %s %s %s\n", line, column, f.Severity, f.Rule, pointer)
	}
	return b.String()
}

// payloads calls f with every payload in a folder of testdata/payload.
func payloads(t *testing.T, folder string, f func(t *testing.T, path string, doc *patchlint.Document, target validate.Target)) {
	paths, err := filepath.Glob("../testdata/payload/" + folder + "/*.json*")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no payloads: %v", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			dialect := patchlint.JSON
			if filepath.Ext(path) == ".jsonc" {
				dialect = patchlint.JSONC
			}
			doc, _ := patchlint.Parse(src, dialect)
			var target validate.Target
			if strings.Contains(path, "-v1.0.") {
				target.Version = schema.V1
			}
			f(t, path, doc, target)
		})
	}
}

// TestMistakes checks that every fixture of a real mistake gets the findings
// that its .want file lists, and no others.
func TestMistakes(t *testing.T) {
	payloads(t, "err", func(t *testing.T, path string, doc *patchlint.Document, target validate.Target) {
		got := render(doc, new(validate.Linter).LintDocument(doc, target))
		golden := strings.TrimSuffix(path, filepath.Ext(path)) + ".want"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("findings (-want +got):\n%s", diff)
		}
	})
}

// TestCleanPayloads checks that realistic payloads have no findings above info.
func TestCleanPayloads(t *testing.T) {
	payloads(t, "ok", func(t *testing.T, path string, doc *patchlint.Document, target validate.Target) {
		for _, f := range new(validate.Linter).LintDocument(doc, target) {
			if f.Severity > patchlint.Info {
				line, column := doc.Position(f.Span.Start)
				t.Errorf("%d:%d: %s [%s]", line, column, f.Message, f.Rule)
			}
		}
	})
}

// teamSchemas returns the check of a team's JSON Schema for every type, or nil if src is
// "".
func teamSchemas(t *testing.T, src string) []func(*schema.Type, patchlint.Node) []patchlint.Diagnostic {
	if src == "" {
		return nil
	}
	team, err := conform.ReadTeam("team.json", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return []func(*schema.Type, patchlint.Node) []patchlint.Diagnostic{team.Check}
}

// TestRules checks that every rule is documented, that its Bad example has the finding
// and no other of its severity or above, that Good has neither, and that a copy of the
// rule finds the same.
func TestRules(t *testing.T) {
	for _, rule := range validate.Rules() {
		t.Run(rule.ID, func(t *testing.T) {
			if rule.Summary == "" || rule.Why == "" || rule.Since == "" || strings.HasSuffix(rule.Summary, ".") {
				t.Error("not documented as it must be")
			}
			l, target := rule.Example()
			needs := example.Of(rule.ID)
			l.TeamSchemas = teamSchemas(t, needs.Schema)
			lint := func(src string) []patchlint.Diagnostic {
				var run validate.Run
				if needs.With != "" {
					with, _ := patchlint.Parse([]byte(needs.With), needs.Dialect)
					run.Add(l, "with", with, target)
				}
				doc, _ := patchlint.Parse([]byte(src), needs.Dialect)
				return append(l.LintDocument(doc, target), run.Add(l, "this", doc, target)...)
			}
			fired := 0
			for _, f := range lint(rule.Bad) {
				if f.Rule == rule.ID {
					fired++
				} else if f.Severity >= rule.Severity && rule.Severity > patchlint.Info {
					t.Errorf("Bad also gets %s: %s", f.Rule, f.Message)
				}
			}
			if fired != 1 {
				t.Errorf("Bad gets the finding %d times", fired)
			}
			for _, f := range lint(rule.Good) {
				if f.Rule == rule.ID || f.Severity == patchlint.Error {
					t.Errorf("Good gets %s: %s", f.Rule, f.Message)
				}
			}
			findings, replica := lint(rule.Bad), *rule
			l.Rules = append(slices.DeleteFunc(validate.Rules(), func(r *validate.Rule) bool { return r == rule }), &replica)
			if diff := cmp.Diff(findings, lint(rule.Bad), cmpopts.IgnoreFields(patchlint.Related{}, "Document")); diff != "" {
				t.Errorf("with a copy of the rule:\n%s", diff)
			}
		})
	}
}
