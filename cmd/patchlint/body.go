package main

import (
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/check"
	"github.com/patchlint/patchlint/internal/input"
)

// finding is where a finding is, in all files.
type finding struct {
	file, rule string
	offset     int
}

// unreported returns the findings of a payload that are to be reported: those of a
// body that several requests send, or that is also linted as a file, only once.
func (t *tally) unreported(e check.Event) []patchlint.Diagnostic {
	if format, _ := input.ForName(e.InFile()); format.Several || len(e.Found) == 0 {
		return e.Found
	}
	if t.reported == nil {
		t.reported = make(map[finding]bool)
	}
	place := func(d patchlint.Diagnostic) finding { return finding{e.InFile(), d.Rule, d.Span.Start} }
	found := slices.DeleteFunc(e.Found, func(d patchlint.Diagnostic) bool {
		asBody, known := t.reported[place(d)]
		return known && (asBody || e.Name != "")
	})
	for _, d := range found {
		t.reported[place(d)] = e.Name != ""
	}
	return found
}
