package main

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint/internal/rulebook"
)

// TestRulesDocument checks that docs/rules.md is up to date.
func TestRulesDocument(t *testing.T) {
	var b strings.Builder
	if err := rulebook.Markdown(&b, rulebook.Rules()); err != nil {
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

// TestRulesVersion checks that no rule is newer than this version.
func TestRulesVersion(t *testing.T) {
	numbers := func(version string) (list []int) {
		for part := range strings.SplitSeq(version, ".") {
			n, err := strconv.Atoi(part)
			if err != nil {
				t.Error(err)
			}
			list = append(list, n)
		}
		return list
	}
	for _, r := range rulebook.Rules() {
		if slices.Compare(numbers(r.Since), numbers(version)) > 0 {
			t.Errorf("Since of %s is %s; use the version in version.go, %s", r.ID, r.Since, version)
		}
	}
}
