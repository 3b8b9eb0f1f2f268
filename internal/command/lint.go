package command

import (
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

// Lint is a run of lint, with its flags.
type Lint struct {
	Common
	Version                 string   // of the command, for the reports
	Formats                 []string // NAME[=FILE]
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
	if err := apart(slices.Concat(args, f.Names, f.Schemas), append(outputFiles(f.Formats), f.WriteBaseline)); err != nil {
		return err
	}
	console := &console{w: streams.Err, terse: f.Quiet}
	linters, err := f.settings(console)
	reports, reportErr := openReports(f, linters, args, streams, console)
	if reports == nil {
		return reportErr
	}
	defer reports.abandon()
	if err = errors.Join(err, reportErr); err == nil {
		err = f.lint(linters, args, streams, reports)
	}
	return reports.settle(err)
}

// settings joins the flags with the settings.
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
			return l, needsFile("schema", name, err)
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

// lint checks files and reports of them. An error before the reports are finished
// is for them to tell.
func (f *Lint) lint(linters *settings.Linters, args []string, streams Streams, reports *reports) error {
	if len(args) == 0 {
		args = []string{"."}
	}
	var patterns []files.Pattern
	for _, text := range f.Exclude {
		p, err := files.ParsePattern(text)
		if err != nil {
			return Usagef("--exclude: pattern %s %w", inert.Quote(text), err)
		}
		patterns = append(patterns, p)
	}
	if f.WriteBaseline == "" && f.Baseline == "" {
		var err error
		if f.Baseline, err = linters.BaselineFile(); err != nil {
			return err
		}
	}
	known, err := baseline.Read(f.Baseline)
	if err != nil {
		return err
	}
	excludes := func(name string) bool {
		shown := files.Display(name)
		return slices.ContainsFunc(patterns, func(p files.Pattern) bool { return p.Match(shown) }) || linters.Excludes(name)
	}
	set := files.Set{Excluded: excludes, StdinName: f.StdinFilename, NamedStdin: f.StdinFilename != StdinName}
	defer set.Close()
	sources, err := f.sources(&set, args)
	if errors.Is(err, files.ErrPattern) {
		return UsageError{err}
	}
	if err != nil {
		reports.complain(err)
	}
	if f.Since != "" { // even when not everything that was named exists
		if sources, err = files.ChangedSince(f.Since, sources); err != nil {
			reports.complain(err)
		}
	}
	t := tally{
		Lint: f, reports: reports, known: known, out: streams.Out,
		checker: check.Checker{
			Linters: linters, Excludes: excludes, Stdin: streams.In, Reader: input.Reader{Limit: f.MaxBytes, Models: linters.Models, Version: linters.Target.Version},
			SkipUnknown: f.SkipUnknown, Fix: f.Fix, Unsafe: f.Unsafe, DryRun: f.DryRun,
		},
	}
	if err := inOrder(&t.checker, f.jobs(args), sources, t.add); err != nil {
		return err
	}
	reports.tell(&set)
	for _, err := range set.Failures {
		reports.complain(err)
	}
	return t.conclude()
}

// jobs returns how many files to check at once.
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
	sources, err := set.Staged(args)
	return slices.Values(sources), err
}

// all reports whether reports for people list minor findings, too.
func (f *Lint) all() bool { return f.Verbose || f.FailOn == patchlint.Info }

// tally is what a run has come to.
type tally struct {
	*Lint
	*reports
	checker  check.Checker
	known    *baseline.Baseline
	out      io.Writer
	worst    patchlint.Severity
	checked  int                // payloads of the file
	requests int                // that were skipped
	records  int                // that were skipped, in files of which others were not
	lacking  map[check.Lack]int // the files that were skipped
	minor    int                // findings
	reported map[finding]bool   // whether of a body in a file of its own
	current  report.File        // printers keep nothing of it
}

// add takes what came of a payload, or of what else is in a file.
func (t *tally) add(e check.Event) error {
	if e.Ending == nil {
		t.checked++
		return t.payload(e)
	}
	defer func() { t.checked = 0 }()
	return t.end(e.Source, e.Ending)
}

// payload reports of one payload.
func (t *tally) payload(e check.Event) error {
	t.checker.Join(&e)
	if t.Verbose {
		t.note("checked %s: %s", e.InFile(), e.What())
	}
	f := &t.current
	*f = report.File{Name: e.InFile(), Record: e.Record, Part: e.Part, Document: e.Document, Findings: t.unreported(e), Chosen: e.Linter.Severities, Names: e.Linter.Names}
	if len(f.Findings) > 0 || t.Baseline != "" {
		of := e.Source
		if e.Name != "" {
			of = &files.Source{Path: e.Name}
		}
		f.Root = t.roots.Of(of.Path, of.Name())
	}
	if t.WriteBaseline != "" {
		t.known.Add(f)
	} else {
		t.summary.Suppressed += t.known.Pass(f)
	}
	t.summary.Add(f.Findings)
	for _, d := range f.Findings {
		t.worst = max(t.worst, d.Severity)
		if f.Minor(d) {
			t.minor++
		}
	}
	if t.WriteBaseline != "" {
		f.Findings = nil // they are known from now on
	}
	if err := t.file(f); err != nil {
		return err
	}
	if e.Payload != nil {
		t.checker.Reader.Release(e.Payload)
	}
	return nil
}

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

