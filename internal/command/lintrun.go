package command

import (
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/baseline"
	"github.com/patchlint/patchlint/internal/check"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/report"
)

// lintRun is the state of a run of lint.
type lintRun struct {
	*Lint
	console
	roots
	*output
	printers []report.Printer // of the parts
	step     *os.File         // the GITHUB_STEP_SUMMARY file, or nil
	summary  report.Summary
	stdin    bool // whether standard input is checked
	checker  check.Checker
	known    *baseline.Baseline
	walked   []string // for a new baseline: the directories whose files are all checked, from the root of the repository
	out      io.Writer
	worst    patchlint.Severity
	payloads int                   // checked in the current file
	requests int                   // skipped
	skipped  [len(skipReasons)]int // the number of files by check.Reason
	minor    int                   // the number of minor findings
	unknown  []string              // the files of unknown type
	sent     map[string]bool       // the files that requests include
	refused  bool                  // the baseline would replace a file that was read
	reported map[findingKey]bool   // true for a finding in a body that a request includes
	kept     int                   // entries of the baseline about files that were not checked
	current  report.File           // reused; printers do not keep it
}

// event reports on a payload or, at the end of a file, on the file.
func (t *lintRun) event(e check.Event) error {
	if e.Result != nil {
		return t.endFile(e.Source, e.Result)
	}
	t.payloads++
	t.checker.Join(&e)
	t.skipRequests(e.Source, e.Unchecked)
	if e.Name != "" && !t.sent[e.Name] {
		t.sent[e.Name] = true
		t.checked(e.Name, e.Name)
	}
	if t.Verbose {
		t.note("checked %s: %s", e.FileName(), e.Description())
	}
	f := &t.current
	*f = report.File{Name: e.FileName(), Record: e.Record, Part: e.Part, Document: e.Document, Findings: t.unreported(e), Chosen: e.Linter.Severities, Names: e.Linter.Names}
	if len(f.Findings) > 0 {
		f.Root = t.root(f.Name)
	}
	if t.WriteBaseline != "" {
		t.known.Add(f)
		t.summary.Suppressed += len(f.Findings)
		f.Findings = nil // known from now on
	} else {
		t.summary.Suppressed += t.known.Filter(f)
	}
	t.summary.Add(f.Findings)
	for _, d := range f.Findings {
		t.worst = max(t.worst, d.Severity)
		t.found(d)
		if f.Minor(d) {
			t.minor++
		}
	}
	if err := t.print(func(i int) error { return t.printers[i].Print(f) }); err != nil {
		return err
	}
	if e.Payload != nil {
		t.checker.Reader.Release(e.Payload)
	}
	return nil
}

// findingKey identifies a finding in all files.
type findingKey struct {
	file, rule string
	offset     int
}

// unreported returns the findings that have not been reported. A body may be sent by
// several requests, and its file may also be linted itself.
func (t *lintRun) unreported(e check.Event) []patchlint.Diagnostic {
	if format, _ := input.ForName(e.FileName()); format.Several || len(e.Findings) == 0 {
		return e.Findings
	}
	place := func(d patchlint.Diagnostic) findingKey { return findingKey{e.FileName(), d.Rule, d.Span.Start} }
	found := slices.DeleteFunc(e.Findings, func(d patchlint.Diagnostic) bool {
		asBody, known := t.reported[place(d)]
		return known && (asBody || e.Name != "")
	})
	for _, d := range found {
		t.reported[place(d)] = e.Name != ""
	}
	return found
}

// checked notes that a file was checked, for the baseline.
func (t *lintRun) checked(path, name string) {
	t.protect(path)
	if t.Baseline != "" || t.WriteBaseline != "" {
		t.known.Checked(t.root(name))
	}
}

// protect makes the run fail rather than let a report or baseline replace a file that was
// read.
func (t *lintRun) protect(read string) {
	t.output.protect(read)
	if t.WriteBaseline != "" && !t.refused {
		if err := checkOverwrite(t.WriteBaseline, []string{read}); err != nil {
			t.refused = true
			t.fail(err)
		}
	}
}

