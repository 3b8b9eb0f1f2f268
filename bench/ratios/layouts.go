//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"

	"github.com/patchlint/patchlint/bench/measure"
)

// measureIn measures the tables about libraries in n builds of this program, run with args,
// and replaces the cells that args select by the medians. The linker places the
// functions of each build in another order. That changes the times by up to a fifth, because
// it decides which of them share a line of the cache, so that one build says little about a
// program that links the same code.
func measureIn(n int, args []string, tables []measure.Table) error {
	dir, err := os.MkdirTemp("", "ratios")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	all := make(map[string][]float64)
	for seed := 1; seed <= n; seed++ {
		program := filepath.Join(dir, "ratios")
		build := exec.Command("go", "build", fmt.Sprintf("-ldflags=-randlayout=%d", seed), "-o", program, "github.com/patchlint/patchlint/bench/ratios")
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("go build: %w: %s", err, out)
		}
		run := exec.Command(program, append([]string{"-raw"}, args...)...)
		run.Stderr = os.Stderr
		out, err := run.Output()
		if err != nil {
			return err
		}
		var medians map[string][]float64
		if err := json.Unmarshal(out, &medians); err != nil {
			return err
		}
		for key, median := range medians {
			all[key] = append(all[key], median...)
		}
	}
	for _, table := range tables {
		table.Measured(all)
	}
	return nil
}

// printMedians prints the medians of the cells whose keys match only.
func printMedians(w io.Writer, only *regexp.Regexp, tables []measure.Table) error {
	medians := make(map[string][]float64)
	for _, table := range tables {
		if err := table.Medians(only, medians); err != nil {
			return err
		}
	}
	return json.NewEncoder(w).Encode(medians)
}
