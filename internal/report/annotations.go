package report

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
)

// maxAnnotations is the number of annotations of each level that a build service keeps
// per step. GitHub and Azure Pipelines (agent, ExecutionContext.cs) drop the rest silently.
const maxAnnotations = 10

// annotations counts findings by severity. Of each severity, maxAnnotations-2 become
// annotations: one is for the failures of the run, and one counts the findings left out.
type annotations [patchlint.Error + 1]int

// add counts a finding, and reports whether it becomes an annotation.
func (a *annotations) add(severity patchlint.Severity) bool {
	a[severity]++
	return a[severity] <= maxAnnotations-2
}

// finish calls annotate with the failures of the run, if any, and, for each severity with
// findings left out, with their number and where to find them: "and 3 more errors" + where.
func (a *annotations) finish(s Summary, where string, annotate func(severity patchlint.Severity, text string)) {
	if len(s.Failures) > 0 {
		annotate(patchlint.Error, strings.Join(s.Failures, "; "))
	}
	for i, n := range slices.Backward(a[:]) {
		severity := patchlint.Severity(i)
		if left := n - (maxAnnotations - 2); left > 0 {
			annotate(severity, "and "+Count(left, "more "+severity.String(), "more "+severity.String()+"s")+where)
		}
	}
}
