// Package baseline records known findings, so that a run reports only new ones.
package baseline

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/secret"
)

// Baseline is a list of known findings, which are identified by fingerprint. The other
// members of an entry are for the people who review the file.
type Baseline struct {
	Version  int     `json:"version"`
	Findings []entry `json:"findings"`

	Name string `json:"-"` // of the file, "" for none

	records bool // Filter records the findings that it removes
	known   map[string]bool
	files   map[string]bool // files checked in this run
	seen    map[string]bool // fingerprints of findings in this run

	fingerprints report.Fingerprints
}

type entry struct {
	File        string `json:"file"`
	Rule        string `json:"rule"`
	Pointer     string `json:"pointer"`
	Message     string `json:"message"`
	Fingerprint string `json:"fingerprint"`
}

var fingerprint = lazy.Regexp("^[0-9a-f]{32}$")

// maxBaseline is the maximum size of a baseline in bytes.
const maxBaseline = 64 << 20

// New returns an empty baseline that records all findings that it filters, to be written to
// a file.
func New(name string) *Baseline {
	b := empty(name)
	b.Version, b.Findings, b.records = 1, []entry{}, true
	return b
}

func empty(name string) *Baseline {
	return &Baseline{Name: name, known: make(map[string]bool), files: make(map[string]bool), seen: make(map[string]bool)}
}

// Read reads a file that --write-baseline wrote. If name is "" nothing is known.
func Read(name string) (*Baseline, error) {
	b := empty(name)
	if name == "" {
		return b, nil
	}
	src, err := files.ReadRegular(name, files.Display(name), maxBaseline)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("baseline: %w; write it with --write-baseline %s", err, files.Display(name))
	case err != nil:
		return nil, fmt.Errorf("baseline: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(src))
	d.DisallowUnknownFields()
	err = d.Decode(b)
	_, after := d.Token()
	malformed := func(r entry) bool { return !fingerprint.Get().MatchString(r.Fingerprint) }
	if err != nil || after != io.EOF || b.Version != 1 || b.Findings == nil || slices.ContainsFunc(b.Findings, malformed) {
		return nil, fmt.Errorf("baseline: %s%s: this is not a baseline; name another file, or remove this one and write it again", files.Display(name), placeOf(err, src))
	}
	for _, r := range b.Findings {
		b.known[r.Fingerprint] = true
	}
	return b, nil
}

// placeOf returns the line and column of an error in the syntax of a text, "" for any other.
func placeOf(err error, src []byte) string {
	syntax, ok := errors.AsType[*json.SyntaxError](err)
	if !ok {
		return ""
	}
	line, column := patchlint.Unparsed(src).Position(int(syntax.Offset) - 1)
	return fmt.Sprintf(":%d:%d", line, column)
}

// Checked notes that this run checked a file, by its path from the root of the repository.
func (b *Baseline) Checked(root string) { b.files[root] = true }

// Filter removes the known findings from a file and returns how many there were. A New
// baseline records all findings that it can, which makes them known.
func (b *Baseline) Filter(f *report.File) (known int) {
	if len(b.known) == 0 && !b.records {
		return 0
	}
	prints, findings := b.fingerprints.Of(f), f.Findings
	f.Findings, f.Prints = nil, nil
	for i, print := range prints {
		d := findings[i]
		// Only the start of a document above --max-bytes is read. Whether the rest is still the
		// same is unknown, so its json-limit, the one with an empty span, is never known.
		switch unread := d.Rule == "json-limit" && d.Span.Len() == 0; {
		case b.records && !unread:
			b.Findings = append(b.Findings, entry{f.Root, d.Rule, string(secret.MaskPointer(f.Document, d.Pointer)), d.Message, print})
		case unread || !b.known[print]:
			f.Findings, f.Prints = append(f.Findings, d), append(f.Prints, print)
			continue
		}
		b.seen[print] = true
		known++
	}
	return known
}

// Stale returns the number of entries about files of this run that matched no finding.
func (b *Baseline) Stale() int {
	n := 0
	for _, r := range b.Findings {
		if b.files[r.File] && !b.seen[r.Fingerprint] {
			n++
		}
	}
	return n
}

// Write writes a New baseline. If the file is a baseline already, its entries about files that
// this run did not check are kept, except below the directories that it walked, and Write
// returns how many. The entries are sorted so that the file diffs well.
func (b *Baseline) Write(walked []string) (kept int, err error) {
	if info, err := os.Stat(b.Name); err == nil && info.Mode().IsRegular() && info.Size() > 0 {
		before, err := Read(b.Name)
		if err != nil {
			return 0, err
		}
		for _, r := range before.Findings {
			below := func(dir string) bool { return dir == "." || strings.HasPrefix(r.File, dir+"/") }
			if !b.files[r.File] && !slices.ContainsFunc(walked, below) {
				b.Findings = append(b.Findings, r)
				kept++
			}
		}
	}
	slices.SortFunc(b.Findings, func(x, y entry) int {
		return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Pointer, y.Pointer), cmp.Compare(x.Rule, y.Rule), cmp.Compare(x.Fingerprint, y.Fingerprint))
	})
	text, _ := json.MarshalIndent(b, "", "  ") // strings always marshal
	if text = report.Inert(text); len(text) >= maxBaseline {
		return 0, fmt.Errorf("baseline: %s would be larger than the limit of %d MiB", files.Display(b.Name), maxBaseline>>20)
	}
	if err := files.Write(b.Name, append(text, '\n')); err != nil {
		return 0, fmt.Errorf("baseline: %w", err)
	}
	return kept, nil
}
