package main

import (
	"cmp"
	"io"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/validate"
)

// skip is a request that is not checked. Of one that is notable that is said in any
// case.
type skip struct {
	request, reason string
	notable         bool
}

// neighbour opens the files that a file of requests names.
type neighbour struct {
	io.Reader
	*checker
	source *files.Source
}

// beside makes the text of a source one that opens the files it names, if it may
// name any.
func (c *checker) beside(s *files.Source, text io.Reader) io.Reader {
	if format, _ := input.ForName(s.Name()); format.Name != "http" {
		return text
	}
	return neighbour{text, c, s}
}

// Open opens a file that the source names.
func (n neighbour) Open(name string) (shown string, file io.ReadCloser, err error) {
	return n.source.OpenBeside(name, n.excludes)
}

// noted returns the notes of a payload with the severities of a linter. Their rule
// cannot be off.
func noted(linter *validate.Linter, notes []patchlint.Diagnostic) []patchlint.Diagnostic {
	for i, d := range notes {
		notes[i].Severity = cmp.Or(linter.Severities[d.Rule], d.Severity)
	}
	return notes
}

// finding is where a finding is, in all files.
type finding struct {
	file, rule string
	offset     int
}

// unreported returns the findings of a payload that are to be reported: those of a
// body that several requests send, or that is also linted as a file, only once.
func (t *tally) unreported(e event) []patchlint.Diagnostic {
	if format, _ := input.ForName(e.inFile()); format.Several || len(e.found) == 0 {
		return e.found
	}
	if t.reported == nil {
		t.reported = make(map[finding]bool)
	}
	place := func(d patchlint.Diagnostic) finding { return finding{e.inFile(), d.Rule, d.Span.Start} }
	found := slices.DeleteFunc(e.found, func(d patchlint.Diagnostic) bool {
		asBody, known := t.reported[place(d)]
		return known && (asBody || e.name != "")
	})
	for _, d := range found {
		t.reported[place(d)] = e.name != ""
	}
	return found
}
