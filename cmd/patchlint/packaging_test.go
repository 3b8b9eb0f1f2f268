package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/patchlint/patchlint/internal/input"
)

// TestHooks checks that pre-commit passes the files of a walk to every hook.
// .ci/pre-commit tests the manifest with pre-commit.
func TestHooks(t *testing.T) {
	text, err := os.ReadFile("../../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var hooks []struct {
		ID    string `yaml:"id"`
		Files string `yaml:"files"`
	}
	if err := yaml.Unmarshal(text, &hooks); err != nil {
		t.Fatal(err)
	}
	if len(hooks) != 3 {
		t.Errorf("there are %d hooks", len(hooks))
	}
	for _, hook := range hooks {
		files, err := regexp.Compile(hook.Files)
		if err != nil {
			t.Fatalf("%s: %v", hook.ID, err)
		}
		for _, name := range []string{"a.json", "a/b.JSON", "a.jsonc", "a.ndjson", "a.jsonl", "a.http", "a.rest"} {
			if _, walked := input.ForName(name); walked && !files.MatchString(name) {
				t.Errorf("%s does not get %s", hook.ID, name)
			}
		}
		for _, name := range []string{"json", "a.json5", "a.json.bak", "a.yaml", "ajson", ".http/a"} {
			if _, walked := input.ForName(name); walked || files.MatchString(name) {
				t.Errorf("%s gets %s", hook.ID, name)
			}
		}
	}
}

// TestExamplesVersion checks that the examples for CI use the version they come
// with.
func TestExamplesVersion(t *testing.T) {
	files, err := filepath.Glob("../../docs/ci/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	named := regexp.MustCompile(`(?:patchlint@v?|rev: v?|releases/download/v|patchlint_)(\d+\.\d+\.\d+)`)
	for _, file := range append(files, "../../docs/ci.md", "../../docs/install.md", "../../README.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all := named.FindAllStringSubmatch(string(text), -1)
		if len(all) == 0 {
			t.Errorf("%s names no version", file)
		}
		for _, m := range all {
			if m[1] != version {
				t.Errorf("%s has %q, want version %s", file, m[0], version)
			}
		}
	}
}

// TestAzurePipeline checks that the example is YAML with steps, and runs the step that
// checks payloads.
func TestAzurePipeline(t *testing.T) {
	text, err := os.ReadFile("../../docs/ci/azure.yml")
	if err != nil {
		t.Fatal(err)
	}
	var pipeline struct {
		Steps []struct {
			Script string `yaml:"script"`
			Task   string `yaml:"task"`
		} `yaml:"steps"`
	}
	if err := yaml.Unmarshal(text, &pipeline); err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.Mkdir("payloads", 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("payloads/bad.json", []byte(`{"macOSOnboarded": true}`), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, step := range pipeline.Steps {
		args, ok := strings.CutPrefix(step.Script, "patchlint ")
		if !ok {
			continue
		}
		var out, errs strings.Builder
		if code := run(strings.Fields(args), stdio{strings.NewReader(""), &out, &errs}); code != exitFindings {
			t.Errorf("exit %d: %s", code, errs.String())
		}
		const want = "##vso[task.logissue type=error;sourcepath=payloads/bad.json;linenumber=1;columnnumber=2;code=unknown-property]"
		if !strings.HasPrefix(out.String(), want) {
			t.Errorf("%s, not %s", out.String(), want)
		}
		if _, err := os.Stat("patchlint-junit.xml"); err != nil {
			t.Error(err)
		}
		return
	}
	t.Error("no step runs patchlint")
}