// endFile counts a file and reports its result.
func (t *lintRun) endFile(s *files.Source, result *check.Result) error {
	payloads := t.payloads
	t.payloads = 0
	if payloads > 0 {
		t.checked(s.Path, s.Name())
	}
	t.summary.SkippedRecords += result.SkippedRecords
	if result.SkippedRecords > 0 && t.Verbose {
		t.note("skipped %s of %s: unknown type", report.Count(result.SkippedRecords, "record", "records"), s.Name())
	}
	t.skipRequests(s, result.SkippedRequests)
	switch {
	case result.Err != nil:
		t.fail(result.Err)
		if payloads > 0 {
			t.summary.Files++
		}
		return nil
	case result.Ignored != "":
		if t.Verbose || result.Important {
			t.note("%s", result.Ignored)
		}
	case payloads == 0:
		t.summary.Skipped++
		t.skipped[result.Reason]++
		if result.Reason == check.NoType {
			t.unknown = append(t.unknown, s.Name())
		}
		why := input.Skip{Reason: result.Reason.String()}
		if result.TooLarge {
			why = input.Skip{Reason: fmt.Sprintf("it is larger than %d bytes, and does not start like a payload", t.MaxBytes), Important: true}
		}
		t.skip(s, why)
	default:
		t.summary.Files++
	}
	t.summary.Fixed += result.Fixes
	if result.Fixes > 0 && !t.DryRun && s.Path != "-" {
		t.note("fixed %s: %s", s.Name(), report.Count(result.Fixes, "fix", "fixes"))
	}
	return t.printChange(s, result.Change)
}

// printChange prints the diff of a dry run, or the fixed standard input.
func (t *lintRun) printChange(s *files.Source, text []byte) error {
	if len(text) == 0 {
		return nil
	}
	if t.DryRun && obeysCommands(t.out) {
		text = inertDiff(text)
	}
	if n := commandLine(text); n > 0 && !t.DryRun {
		t.fail(fmt.Errorf("%s: the result is not printed, because a terminal or build service would interpret line %d as a command; name the file to fix it in place", s.Name(), n))
		return nil
	}
	if _, err := t.out.Write(text); err != nil {
		return fmt.Errorf("cannot write the result: %w", err)
	}
	return nil
}

// skipRequests counts requests that are not checked.
func (t *lintRun) skipRequests(s *files.Source, requests []input.Skip) {
	t.requests += len(requests)
	for _, r := range requests {
		if r.Unchecked {
			t.summary.SkippedRequests++
		}
		t.skip(s, r)
	}
}

// skip reports the part of a file that is not checked, and why.
func (t *lintRun) skip(s *files.Source, what input.Skip) {
	name := s.Name()
	if what.Part != "" {
		name += ": " + what.Part
	}
	switch {
	case what.Important:
		t.say(fmt.Sprintf("skipped %s: %s", name, what.Reason))
	case t.Verbose:
		t.note("skipped %s: %s", name, what.Reason)
	}
}

// writeBaseline writes the baseline, unless something failed.
func (t *lintRun) writeBaseline() (err error) {
	for _, name := range t.unknown {
		if t.sent[name] { // it was checked as the body of a request
			t.skipped[check.NoType]--
			t.summary.Skipped--
		}
	}
	if t.WriteBaseline != "" && len(t.failures) == 0 {
		t.kept, err = t.known.Write(t.WriteBaseline, t.walked)
	}
	return err
}

// conclude says what was done, and returns the exit code as an error.
func (t *lintRun) conclude() error {
	failed := len(t.failures) > 0
	if t.WriteBaseline != "" {
		if failed {
			return Failed
		}
		text := fmt.Sprintf("%s recorded in %s", report.Count(t.summary.Suppressed, "finding", "findings"), files.Display(t.WriteBaseline))
		if t.kept > 0 {
			text += fmt.Sprintf("; kept %s in files that were not checked", report.Count(t.kept, "entry", "entries"))
		}
		t.note("%s", text)
		return nil
	}
	switch {
	case t.summary.Files > 0:
		if t.skipped[check.NoType]+t.summary.SkippedRequests+t.summary.SkippedRecords > 0 { // they may be for Graph
			t.say(t.summaryLine())
		} else {
			t.note("%s", t.summaryLine())
		}
	case t.summary.Skipped > 0 || !failed: // after a failure it is unknown whether there was anything to check
		t.say(t.summaryLine())
		t.untyped = t.untyped || t.skipped[check.NoType] > 0
	}
	t.noteTypes()
	if n := t.known.Stale(); n > 0 {
		t.note("%s recorded in %s but no longer found; update the baseline with --write-baseline", report.Count(n, "finding is", "findings are"), files.Display(t.Baseline))
	}
	switch {
	case failed:
		return Failed
	case t.worst >= t.FailOn:
		return Findings
	}
	return nil
}
