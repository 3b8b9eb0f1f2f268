package report

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
)

// maxAnnotations is the number of annotations of each level that a build service keeps
// per step. GitHub and Azure Pipelines (agent, ExecutionContext.cs) drop the rest silently.
const maxAnnotations = 10

// annotations collects annotations by severity.
type annotations [patchlint.Error + 1]struct {
	first []annotation // at most maxAnnotations
	n     int          // that were added
}

// annotation is a command for a build service, and the line that is logged if the
// command is left out.
type annotation struct{ command, line string }

// add adds an annotation, and reports whether it is one of the first maxAnnotations of its
// severity.
func (a *annotations) add(severity patchlint.Severity, command, line string) bool {
	level := &a[severity]
	if level.n++; level.n > maxAnnotations {
		return false
	}
	level.first = append(level.first, annotation{command, line})
	return true
}

// text returns the commands: the failures of the run and errors, then warnings and infos.
// If a severity has more than maxAnnotations, the last command is the one that more returns
// for those omitted, such as "and 3 more errors".
func (a *annotations) text(failures []annotation, more func(severity patchlint.Severity, omitted string) string) string {
	errors := &a[patchlint.Error]
	errors.n += len(failures)
	errors.first = slices.Concat(failures[:min(len(failures), maxAnnotations)], errors.first)
	var b strings.Builder
	for i, level := range slices.Backward(a[:]) {
		shown := level.first
		if level.n > maxAnnotations {
			shown = level.first[:maxAnnotations-1]
			for _, left := range level.first[len(shown):] {
				b.WriteString(left.line)
			}
		}
		for _, s := range shown {
			b.WriteString(s.command)
		}
		if left := level.n - len(shown); left > 0 {
			severity := patchlint.Severity(i)
			b.WriteString(more(severity, "and "+Count(left, "more "+severity.String(), "more "+severity.String()+"s")))
		}
	}
	return b.String()
}
