package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint/internal/rulebook"
)

// TestRulesDocument checks that docs/rules.md is what the rules say.
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
