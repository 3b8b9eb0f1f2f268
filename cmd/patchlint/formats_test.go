package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint/internal/report"
)

// TestFormatsDocument holds that docs/formats.md speaks of every format and shows
// what the command prints.
func TestFormatsDocument(t *testing.T) {
	name, err := filepath.Abs("../../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	have := string(text)
	t.Chdir(t.TempDir())
	t.Setenv("GITHUB_STEP_SUMMARY", "summary.md")
	for _, m := range regexp.MustCompile("(?s)`(payloads/[a-z]+\\.json)`:\n\n```json\n(.*?)```").FindAllStringSubmatch(have, -1) {
		if err := os.MkdirAll("payloads", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(m[1], []byte(m[2]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	shown := make(map[string]bool)
	want := regexp.MustCompile("(?ms)^```console\n\\$ .*?^```$").ReplaceAllStringFunc(have, func(block string) string {
		command, _, _ := strings.Cut(strings.TrimPrefix(block, "```console\n$ "), "\n")
		said, program, _ := strings.Cut(command, " | jq ")
		out := ""
		if args, ok := strings.CutPrefix(said, "patchlint "); ok {
			var b, errs strings.Builder
			if code := run(strings.Fields(args), stdio{strings.NewReader(""), &b, &errs}); code != exitFindings {
				t.Fatalf("%s: exit %d: %s", command, code, errs.String())
			}
			out = b.String()
			shown[strings.Fields(args)[2]] = true
		} else if said == "cat $GITHUB_STEP_SUMMARY" {
			summary, err := os.ReadFile("summary.md")
			if err != nil {
				t.Fatal(err)
			}
			out = strings.TrimSuffix(string(summary), "\n")
		} else {
			t.Fatalf("the test does not run %s", command)
		}
		if program != "" {
			id := regexp.MustCompile(`^'\.runs\[\]\.tool\.driver\.rules \|= map\(select\(\.id == "([a-z-]+)"\)\)'$`).FindStringSubmatch(program)
			if id == nil {
				t.Fatalf("the test does not run jq %s", program)
			}
			out = onlyRule(t, out, id[1])
		}
		return "```console\n$ " + command + "\n" + out + "```"
	})
	for _, format := range report.Names() {
		if !shown[format] || !strings.Contains(have, fmt.Sprintf("\n## %s\n", format)) || !strings.Contains(have, fmt.Sprintf("| [%s](#%s) |", format, format)) {
			t.Errorf("nothing is said of %s", format)
		}
	}
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(have, want); diff != "" {
		t.Errorf("docs/formats.md is stale; go test ./cmd/patchlint -run Formats -update writes it:\n%s", diff)
	}
}

// onlyRule is a SARIF report indented and with one of its rules, as jq prints it.
func onlyRule(t *testing.T, text, id string) string {
	start := strings.Index(text, `"rules":[`) + len(`"rules":`)
	decoder := json.NewDecoder(strings.NewReader(text[start:]))
	var rules []json.RawMessage
	if err := decoder.Decode(&rules); err != nil {
		t.Fatal(err)
	}
	end := start + int(decoder.InputOffset())
	for _, rule := range rules {
		if strings.HasPrefix(string(rule), fmt.Sprintf(`{"id":%q,`, id)) {
			text = text[:start] + "[" + string(rule) + "]" + text[end:]
			var b bytes.Buffer
			if err := json.Indent(&b, []byte(text), "", "  "); err != nil {
				t.Fatal(err)
			}
			return strings.TrimRight(b.String(), "\n") + "\n"
		}
	}
	t.Fatalf("no rule %s", id)
	return ""
}
