//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint/bench/measure"
	"github.com/patchlint/patchlint/schema"
)

const manyTypes = 100

// anyType measures types other than partners, in absolute numbers, because their targets
// are absolute.
func (p *programs) anyType(b measure.Bench) measure.Table {
	lint := func(args ...string) command {
		return command{dir: p.dir, args: append(p.ours("patchlint", "lint", "--quiet"), args...)}
	}
	t := measure.Table{
		Name:    "Any type",
		Note:    "Whole processes: the clock, and the peak of the resident memory.",
		Columns: []string{""},
	}
	row := func(name string, most float64, cell func() (measure.Value, error)) {
		t.Rows = append(t.Rows, measure.Row{Name: name, Target: measure.AtMost(most), Cells: []measure.Cell{func() (measure.Value, error) {
			if err := p.prepare(); err != nil {
				return measure.Value{}, err
			}
			return cell()
		}}})
	}
	row("a user, ms more than a partner", 5, func() (measure.Value, error) {
		return later(b, lint("user.json"), lint("small.json"))
	})
	files := (p.files + 1) / 2
	row(fmt.Sprintf("%d files of %d types, MB", files, manyTypes), 80, func() (measure.Value, error) {
		if err := writeTypes(filepath.Join(p.dir, "types"), files); err != nil {
			return measure.Value{}, err
		}
		return p.peak(b, lint("types"))
	})
	if p.metadata != "" {
		row("a partner with --metadata, ms more than without", 150, func() (measure.Value, error) {
			return later(b, lint("--metadata", p.metadata, "small.json"), lint("small.json"))
		})
		row("a partner with --metadata, MB", 40, func() (measure.Value, error) {
			return p.peak(b, lint("--metadata", p.metadata, "small.json"))
		})
	}
	return t
}

// later measures how many milliseconds longer one command takes than another.
func later(b measure.Bench, one, other command) (v measure.Value, err error) {
	seconds, err := inTurn(b, one, other)
	if err != nil {
		return v, err
	}
	more := make([]float64, b.Rounds)
	for round := range more {
		more[round] = 1000 * (seconds[0][round] - seconds[1][round])
	}
	return measure.Of(more), nil
}

// peak measures the peak memory of a command in MB.
func (p *programs) peak(b measure.Bench, c command) (v measure.Value, err error) {
	c.args = append(p.ours("peak"), c.args...)
	peaks := make([]float64, b.Rounds)
	for round := range peaks {
		out, err := c.run()
		if err != nil {
			return v, err
		}
		bytes, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
		if err != nil {
			return v, err
		}
		peaks[round] = bytes / 1e6
	}
	return measure.Of(peaks), nil
}

// writeTypes writes n files with payloads of many types, each type in its own directory.
func writeTypes(dir string, n int) error {
	model, err := schema.Open(schema.Beta)
	if err != nil {
		return err
	}
	var payloads [][]byte
	for name := range model.Names {
		t := model.Type(name)
		if len(payloads) == manyTypes || t == nil || t.Abstract || !t.Entity {
			continue
		}
		payload := map[string]any{"@odata.type": "#" + t.Name}
		for _, p := range t.Properties {
			if !p.Computed && !p.Collection && p.Type.Name == "Edm.Boolean" {
				payload[p.Name] = true
			}
		}
		if len(payload) < 3 {
			continue
		}
		src, err := json.MarshalIndent(payload, "", "  ")
		if err != nil {
			return err
		}
		payloads = append(payloads, src)
	}
	for i := range n {
		of := i % len(payloads)
		name := filepath.Join(dir, fmt.Sprintf("%03d/payload-%05d.json", of, i))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(name, payloads[of], 0o666); err != nil {
			return err
		}
	}
	return nil
}