// end counts a file of which nothing more comes.
func (t *tally) end(s *files.Source, end *check.Ending) error {
	if t.checked > 0 {
		t.spare(s.Path)
	}
	t.requests, t.records = t.requests+len(end.Skipped), t.records+end.Records
	if end.Records > 0 && t.Verbose {
		t.note("skipped %s of %s: no known type", report.Count(end.Records, "record", "records"), s.Name())
	}
	for _, r := range end.Skipped {
		switch {
		case r.Notable:
			t.say(fmt.Sprintf("skipped %s: %s: %s", s.Name(), r.Request, r.Reason))
		case t.Verbose:
			t.note("skipped %s: %s: %s", s.Name(), r.Request, r.Reason)
		}
	}
	switch {
	case end.Err != nil:
		t.complain(end.Err)
		if t.checked > 0 {
			t.summary.Files++
		}
		return nil
	case end.Absent != "":
		if t.Verbose || end.Notable {
			t.note("%s", end.Absent)
		}
	case t.checked == 0:
		t.summary.Skipped++
		if t.lacking == nil {
			t.lacking = make(map[check.Lack]int)
		}
		t.lacking[end.Lack]++
		switch {
		case end.Large:
			t.say(fmt.Sprintf("skipped %s: it is larger than %d bytes, and its start is not that of a payload", s.Name(), t.MaxBytes))
		case t.Verbose:
			t.note("skipped %s: %s", s.Name(), lacks[end.Lack].file)
		}
	default:
		t.summary.Files++
	}
	t.summary.Fixed += end.Fixes
	if end.Fixes > 0 && !t.DryRun && s.Path != "-" {
		t.note("fixed %s: %s", s.Name(), report.Count(end.Fixes, "fix", "fixes"))
	}
	if len(end.Change) == 0 {
		return nil
	}
	if t.DryRun && acted(t.out) {
		end.Change = inertDiff(end.Change)
	}
	if n := commandLine(end.Change); n > 0 && !t.DryRun {
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
		t.note("%s", t.sentence())
	case t.summary.Skipped > 0 || !failed(): // else that there was nothing to check is not known
		t.say(t.sentence())
		if t.lacking[check.LacksType] > 0 {
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
				return Usagef("a report or baseline would overwrite %s, which is an input", files.Display(arg))
			}
		}
	}
	return nil
}

// lacks say why files are skipped: one of them, all of them, and some.
var lacks = [...]struct{ file, all, one, many, some string }{
	check.LacksType:    {"it shows no known type", "%s no known type", "file shows", "files show", "no known type"},
	check.LacksUpdate:  {"no request of it updates a known resource", "no request of %s updates a known resource", "file", "files", "no update of a known resource"},
	check.LacksContent: {"it is empty", "%s empty", "file is", "files are", "empty"},
}

// sentence says what the run did.
func (t *tally) sentence() string {
	s := t.summary
	if s.Files == 0 {
		switch {
		case s.Skipped > 0:
			var why []string
			for lack, words := range lacks {
				if n := t.lacking[check.Lack(lack)]; n > 0 {
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
	text := report.Count(s.Files, "file", "files") + " checked"
	for lack, words := range lacks {
		if n := t.lacking[check.Lack(lack)]; n > 0 {
			text += fmt.Sprintf(", %d skipped (%s)", n, words.some)
		}
	}
	if t.requests > 0 {
		text += ", " + report.Count(t.requests, "request", "requests") + " skipped (not updates of a known resource)"
	}
	if t.records > 0 {
		text += ", " + report.Count(t.records, "record", "records") + " skipped (no known type)"
	}
	if s.Fixed > 0 {
		how := " made"
		if t.DryRun {
			how = " to make"
		}
		text += ", " + report.Count(s.Fixed, "fix", "fixes") + how
	}
	if s.Suppressed > 0 {
		text += fmt.Sprintf(", %d suppressed by the baseline", s.Suppressed)
	}
	var found []string
	add := func(n int, one, many string) {
		if n > 0 {
			found = append(found, report.Count(n, one, many))
		}
	}
	add(s.Errors, "error", "errors")
	add(s.Warnings, "warning", "warnings")
	add(s.Infos, "info", "infos")
	if found == nil {
		return text + ": nothing found"
	}
	text += ": " + strings.Join(found, ", ")
	if t.minor > 0 && !t.all() && !t.Statistics && slices.ContainsFunc(t.Formats, forPeople) {
		text += fmt.Sprintf(" (%d listed with --verbose)", t.minor)
	}
	return text
}

// forPeople reports whether a value of --format is for people.
func forPeople(value string) bool {
	name, _, _ := strings.Cut(value, "=")
	return name == "text"
}
