package command

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/baseline"
	"github.com/patchlint/patchlint/internal/check"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/settings"
	"github.com/patchlint/patchlint/schema/conform"
)

// Lint is the lint command with its flags.
type Lint struct {
	Common
	Version                 string // of the command, for the reports
	Formats                 []Format
	Rules                   []string // ID=LEVEL
	Schemas                 []string // files
	FailOn                  patchlint.Severity
	Baseline, WriteBaseline string // files
	StdinFilename           string
	Exclude                 []string // patterns
	SkipUnknown             bool
	Since                   string // a revision
	Staged                  bool
	Jobs                    int
	Thorough, Statistics    bool
	Fix, Unsafe, DryRun     bool
}

// Run checks the files that the arguments name. The error may be an Exit.
func (f *Lint) Run(args []string, streams Streams) error {
	inputs := slices.Concat(args, f.inputs(), f.Schemas)
	if err := checkOverwrite(f.WriteBaseline, inputs); err != nil {
		return err
	}
	if f.WriteBaseline == "-" || isOutput(f.WriteBaseline, streams.Out) {
		return Usagef("--write-baseline needs the name of a file; standard output is for the report")
	}
	for _, format := range f.Formats {
		if _, file := format.Cut(); f.WriteBaseline != "" && sameOutput(file, f.WriteBaseline) {
			return Usagef("--format and --write-baseline cannot both go to %s", files.Display(file))
		}
	}
	inputs = append(inputs, f.Baseline)
	console := &console{w: streams.Err, quiet: f.Quiet}
	linters, err := f.settings(console)
	reports, reportErr := openReports(f, linters, args, inputs, streams, console)
	if reports == nil {
		return reportErr
	}
	defer reports.abandon()
	if err = errors.Join(err, reportErr); err == nil {
		err = f.lint(linters, args, streams, reports)
	}
	return reports.finishWith(err)
}

// settings reads the settings and combines them with the flags.
func (f *Lint) settings(c *console) (*settings.Linters, error) {
	l, err := f.open(c)
	if err != nil {
		return l, err
	}
	if f.Thorough {
		l.Base.Thorough = conform.Check
	}
	for _, name := range f.Schemas {
		team, err := settings.ReadSchema(name, files.Display(name))
		if err != nil {
			return l, flagFileError("schema", name, err)
		}
		l.Base.TeamSchemas = append(l.Base.TeamSchemas, team.Check)
	}
	l.Flags = make(settings.Rules)
	for _, value := range f.Rules {
		id, level, _ := strings.Cut(value, "=")
		if l.Flags[id], err = settings.ParseRule(id, level); err != nil {
			return l, Usagef("--rule: %w", err)
		}
	}
	return l, nil
}

