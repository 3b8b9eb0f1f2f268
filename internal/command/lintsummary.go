package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/check"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/report"
)

// warned is the reason of files that a warning says are skipped.
const warned = check.NoContent + 1

// skipReasons describes why some of the files are skipped.
var skipReasons = [...]string{check.NoType: "unknown type", check.NoUpdate: "no update of a known resource", check.NoContent: "empty", warned: "see above"}

// summarize writes what was checked, skipped and found, and what to do about some of it.
func (t *lintRun) summarize() {
	switch {
	case t.summary.Files > 0:
		if t.skipped[check.NoType]+t.summary.SkippedRequests+t.summary.SkippedRecords > 0 { // they may be for Graph
			t.say(t.summaryLine())
		} else {
			t.note("%s", t.summaryLine())
		}
	case t.summary.Skipped > 0 || len(t.failures) == 0: // after a failure it is unknown whether there was anything to check
		t.say(t.summaryLine())
		t.untyped = t.untyped || t.skipped[check.NoType] > 0
	}
	t.noteTypes()
	if n := t.known.Stale(); n > 0 {
		t.note("%s recorded in %s but no longer found; update the baseline with --write-baseline", report.Count(n, "finding is", "findings are"), files.Display(t.known.Name))
	}
}

// summaryLine returns the last line of the text report.
func (t *lintRun) summaryLine() string {
	s := t.summary
	var skipped []count
	for reason, words := range skipReasons {
		if reason == int(check.NoType) && !t.Verbose {
			words += "; --verbose lists them"
		}
		skipped = append(skipped, count{t.skipped[reason], "skipped", "skipped", " (" + words + ")"})
	}
	if s.Files == 0 {
		switch {
		case s.Skipped > 0:
			return "nothing was checked: " + counts(skipped...)
		case t.Staged:
			return "nothing was checked: no payload file is staged"
		case t.Since != "":
			return fmt.Sprintf("nothing was checked: no payload file here has changed since %s", t.Since)
		}
		return "nothing was checked: no payload file was found"
	}
	how := " made"
	if t.DryRun {
		how = " to make"
	}
	text := counts(slices.Concat([]count{{s.Files, "file", "files", " checked"}}, skipped, []count{
		{t.requests, "request", "requests", " skipped (" + skipReasons[check.NoUpdate] + ")"},
		{s.SkippedRecords, "record", "records", " skipped (unknown type)"},
		{s.Fixed, "fix", "fixes", how},
		{s.Suppressed, "suppressed", "suppressed", " by the baseline"},
	})...)
	found := counts(count{s.Errors, "error", "errors", ""}, count{s.Warnings, "warning", "warnings", ""}, count{s.Infos, "info", "infos", ""})
	if found == "" && s.Fixed > 0 {
		return text + ": nothing else found"
	} else if found == "" {
		return text + ": nothing found"
	}
	text += ": " + found
	if t.unlisted > 0 && !t.Statistics && t.reports.forPeople() {
		text += fmt.Sprintf(" (%d listed only with --verbose)", t.unlisted)
	}
	return text
}

// count is a number, its noun, and the words after it.
type count struct {
	n                int
	one, many, after string
}

// counts lists the counts that are not 0.
func counts(list ...count) string {
	var parts []string
	for _, c := range list {
		if c.n > 0 {
			parts = append(parts, report.Count(c.n, c.one, c.many)+c.after)
		}
	}
	return strings.Join(parts, ", ")
}
