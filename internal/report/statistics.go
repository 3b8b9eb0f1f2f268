package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
)

// statistics prints the number of findings by rule and severity, the most frequent first.
type statistics struct {
	*output
	counts map[ruleSeverity]count
}

type (
	ruleSeverity struct {
		rule     string
		severity patchlint.Severity
	}
	count struct{ findings, fixable int } // fixable: with a safe fix
)

func (s *statistics) file(f *File) {
	for _, d := range f.Findings {
		at := ruleSeverity{d.Rule, d.Severity}
		c := s.counts[at]
		c.findings++
		if slices.ContainsFunc(d.Fixes, func(fix patchlint.Fix) bool { return fix.Safe }) {
			c.fixable++
		}
		s.counts[at] = c
	}
}

func (s *statistics) close(Summary) {
	order := func(a, b ruleSeverity) int {
		return cmp.Or(s.counts[b].findings-s.counts[a].findings, int(b.severity)-int(a.severity), cmp.Compare(a.rule, b.rule))
	}
	widest := 0
	for at := range s.counts {
		widest = max(widest, len(at.rule))
	}
	for _, at := range slices.SortedFunc(maps.Keys(s.counts), order) {
		c := s.counts[at]
		line := fmt.Sprintf("%6d  %-7s  %-*s", c.findings, at.severity, widest, at.rule)
		if c.fixable > 0 {
			line += fmt.Sprintf("  %d fixable", c.fixable)
		}
		s.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}
