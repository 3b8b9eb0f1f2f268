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

// finish calls annotate with the failures of the run or, if there are none and all files were
// skipped, with a text that says so. It also calls annotate for each severity of which findings
// were left out, with their number and where they are: "and 3 more errors" + where.
func (a *annotations) finish(s Summary, where string, annotate func(severity patchlint.Severity, text string)) {
	if len(s.Failures) > 0 {
		annotate(patchlint.Error, strings.Join(s.Failures, "; "))
	} else if s.Files == 0 && s.Skipped > 0 {
		annotate(patchlint.Warning, "nothing was checked: "+Count(s.Skipped, "file was skipped", "files were skipped")+"; the log says why")
	}
	for i, n := range slices.Backward(a[:]) {
		severity := patchlint.Severity(i)
		if left := n - (maxAnnotations - 2); left > 0 {
			annotate(severity, "and "+Count(left, "more "+severity.String(), "more "+severity.String()+"s")+where)
		}
	}
}
