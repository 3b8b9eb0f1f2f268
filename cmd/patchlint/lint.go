package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/baseline"
	"github.com/patchlint/patchlint/internal/check"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/settings"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/conform"
	"github.com/patchlint/patchlint/validate"
)

type lintFlags struct {
	commonFlags
	baseline            string
	writeBaseline       string
	formats             []string
	rules               []string
	schemas             []string
	failOn              string
	stdinFilename       string
	exclude             []string
	skipUnknown         bool
	jobsText            string
	jobs                int
	thorough            bool
	statistics          bool
	fix, unsafe, dryRun bool
	since               string
	sinceGiven          bool
	staged              bool
}

func newLint(streams stdio) *cobra.Command {
	var f lintFlags
	cmd := &cobra.Command{
		Use:   "lint [flags] [path ...]",
		Short: "Check payload files",
		Long: `lint checks payload files. A path is a file, a directory, a pattern ("**" matches
any directories) or "-" for standard input; without one the current directory is
read. Directories are walked for payload files, .gitignore is obeyed there, and
files that show no known type are skipped and counted.

Exit codes: 0 nothing found at or above --fail-on, 1 something found, 2 the job
could not be done.`,
		Example: `  patchlint lint partner.json
  patchlint lint --fail-on warning payloads/
  patchlint lint --rule placeholder-value=error 'payloads/**/*.json'
  Get-Content partner.json | patchlint lint --stdin-filename partner.json -`,
		SuggestFor:        []string{"check", "validate", "verify", "test", "fix", "format", "fmt", "run"},
		ValidArgsFunction: payloadFiles(),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.given(cmd)
			f.sinceGiven = cmd.Flags().Changed("since")
			return lint(f, args, streams)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	f.register(flags, "print one line for each finding, and no notes", "also list minor findings, and say what became of every file")
	flags.StringArrayVar(&f.exclude, "exclude", nil, "skip files that match `PATTERN`, even if named (repeatable)")
	flags.BoolVar(&f.skipUnknown, "skip-unknown", false, "skip files of unrecognized type, even if named")
	flags.StringVar(&f.since, "since", "", "check only files changed since the merge base with `REV`, including uncommitted changes")
	flags.BoolVar(&f.staged, "staged", false, "check only staged files, as they are staged")
	flags.StringVar(&f.stdinFilename, "stdin-filename", noName, "use this `NAME` for standard input; its extension tells the format")
	flags.StringVar(&f.jobsText, "jobs", strconv.Itoa(runtime.GOMAXPROCS(0)), "check this `NUMBER` of files at once")
	flags.StringArrayVar(&f.rules, "rule", nil, "set the severity of a rule, as `ID=LEVEL`: error, warning, info or off (repeatable)")
	flags.StringArrayVar(&f.schemas, "schema", nil, "also check every payload with your own JSON Schema in `FILE` (repeatable)")
	flags.BoolVar(&f.thorough, "thorough", false, "also ask the embedded JSON Schemas, which should find the same and take far longer")
	flags.StringVar(&f.failOn, "fail-on", "error", "exit 1 at findings of this `SEVERITY` or above: error, warning or info")
	flags.StringVar(&f.baseline, "baseline", "", "ignore the findings that `FILE` records")
	flags.StringVar(&f.writeBaseline, "write-baseline", "", "record all findings in `FILE`, to be ignored from now on")
	flags.BoolVar(&f.fix, "fix", false, "apply safe fixes to the files, and report what remains")
	flags.BoolVar(&f.unsafe, "unsafe-fixes", false, "with --fix, also apply fixes that may change what a payload means")
	flags.BoolVar(&f.dryRun, "dry-run", false, "with --fix, print the changes as a unified diff instead of making them")
	flags.StringArrayVar(&f.formats, "format", []string{"text"}, "how to report, as `NAME[=FILE]`: "+strings.Join(report.Names(), ", ")+" (repeatable)")
	flags.BoolVar(&f.statistics, "statistics", false, "count the findings by rule instead of listing them")
	_ = cmd.RegisterFlagCompletionFunc("format", completeFormats(report.Names()))
	return cmd
}

// noName is what standard input is called that has been given no name.
const noName = "<stdin>"

// settings joins the flags with the config.
func (f *lintFlags) settings() (*settings.Linters, error) {
	if err := f.checkEmpty(); err != nil {
		return nil, err
	}
	c, err := f.openSettings()
	if err != nil {
		return nil, err
	}
	pinned := f.apiVersion != ""
	if !pinned {
		f.apiVersion = string(cmp.Or(c.APIVersion, schema.Beta))
	}
	if err := addMetadata(c, f.metadata, schema.Version(f.apiVersion)); err != nil {
		return nil, err
	}
	l := &settings.Linters{
		Run: c, Pinned: pinned, Target: validate.Target{Version: schema.Version(f.apiVersion), Type: f.typeName},
		Base: validate.Linter{Models: c.Models}, Flags: make(settings.Rules),
	}
	if f.thorough {
		l.Base.Thorough = conform.Check
	}
	model, err := c.Models.Open(l.Target.Version)
	if err != nil {
		return nil, usageError{fmt.Errorf("--api-version: %w", err)}
	}
	if f.typeName != "" {
		if _, err := model.Resource(f.typeName); err != nil {
			return nil, usageError{fmt.Errorf("--type: %w", err)}
		}
	}
	for _, name := range f.schemas {
		if name == "" {
			return nil, usageError{errors.New("--schema needs a value; found an empty one")}
		}
		team, err := settings.ReadSchema(name, files.Display(name))
		if err != nil {
			return nil, needsFile("schema", name, err)
		}
		l.Base.TeamSchemas = append(l.Base.TeamSchemas, team)
	}
	for _, value := range f.rules {
		id, level, _ := strings.Cut(value, "=")
		s, err := settings.ParseRule(id, level)
		if err != nil {
			return nil, usageError{fmt.Errorf("--rule: %w", err)}
		}
		l.Flags[id] = s
	}
	return l, c.AddNames(f.names)
}

func lint(f lintFlags, args []string, streams stdio) error {
	if err := apart(slices.Concat(args, f.names, f.schemas), append(outputFiles(f.formats), f.writeBaseline)); err != nil {
		return err
	}
	linters, err := f.settings()
	reports, reportErr := openReports(f, args, streams)
	if reports == nil {
		return reportErr
	}
	defer reports.abandon()
	err = errors.Join(err, reportErr)
	if err == nil {
		err = f.run(linters, args, streams, reports)
	}
	return reports.settle(err)
}

// run checks files and reports of them. An error before the reports are finished
// is for them to tell.
func (f *lintFlags) run(linters *settings.Linters, args []string, streams stdio, reports *reports) error {
	if err := f.check(args); err != nil {
		return err
	}
	if len(args) == 0 {
		args = []string{"."}
	}
	if f.verbose {
		reports.note("%s", linters.InForce())
	}
	reports.noteContinued(linters.Continued())
	var patterns []files.Pattern
	for _, text := range f.exclude {
		p, err := files.ParsePattern(text)
		if err != nil {
			return usageError{fmt.Errorf("--exclude: pattern %s %w", inert.Quote(text), err)}
		}
		patterns = append(patterns, p)
	}
	var err error
	if f.writeBaseline == "" && f.baseline == "" {
		if f.baseline, err = linters.BaselineFile(); err != nil {
			return err
		}
	}
	known, err := baseline.Read(f.baseline)
	if err != nil {
		return err
	}
	excludes := func(name string) bool {
		shown := files.Display(name)
		return slices.ContainsFunc(patterns, func(p files.Pattern) bool { return p.Match(shown) }) || linters.Excludes(name)
	}
	set := files.Set{Excluded: excludes, StdinName: f.stdinFilename, NamedStdin: f.stdinFilename != noName}
	defer set.Close()
	sources, err := f.sources(&set, args)
	if errors.Is(err, files.ErrPattern) {
		return usageError{err}
	}
	if err != nil {
		reports.complain(err)
	}
	if f.sinceGiven { // also when not everything that was named is there
		if sources, err = files.ChangedSince(f.since, sources); err != nil {
			reports.complain(err)
		}
	}
	t := tally{
		lintFlags: f, reports: reports, known: known, progress: newProgress(streams.err, f.quiet), out: streams.out,
		checker: check.Checker{
			Settings: linters.Run, Excludes: excludes, Stdin: streams.in, Reader: input.Reader{Limit: f.maxBytes, Models: linters.Models, Version: linters.Target.Version},
			SkipUnknown: f.skipUnknown, Fix: f.fix, Unsafe: f.unsafe,
		},
	}
	if f.dryRun {
		t.checker.Change = func(name string, before, after []byte) []byte {
			return change(&t.checker.Reader, name, before, after)
		}
	}
	if err := inOrder(&t.checker, f.jobs, sources, linters.Of, t.add); err != nil {
		return err
	}
	t.progress.clear()
	for _, text := range set.Notes {
		reports.note("%s", text)
	}
	for _, err := range set.Failures {
		reports.complain(err)
	}
	return t.conclude()
}

// sources returns the files to check.
func (f *lintFlags) sources(set *files.Set, args []string) (iter.Seq[files.Source], error) {
	if !f.staged {
		return set.Each(args)
	}
	sources, err := set.Staged(args)
	return slices.Values(sources), err
}

// check reads the numbers of the flags, and returns what is wrong with these.
func (f *lintFlags) check(args []string) error {
	var err error
	if f.maxBytes, err = maxBytes(f.maxBytesText); err != nil {
		return err
	}
	if f.jobs, err = jobs(f.jobsText); err != nil {
		return err
	}
	stdin := slices.Contains(args, "-")
	_, ok := patchlint.ParseSeverity(f.failOn)
	switch {
	case !ok:
		return usageError{fmt.Errorf("--fail-on must be one of error, warning, info; found %s", inert.Quote(f.failOn))}
	case f.unsafe && !f.fix:
		return usageError{errors.New("--unsafe-fixes needs --fix")}
	case f.dryRun && !f.fix:
		return usageError{errors.New("--dry-run needs --fix")}
	case f.dryRun && slices.ContainsFunc(f.formats, machineOnStdout):
		return usageError{errors.New("--dry-run prints the change, and no report beside it; a report can have a file: --format NAME=FILE")}
	case f.stdinFilename != noName && !stdin:
		return usageError{errors.New(`--stdin-filename goes with "-", which stands for standard input`)}
	case f.sinceGiven && stdin:
		return usageError{errors.New("--since chooses files, and standard input is not one")}
	case f.staged && f.fix:
		return usageError{errors.New("--fix changes files, and --staged checks what git has staged of them; use one of the two")}
	case f.staged && f.sinceGiven:
		return usageError{errors.New("--since and --staged each choose files; use one of the two")}
	case f.staged && stdin:
		return usageError{errors.New("--staged chooses files, and standard input is not one")}
	}
	return nil
}

// all reports whether reports for people list minor findings, too.
func (f *lintFlags) all() bool { return f.verbose || f.failOn == patchlint.Info.String() }

// machineOnStdout reports whether a value of --format is for a program that reads
// standard output.
func machineOnStdout(value string) bool {
	return !forPeople(value) && !strings.Contains(value, "=")
}

// forPeople reports whether a value of --format is for people.
func forPeople(value string) bool {
	name, _, _ := strings.Cut(value, "=")
	return name == "text"
}

// tally is what a run has come to.
type tally struct {
	*lintFlags
	*reports
	checker  check.Checker
	known    *baseline.Baseline
	progress *progress
	out      io.Writer
	worst    patchlint.Severity
	checked  int              // payloads of the file
	requests int              // that were skipped
	minor    int              // findings
	reported map[finding]bool // whether of a body in a file of its own
	file     report.File      // printers keep nothing of it
}

// add takes what came of a payload, or of what else is in a file.
func (t *tally) add(e check.Event) error {
	if e.Ending == nil {
		t.checked++
		return t.payload(e)
	}
	t.progress.step()
	defer func() { t.checked = 0 }()
	return t.end(e.Source, e.Ending)
}

// payload reports of one payload.
func (t *tally) payload(e check.Event) error {
	t.checker.Join(&e)
	if t.verbose {
		t.remark("checked %s: %s", e.InFile(), e.What())
	}
	of := e.Source
	if e.Name != "" {
		of = &files.Source{Path: e.Name}
	}
	e.Found = t.unreported(e)
	t.file = report.File{Name: e.InFile(), Record: e.Record, Part: e.Part, Document: e.Document, Findings: e.Found, Chosen: e.Linter.Severities, Names: e.Linter.Names}
	if len(e.Found) > 0 || t.baseline != "" {
		t.file.Root = t.roots.Of(of.Path, of.Name())
	}
	if t.writeBaseline != "" {
		t.known.Add(&t.file)
	} else {
		t.summary.Suppressed += t.known.Pass(&t.file)
	}
	t.summary.Add(t.file.Findings)
	for _, d := range t.file.Findings {
		t.worst = max(t.worst, d.Severity)
		if t.file.Minor(d) {
			t.minor++
		}
	}
	if t.writeBaseline != "" {
		t.file.Findings = nil // they are known from now on
	}
	if len(t.file.Findings) > 0 {
		t.progress.clear()
	}
	if err := t.reports.file(&t.file); err != nil {
		return err
	}
	if e.Payload != nil {
		t.checker.Reader.Release(e.Payload)
	}
	return nil
}

// remark is a note while the run goes on.
func (t *tally) remark(format string, args ...any) {
	t.progress.clear()
	t.note(format, args...)
}

// end counts a file of which nothing more comes.
func (t *tally) end(s *files.Source, end *check.Ending) error {
	if t.checked > 0 {
		t.spare(s.Path)
	}
	t.requests += len(end.Skipped)
	for _, r := range end.Skipped {
		if r.Notable || t.verbose {
			t.remark("skipped %s: %s: %s", s.Name(), r.Request, r.Reason)
		}
	}
	switch {
	case end.Err != nil:
		t.progress.clear()
		t.complain(end.Err)
		if t.checked > 0 {
			t.summary.Files++
		}
		return nil
	case end.Absent != "":
		if t.verbose || end.Notable {
			t.remark("%s", end.Absent)
		}
	case t.checked == 0:
		t.summary.Skipped++
		switch {
		case end.Large:
			t.remark("skipped %s: it is larger than %d bytes, and its start is not that of a payload", s.Name(), t.maxBytes)
		case t.verbose:
			t.remark("skipped %s: it shows no known type", s.Name())
		}
	default:
		t.summary.Files++
	}
	t.summary.Fixed += end.Fixes
	if end.Fixes > 0 && !t.dryRun && s.Path != "-" {
		t.remark("fixed %s: %s", s.Name(), report.Count(end.Fixes, "fix", "fixes"))
	}
	if len(end.Change) == 0 {
		return nil
	}
	if t.dryRun && acted(t.out) {
		end.Change = inertDiff(end.Change)
	}
	if n := commandLine(end.Change); n > 0 && !t.dryRun {
		t.complain(fmt.Errorf("%s: the result is not printed, because a terminal or build service would obey line %d; name the file to fix it in place", s.Name(), n))
		return nil
	}
	if _, err := t.out.Write(end.Change); err != nil {
		return fmt.Errorf("cannot write the result: %w", err)
	}
	return nil
}

// conclude finishes the reports. The error has the exit code.
func (t *tally) conclude() error {
	failed := func() bool { return len(t.failures) > 0 }
	if t.writeBaseline != "" && !failed() {
		if err := t.known.Write(t.writeBaseline); err != nil {
			return err
		}
	}
	if err := t.finish(); err != nil {
		return err
	}
	if t.writeBaseline != "" {
		if failed() {
			return exitError{code: exitFailed}
		}
		t.note("%s recorded in %s", report.Count(len(t.known.Findings), "finding", "findings"), files.Display(t.writeBaseline))
		return nil
	}
	// Where something failed, that there was nothing to check is not known.
	if !failed() || t.summary.Files+t.summary.Skipped > 0 {
		t.note("%s", t.sentence(t.summary, t.requests, t.minor))
	}
	if n := t.known.Stale(); n > 0 {
		t.note("%s of %s no longer found; --write-baseline writes it again", report.Count(n, "finding", "findings"), files.Display(t.baseline))
	}
	failOn, _ := patchlint.ParseSeverity(t.failOn)
	switch {
	case failed():
		return exitError{code: exitFailed}
	case t.worst >= failOn:
		return exitError{code: exitFindings}
	}
	return nil
}

// apart returns an error when a file that is to be written is one that is to be
// read: the report would take its place.
func apart(args, outputs []string) error {
	for _, output := range outputs {
		if output == "" {
			continue
		}
		written, err := os.Stat(output)
		if err != nil || !written.Mode().IsRegular() {
			continue
		}
		for _, arg := range args {
			if checked, err := os.Stat(arg); err == nil && os.SameFile(checked, written) {
				return usageError{fmt.Errorf("%s is to be read, and a report or baseline would take its place", files.Display(arg))}
			}
		}
	}
	return nil
}

// sentence says what a run did.
func (f *lintFlags) sentence(s report.Summary, requests, minor int) string {
	if s.Files == 0 {
		switch {
		case s.Skipped == 0 && f.staged:
			return "nothing was checked: no payload file is staged"
		case s.Skipped == 0 && f.since != "":
			return fmt.Sprintf("nothing was checked: no payload file has changed since %s", f.since)
		case s.Skipped == 0:
			return "nothing was checked: no payload file was found"
		default:
			return fmt.Sprintf("nothing was checked: %s no known type", report.Count(s.Skipped, "file shows", "files show"))
		}
	}
	text := report.Count(s.Files, "file", "files") + " checked"
	if s.Skipped > 0 {
		text += fmt.Sprintf(", %d skipped (no known type)", s.Skipped)
	}
	if requests > 0 {
		text += ", " + report.Count(requests, "request", "requests") + " skipped (not updates of a known resource)"
	}
	if s.Fixed > 0 {
		text += ", " + report.Count(s.Fixed, "fix", "fixes")
		if f.dryRun {
			text += " to make"
		} else {
			text += " made"
		}
	}
	if s.Suppressed > 0 {
		text += fmt.Sprintf(", %d suppressed by the baseline", s.Suppressed)
	}
	if s.Errors+s.Warnings+s.Infos == 0 {
		return text + ": nothing found"
	}
	var found []string
	for _, part := range []struct {
		n         int
		one, many string
	}{{s.Errors, "error", "errors"}, {s.Warnings, "warning", "warnings"}, {s.Infos, "info", "infos"}} {
		if part.n > 0 {
			found = append(found, report.Count(part.n, part.one, part.many))
		}
	}
	text += ": " + strings.Join(found, ", ")
	if minor > 0 && !f.all() && !f.statistics && slices.ContainsFunc(f.formats, forPeople) {
		text += fmt.Sprintf(" (%d listed with --verbose)", minor)
	}
	return text
}