// lint checks files and reports on them. The caller adds the error to reports that are
// not finished.
func (f *Lint) lint(linters *settings.Linters, args []string, streams Streams, reports *reports) error {
	if len(args) == 0 {
		args = []string{"."}
	}
	relative := !slices.ContainsFunc(append([]string{f.StdinFilename}, args...), files.Rooted)
	var patterns []files.Pattern
	for _, text := range f.Exclude {
		p, err := files.ParsePattern(text, relative)
		if err != nil {
			return Usagef("--exclude: pattern %s %w", inert.Quote(text), err)
		}
		patterns = append(patterns, p)
	}
	usual, err := linters.BaselineFile()
	if f.Baseline == "" && f.WriteBaseline == "" {
		if err != nil {
			return err
		}
		f.Baseline = usual
	}
	known, err := baseline.Read(f.Baseline)
	if err != nil {
		return err
	}
	if f.WriteBaseline != "" { // all findings are recorded
		f.Baseline = ""
		known, _ = baseline.Read("")
	}
	excludes := func(name string, dir bool) bool {
		shown := files.Display(name)
		return slices.ContainsFunc(patterns, func(p files.Pattern) bool { return p.Match(shown, dir) }) || linters.Excludes(name, dir)
	}
	set := files.Set{Excluded: excludes, StdinName: f.StdinFilename, NamedStdin: f.StdinFilename != StdinName}
	defer set.Close()
	sources, err := f.sources(&set, args)
	if err != nil {
		reports.fail(err)
	}
	if f.Since != "" { // even if some argument does not exist
		if sources, err = files.ChangedSince(f.Since, args, sources); err != nil {
			reports.fail(err)
		}
	}
	t := lintRun{
		Lint: f, reports: reports, known: known, out: streams.Out, sent: make(map[string]bool), reported: make(map[findingKey]bool),
		checker: check.Checker{
			Linters: linters, Excludes: excludes, Stdin: streams.In, Reader: input.Reader{Limit: f.MaxBytes, Models: linters.Models, Version: linters.Target.Version},
			SkipUnknown: f.SkipUnknown, Fix: f.Fix, Unsafe: f.Unsafe, DryRun: f.DryRun,
		},
	}
	for _, name := range linters.Files() {
		t.protect(name, name != usual) // which --write-baseline may replace
	}
	if f.Fix {
		// Files are fixed before any is checked: one may have several names, or be sent by
		// the requests of another.
		list := slices.Collect(sources)
		groups := files.Groups(list)
		if f.DryRun {
			t.changes = make(map[string]change)
			for _, group := range groups {
				shown := new(bool)
				for i := range group {
					t.changes[group[i].Path] = change{&group[i], shown}
				}
			}
			t.checker.Edited = t.fixed
		} else {
			t.repairs = repairAll(&t.checker, f.jobs(args), groups)
		}
		sources = slices.Values(list)
	}
	if err := checkAll(&t.checker, f.jobs(args), sources, t.event); err != nil {
		return err
	}
	reports.reportSet(&set)
	for _, err := range set.Failures {
		reports.fail(err)
	}
	return t.conclude()
}

// jobs returns the number of files to check concurrently.
func (f *Lint) jobs(args []string) int {
	if len(args) == 1 {
		if info, err := os.Stat(args[0]); err == nil && info.Mode().IsRegular() {
			return 1
		}
	}
	return f.Jobs
}

// sources returns the files to check.
func (f *Lint) sources(set *files.Set, args []string) (iter.Seq[files.Source], error) {
	if !f.Staged {
		return set.Each(args)
	}
	sources, err := set.Staged(args, f.MaxBytes)
	return slices.Values(sources), err
}

// showMinor reports whether reports for people include minor findings.
func (f *Lint) showMinor() bool { return f.Verbose || f.FailOn == patchlint.Info }

// lintRun is the state of a run of lint.
type lintRun struct {
	*Lint
	*reports
	checker  check.Checker
	known    *baseline.Baseline
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
	changes  map[string]change     // by path: with DryRun, the files to change
	repairs  map[string]*repair    // by path: without DryRun, the outcomes of Fix
	current  report.File           // reused; printers do not keep it
}

// change is the change of a file that a dry run shows.
type change struct {
	source *files.Source
	shown  *bool // under any name of the file
}

// fixed returns the text that an included file would have if this were no dry run.
func (t *lintRun) fixed(name string) (text []byte, ok bool) {
	c, ok := t.changes[name]
	if !ok {
		return nil, false
	}
	text, made, err := t.checker.Repaired(c.source)
	return text, err == nil && made > 0
}

// event handles an event of the checker.
func (t *lintRun) event(e check.Event) error {
	if e.Result != nil {
		return t.endFile(e.Source, e.Result)
	}
	return t.payload(e)
}

