package command

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/baseline"
	"github.com/patchlint/patchlint/internal/check"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/settings"
)

// lintRun is the state of a run of lint.
type lintRun struct {
	*Lint
	console
	roots   files.RootNames
	reports *output[*report.File, report.Summary]
	options report.Options // of the reports
	out     io.Writer      // for the diff of --dry-run, or the fixed standard input
	checker check.Checker
	known   *baseline.Baseline
	refused bool          // the baseline would replace a file that was read
	named   []fs.FileInfo // of the files that the settings and flags name, which are not payloads
	includes

	current report.File // reused; printers do not keep it

	summary  report.Summary
	requests int                   // skipped
	skipped  [len(skipReasons)]int // the number of files by check.Reason
	unknown  []string              // the files of unknown type
	unlisted int                   // the number of findings that the text format does not list
}

// payload reports on a payload.
func (t *lintRun) payload(e check.Event) error {
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
		f.Root = t.roots.Of(f.Name)
	}
	t.summary.Suppressed += t.known.Filter(f)
	t.summary.Add(f.Findings)
	for _, d := range f.Findings {
		t.found(d)
	}
	if len(f.Findings) > 0 {
		listed, _ := t.options.Listed(f)
		t.unlisted += len(f.Findings) - len(listed)
	}
	if err := t.reports.print(f); err != nil {
		return err
	}
	if e.Payload != nil {
		t.checker.Reader.Release(e.Payload)
	}
	return nil
}

// includes are the files whose payloads requests send. Such a file may be linted itself, too.
type includes struct {
	sent     map[string]bool
	reported map[findingKey]bool // true for a finding in a payload that a request sends
}

// findingKey identifies a finding in all files.
type findingKey struct {
	file, rule string
	offset     int
}

// unreported returns the findings that have not been reported: several requests may send a
// file, which may also be linted itself.
func (i *includes) unreported(e check.Event) []patchlint.Diagnostic {
	if format, _ := input.ForName(e.FileName()); format.Several() || len(e.Findings) == 0 {
		return e.Findings
	}
	place := func(d patchlint.Diagnostic) findingKey { return findingKey{e.FileName(), d.Rule, d.Span.Start} }
	found := slices.DeleteFunc(e.Findings, func(d patchlint.Diagnostic) bool {
		asBody, known := i.reported[place(d)]
		return known && (asBody || e.Name != "")
	})
	for _, d := range found {
		i.reported[place(d)] = e.Name != ""
	}
	return found
}

// checked notes that a file was checked, for the baseline.
func (t *lintRun) checked(path, name string) {
	t.protect(path)
	if t.known.Name != "" {
		t.known.Checked(t.roots.Of(name))
	}
}

// protect makes the run fail rather than let a report or baseline replace a file that was
// read.
func (t *lintRun) protect(read string) {
	t.reports.protect(read)
	if t.WriteBaseline != "" && !t.refused {
		if err := checkOverwrite(t.WriteBaseline, []string{read}); err != nil {
			t.refused = true
			t.fail(err)
		}
	}
}

// endFile counts a file and reports its result.
func (t *lintRun) endFile(s *files.Source, result check.Result) error {
	if result.Checked {
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
		if result.Checked {
			t.summary.Files++
		}
		return nil
	case result.Ignored != "":
		if t.Verbose || result.Important {
			t.note("%s", result.Ignored)
		}
	case !result.Checked && result.Reason == check.NoType && t.names(s.Name()):
		if t.Verbose {
			t.note("skipped %s: the settings or a flag name it", s.Name())
		}
	case !result.Checked:
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

// nameFiles finds the files that the settings and flags name, such as a baseline or a report.
func (t *lintRun) nameFiles(run *settings.Run) {
	names := slices.Concat(run.Files(), t.inputs(), t.Schemas, []string{t.known.Name})
	for _, part := range t.reports.parts {
		names = append(names, part.name)
	}
	for _, name := range names {
		if info, err := os.Stat(name); err == nil {
			t.named = append(t.named, info)
		}
	}
}

// names reports whether the settings or a flag name a file.
func (t *lintRun) names(file string) bool {
	if len(t.named) == 0 {
		return false
	}
	info, err := os.Stat(file)
	return err == nil && slices.ContainsFunc(t.named, func(named fs.FileInfo) bool { return os.SameFile(named, info) })
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

// countSent corrects the number of skipped files: a file of unknown type that a request sent
// was checked after all.
func (t *lintRun) countSent() {
	for _, name := range t.unknown {
		if t.sent[name] {
			t.skipped[check.NoType]--
			t.summary.Skipped--
		}
	}
}

// writeBaseline writes the baseline of --write-baseline, unless something failed.
func (t *lintRun) writeBaseline(args []string) error {
	if t.WriteBaseline == "" || len(t.failures) > 0 {
		return nil
	}
	var walked []string // the directories whose files are all checked
	for _, arg := range args {
		if t.Since == "" && !t.Staged && files.IsDirectory(arg) {
			walked = append(walked, t.roots.Of(files.Display(arg)))
		}
	}
	kept, err := t.known.Write(walked)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s recorded in %s", report.Count(t.summary.Suppressed, "finding", "findings"), files.Display(t.WriteBaseline))
	if kept > 0 {
		text += fmt.Sprintf("; kept %s in files that were not checked", report.Count(kept, "entry", "entries"))
	}
	t.note("%s", text)
	return nil
}
