//go:build unix

package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/patchlint/patchlint/bench/measure"
)

func TestRun(t *testing.T) {
	var out strings.Builder
	args := []string{"-rounds", "3", "-layouts", "0", "-sample", "1us", "-date", "2026-11-23", "-only", "clean payloads/santhosh-tekuri v5 / patchlint/small"}
	if err := run(args, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"2026-11-23; go1.", "`go run ./ratios " + strings.Join(args, " ") + "`", "Medians of 3 rounds", "\n| santhosh-tekuri v5 / patchlint | ", " of 1 numbers meet their target."} {
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
	if got, err := os.ReadFile(doc); err != nil || !strings.Contains(string(got), "\n| santhosh-tekuri v5 / patchlint | ") || out.String() != "" {
		t.Errorf("%v, %q, %s", err, out.String(), got)
	}
}

// TestLayouts checks that a number is measured in the builds, and not again in this one.
func TestLayouts(t *testing.T) {
	b := measure.Bench{Rounds: 1, Sample: time.Microsecond, Clock: measure.Wall}
	tables, err := libraries(b)
	if err != nil {
		t.Fatal(err)
	}
	only := regexp.MustCompile("clean payloads/santhosh-tekuri v5 / patchlint/small")
	if err := measureIn(2, []string{"-rounds", "1", "-sample", "1us", "-only", only.String()}, tables); err != nil {
		t.Fatal(err)
	}
	values := make(map[string][]float64)
	for range 2 {
		for _, table := range tables {
			if err := table.Medians(only, values); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(values) != 1 {
		t.Errorf("%d numbers are measured, not 1", len(values))
	}
	for key, list := range values {
		if list[0] != list[1] || list[0] <= 0 {
			t.Errorf("%s is measured again: %v", key, list)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, args := range [][]string{{"-only", "("}, {"-clock", "sun"}, {"-rounds", "0"}, {"-files", "0"}, {"-layouts", "-1"}, {"-doc", "x.md"}, {"-nonsense"}} {
		if err := run(args, io.Discard, io.Discard); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
}

// TestKeys checks that every number has a unique name, so that -only can select it, and
// that every table has a cell, or a gap, for each column.
func TestKeys(t *testing.T) {
	tables, err := libraries(measure.Bench{})
	if err != nil {
		t.Fatal(err)
	}
	p := &programs{files: 1, tools: "."}
	tables = append(append(tables, p.tables(measure.Bench{})...), p.anyType(measure.Bench{}))
	seen := make(map[string]bool)
	for _, table := range tables {
		for r, row := range table.Rows {
			if len(row.Cells) != len(table.Columns) {
				t.Errorf("%s/%s has %d cells for %d columns", table.Name, row.Name, len(row.Cells), len(table.Columns))
			}
			for c, cell := range row.Cells {
				key := table.Key(r, c)
				if cell != nil && seen[key] {
					t.Errorf("two numbers are named %s", key)
				}
				seen[key] = seen[key] || cell != nil
			}
		}
	}
}

// TestPrograms measures whole processes, over few files, and checks that a program
// that does not do the work is refused.
func TestPrograms(t *testing.T) {
	p := &programs{files: 100}
	defer p.remove()
	b := measure.Bench{Rounds: 1, Clock: measure.Wall}
	for _, table := range append(p.tables(b), p.anyType(b)) {
		var out strings.Builder
		if n, _, err := table.Print(&out, regexp.MustCompile("")); err != nil || n == 0 || strings.Contains(out.String(), "–") {
			t.Errorf("%d targets, %v\n%s", n, err, out.String())
		}
	}
	for _, c := range []command{
		{args: []string{"sh", "-c", "echo a is bad; echo b is bad"}, line: `is bad$`, lines: 3},
		{args: []string{"sh", "-c", "exit 2"}},
		{args: []string{filepath.Join(p.dir, "no-such-program")}},
	} {
		if c.try() == nil {
			t.Errorf("%q is accepted", c.args)
		}
	}
}
