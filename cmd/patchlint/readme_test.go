package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReadme holds that the README shows what the command prints, names the
// number of rules there are, and holds the code of an example that runs.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(text)
	block := func(language string) string {
		m := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindStringSubmatch(readme)
		if m == nil {
			t.Fatalf("no block of %s", language)
		}
		return m[1]
	}

	if got := reviewed(t); got != block("text") {
		t.Errorf("the README does not show what diff prints:\n%s", cmp.Diff(block("text"), got))
	}

	command, want, _ := strings.Cut(block("console"), "\n")
	if command != "$ patchlint lint partner.json" {
		t.Fatalf("the first command is %q", command)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "partner.json"), []byte(block("json")), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	var out, errs strings.Builder
	if code := run([]string{"lint", "partner.json"}, stdio{strings.NewReader(""), &out, &errs}); code != exitFindings {
		t.Errorf("exit %d: %s", code, errs.String())
	}
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("the README does not show what is printed (-README +printed):\n%s", diff)
	}

	if count := fmt.Sprintf("%d rules", len(catalogue())); !strings.Contains(readme, count) {
		t.Errorf("the README does not speak of %s", count)
	}
}

// TestReadmeCode holds that all Go of the README is that of runnable examples.
func TestReadmeCode(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var examples strings.Builder
	for _, file := range []string{"../../example_test.go", "../../guard/example_test.go"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		examples.Write(text)
	}
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(readme), -1)
	if len(blocks) == 0 {
		t.Error("the README has no code")
	}
	for _, block := range blocks {
		code := strings.TrimSpace(block[1])
		indented := "\t" + strings.ReplaceAll(code, "\n", "\n\t")
		if !strings.Contains(examples.String(), strings.ReplaceAll(indented, "\n\t\n", "\n\n")) {
			t.Errorf("this code of the README is in no example:\n%s", code)
		}
	}
}

// reviewed is what a terminal shows for the review of the README's recipe.
func reviewed(t *testing.T) string {
	dir := t.TempDir()
	for name, from := range map[string]string{"current.json": "report-current.json", "partner.json": "report-desired.json"} {
		text, err := os.ReadFile("../../testdata/diff/" + from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	var both strings.Builder
	args := []string{"diff", "--format", "text", "current.json", "partner.json"}
	if code := run(args, stdio{strings.NewReader(""), &both, &both}); code != exitClean {
		t.Errorf("exit %d: %s", code, both.String())
	}
	return both.String()
}

// TestRulesDocument holds that docs/rules.md is what the rules say.
func TestRulesDocument(t *testing.T) {
	var b strings.Builder
	if err := rulesMarkdown(&b, catalogue()); err != nil {
		t.Fatal(err)
	}
	const file = "../../docs/rules.md"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(have), b.String()); diff != "" {
		t.Errorf("docs/rules.md is stale; go test ./cmd/patchlint -update writes it:\n%s", diff)
	}
}