// payload reports on a payload.
func (t *lintRun) payload(e check.Event) error {
	t.payloads++
	t.checker.Join(&e)
	t.skipRequests(e.Source, e.Unchecked)
	if e.Name != "" && !t.sent[e.Name] {
		t.sent[e.Name] = true
		t.protect(e.Name, true)
	}
	if t.Verbose {
		t.note("checked %s: %s", e.FileName(), e.Description())
	}
	f := &t.current
	*f = report.File{Name: e.FileName(), Record: e.Record, Part: e.Part, Document: e.Document, Findings: t.unreported(e), Chosen: e.Linter.Severities, Names: e.Linter.Names}
	if len(f.Findings) > 0 || t.Baseline != "" {
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
		if f.Minor(d) {
			t.minor++
		}
	}
	if err := t.printFile(f); err != nil {
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

// protect makes the run fail rather than replace a file that was read by a report or, with
// fromBaseline, by a baseline.
func (t *lintRun) protect(read string, fromBaseline bool) {
	t.output.protect(read)
	if fromBaseline && t.WriteBaseline != "" && !t.refused {
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
		t.protect(s.Path, true)
	}
	t.summary.SkippedRecords += result.SkippedRecords
	if result.SkippedRecords > 0 && t.Verbose {
		t.note("skipped %s of %s: no known type", report.Count(result.SkippedRecords, "record", "records"), s.Name())
	}
	t.skipRequests(s, result.SkippedRequests)
	if c, ok := t.changes[s.Path]; ok && result.Fixes > 0 {
		if *c.shown { // under another name
			result.Fixes, result.Change = 0, nil
		}
		*c.shown = true
	}
	if r := t.repairs[s.Path]; r != nil {
		result.Fixes, result.Err = r.made, cmp.Or(result.Err, r.err)
	}
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
		switch {
		case result.TooLarge:
			t.say(fmt.Sprintf("skipped %s: it is larger than %d bytes, and its start is not that of a payload", s.Name(), t.MaxBytes))
		case t.Verbose:
			t.note("skipped %s: %s", s.Name(), skipReasons[result.Reason].file)
		}
	default:
		t.summary.Files++
	}
	t.summary.Fixed += result.Fixes
	if result.Fixes > 0 && !t.DryRun && s.Path != "-" {
		t.note("fixed %s: %s", s.Name(), report.Count(result.Fixes, "fix", "fixes"))
	}
	if len(result.Change) == 0 {
		return nil
	}
	if t.DryRun && obeysCommands(t.out) {
		result.Change = inertDiff(result.Change)
	}
	if n := commandLine(result.Change); n > 0 && !t.DryRun {
		t.fail(fmt.Errorf("%s: the result is not printed, because a terminal or build service would obey line %d; name the file to fix it in place", s.Name(), n))
		return nil
	}
	if _, err := t.out.Write(result.Change); err != nil {
		return fmt.Errorf("cannot write the result: %w", err)
	}
	return nil
}

// skipRequests counts requests that are not checked.
func (t *lintRun) skipRequests(s *files.Source, requests []check.SkippedRequest) {
	t.requests += len(requests)
	for _, r := range requests {
		if r.Unchecked {
			t.summary.SkippedRequests++
		}
		switch {
		case r.Important:
			t.say(fmt.Sprintf("skipped %s: %s: %s", s.Name(), r.Request, r.Reason))
		case t.Verbose:
			t.note("skipped %s: %s: %s", s.Name(), r.Request, r.Reason)
		}
	}
}

// conclude finishes the reports and returns the exit code as an error.
func (t *lintRun) conclude() error {
	failed := func() bool { return len(t.failures) > 0 }
	for _, name := range t.unknown {
		if t.sent[name] { // it was checked as the body of a request
			t.skipped[check.NoType]--
			t.summary.Skipped--
		}
	}
	if t.WriteBaseline != "" && !failed() {
		if err := t.known.Write(t.WriteBaseline); err != nil {
			return err
		}
	}
	if err := t.finish(); err != nil {
		return err
	}
	if t.WriteBaseline != "" {
		if failed() {
			return Failed
		}
		t.note("%s recorded in %s", report.Count(len(t.known.Findings), "finding", "findings"), files.Display(t.WriteBaseline))
		return nil
	}
	switch {
	case t.summary.Files > 0:
		t.note("%s", t.summaryLine())
		if text := t.unchecked(); t.Quiet && text != "" {
			t.say("not checked: " + text)
		}
	case t.summary.Skipped > 0 || !failed(): // after a failure it is unknown whether there was anything to check
		t.say(t.summaryLine())
		if t.skipped[check.NoType] > 0 {
			t.note("if these files are payloads, name their type with --type, or with types: in %s", settings.Name)
		}
	}
	if n := t.known.Stale(); n > 0 {
		t.note("%s of %s no longer found; --write-baseline writes it again", report.Count(n, "finding", "findings"), files.Display(t.Baseline))
	}
	switch {
	case failed():
		return Failed
	case t.worst >= t.FailOn:
		return Findings
	}
	return nil
}

// skipReasons describes why files are skipped: a single file, all files of a run with
// the noun and verb they need, and some of the files.
var skipReasons = [...]struct{ file, all, one, many, some string }{
	check.NoType:    {"it shows no known type", "%s no known type", "file shows", "files show", "no known type"},
	check.NoUpdate:  {"no request of it updates a known resource", "no request of %s updates a known resource", "file", "files", "no update of a known resource"},
	check.NoContent: {"it is empty", "%s empty", "file is", "files are", "empty"},
}

// summaryLine returns the last line of the text report.
func (t *lintRun) summaryLine() string {
	s := t.summary
	if s.Files == 0 {
		switch {
		case s.Skipped > 0:
			var why []string
			for reason, words := range skipReasons {
				if n := t.skipped[reason]; n > 0 {
					why = append(why, fmt.Sprintf(words.all, report.Count(n, words.one, words.many)))
				}
			}
			return "nothing was checked: " + strings.Join(why, ", ")
		case t.Staged:
			return "nothing was checked: no payload file is staged"
		case t.Since != "":
			return fmt.Sprintf("nothing was checked: no payload file has changed since %s", t.Since)
		}
		return "nothing was checked: no payload file was found"
	}
	how := " made"
	if t.DryRun {
		how = " to make"
	}
	list := []count{{s.Files, "file", "files", " checked"}}
	for reason, words := range skipReasons {
		list = append(list, count{t.skipped[reason], "skipped", "skipped", " (" + words.some + ")"})
	}
	text := counts(append(list,
		count{t.requests, "request", "requests", " skipped (not updates of a known resource)"},
		count{s.SkippedRecords, "record", "records", " skipped (no known type)"},
		count{s.Fixed, "fix", "fixes", how},
		count{s.Suppressed, "suppressed", "suppressed", " by the baseline"},
	)...)
	found := counts(count{s.Errors, "error", "errors", ""}, count{s.Warnings, "warning", "warnings", ""}, count{s.Infos, "info", "infos", ""})
	if found == "" {
		return text + ": nothing found"
	}
	text += ": " + found
	if t.minor > 0 && !t.showMinor() && !t.Statistics && slices.ContainsFunc(t.parts, (*part).forPeople) {
		text += fmt.Sprintf(" (%d listed with --verbose)", t.minor)
	}
	return text
}

// unchecked returns the numbers of files, requests and records that may be for Graph and
// were not checked, or "".
func (t *lintRun) unchecked() string {
	return counts(
		count{t.skipped[check.NoType], "file", "files", " (no known type)"},
		count{t.summary.SkippedRequests, "request", "requests", " (not updates of a known resource)"},
		count{t.summary.SkippedRecords, "record", "records", " (no known type)"},
	)
}

// count is a number, its noun, and the words after it.
type count struct {
	n               int
	one, many, said string
}

// counts lists the counts that are not 0.
func counts(list ...count) string {
	var parts []string
	for _, c := range list {
		if c.n > 0 {
			parts = append(parts, report.Count(c.n, c.one, c.many)+c.said)
		}
	}
	return strings.Join(parts, ", ")
}
