package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/secret"
)

// baseline records findings that are known, by their fingerprints. What else a
// record says is for the people who review the file.
type baseline struct {
	Version  int      `json:"version"`
	Findings []record `json:"findings"`

	known map[string]bool
	files map[string]bool // that were checked in this run
	seen  map[string]bool

	prints report.Fingerprints
}

type record struct {
	File        string `json:"file"`
	Rule        string `json:"rule"`
	Pointer     string `json:"pointer"`
	Message     string `json:"message"`
	Fingerprint string `json:"fingerprint"`
}

// readBaseline reads a file that --write-baseline wrote; an empty name gives a
// baseline that holds nothing.
func readBaseline(name string) (*baseline, error) {
	b := &baseline{Version: 1, known: make(map[string]bool), files: make(map[string]bool), seen: make(map[string]bool)}
	if name == "" {
		return b, nil
	}
	src, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("baseline: %w", plain(err))
	}
	b.Version = 0
	if err := json.Unmarshal(src, b); err != nil || b.Version != 1 {
		return nil, fmt.Errorf("baseline: %s is not a file that --write-baseline wrote; write it anew", display(name))
	}
	for _, r := range b.Findings {
		b.known[r.Fingerprint] = true
	}
	return b, nil
}

// pass leaves a file the findings that the baseline does not hold, and returns how
// many it does.
func (b *baseline) pass(f *report.File) (known int) {
	b.files[f.Root] = true
	if len(b.known) == 0 {
		return 0
	}
	prints, findings := b.prints.Of(f), f.Findings
	f.Findings, f.Prints = nil, nil
	for i, print := range prints {
		if b.known[print] {
			b.seen[print] = true
			known++
		} else {
			f.Findings, f.Prints = append(f.Findings, findings[i]), append(f.Prints, print)
		}
	}
	return known
}

// stale counts the records about files of this run that no finding matched.
func (b *baseline) stale() int {
	n := 0
	for _, r := range b.Findings {
		if b.files[r.File] && !b.seen[r.Fingerprint] {
			n++
		}
	}
	return n
}

// record adds the findings of a file, to be written.
func (b *baseline) record(f *report.File) {
	for i, print := range b.prints.Of(f) {
		d := f.Findings[i]
		b.Findings = append(b.Findings, record{f.Root, d.Rule, string(secret.MaskPointer(f.Document, d.Pointer)), d.Message, print})
	}
}

// write writes the records, sorted so that a change of the file reads well.
func (b *baseline) write(name string) error {
	slices.SortFunc(b.Findings, func(x, y record) int {
		return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Pointer, y.Pointer), cmp.Compare(x.Rule, y.Rule), cmp.Compare(x.Fingerprint, y.Fingerprint))
	})
	if b.Findings == nil {
		b.Findings = []record{}
	}
	text, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return err
	}
	part := &part{name: name}
	if part.file, err = part.create(); err != nil {
		return fmt.Errorf("baseline: %w", plain(err))
	}
	part.Writer = bufio.NewWriter(part.file)
	_, err = part.Write(append(text, '\n'))
	if err = part.end(err); err != nil {
		return fmt.Errorf("baseline: %w", plain(err))
	}
	return nil
}
