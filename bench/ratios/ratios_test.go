//go:build unix

package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/patchlint/patchlint/bench/corpus"
	"github.com/patchlint/patchlint/bench/measure"
)

func TestRun(t *testing.T) {
	var out strings.Builder
	args := []string{"-rounds", "3", "-sample", "1us", "-date", "2026-11-23", "-only", "clean payloads/v5 / patchlint/small"}
	if err := run(args, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"2026-11-23; go1.", "`" + measure.CommandLine("go run ./ratios", args) + "`", "Medians of 3 rounds", "\n| v5 / patchlint | ", " of 1 numbers meet their target."} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("%q is not in\n%s", part, out.String())
		}
	}

	doc := filepath.Join(t.TempDir(), "performance.md")
	if err := os.WriteFile(doc, []byte("before\n<!-- ratios -->\n<!-- /ratios -->\nafter\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if err := run(append(args, "-doc", doc), &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(doc); err != nil || !strings.Contains(string(got), "\n| v5 / patchlint | ") || out.String() != "" {
		t.Errorf("%v, %q, %s", err, out.String(), got)
	}
}

func TestRefused(t *testing.T) {
	for _, args := range [][]string{
		{"-only", "("}, {"-clock", "sun"}, {"-rounds", "0"}, {"-doc", "x.md"}, {"-report", "text", "one.json"}, {"-report", "yaml", "a", "b"}, {"-nonsense"},
	} {
		if err := run(args, io.Discard, io.Discard); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
}

// TestKeys holds that every number has a name of its own, so that -only can
// choose it.
func TestKeys(t *testing.T) {
	all, err := tables(measure.Bench{})
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, table := range all {
		for r, row := range table.Rows {
			if len(row.Cells) != len(table.Columns) {
				t.Errorf("%s/%s has %d cells for %d columns", table.Name, row.Name, len(row.Cells), len(table.Columns))
			}
			for c := range row.Cells {
				key := table.Key(r, c)
				if seen[key] {
					t.Errorf("%s stands twice", key)
				}
				seen[key] = true
			}
		}
	}
	if len(seen) < 150 {
		t.Errorf("only %d numbers", len(seen))
	}
}

// TestPeak holds that the peak of a report is that of a process of its own.
func TestPeak(t *testing.T) {
	dir := t.TempDir()
	current, desired := corpus.Pair(10, corpus.Assignment)
	files := []string{filepath.Join(dir, "a.json"), filepath.Join(dir, "b.json")}
	for i, src := range [][]byte{current, desired} {
		if err := os.WriteFile(files[i], src, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	if err := run(append([]string{"-report", "text"}, files...), &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(out.String()) == "" || strings.HasPrefix(out.String(), "0") {
		t.Errorf("the peak is %q", out.String())
	}
}
