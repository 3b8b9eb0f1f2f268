package command

import (
	"errors"
	"io"
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

// Run checks the files that the arguments name. The error may be an Exit. The reports are
// opened even if the settings are faulty, and closed last, so that they include every failure.
func (f *Lint) Run(args []string, streams Streams) error {
	inputs := slices.Concat(args, f.inputs(), f.Schemas)
	if err := f.checkNewBaseline(inputs, streams.Out); err != nil {
		return err
	}
	t := &lintRun{
		Lint: f, console: console{w: streams.Err, quiet: f.Quiet}, out: streams.Out,
		includes: includes{sent: make(map[string]bool), reported: make(map[findingKey]bool)},
	}
	run, err := f.settings(args, &t.console)
	reportErr := t.openReports(run, args, append(inputs, f.Baseline), streams)
	if t.reports == nil {
		return reportErr
	}
	defer t.reports.abandon()
	t.reports.protectSettings(run)
	if err = errors.Join(err, reportErr); err == nil {
		err = t.lint(run, args, streams.In)
	}
	err = t.reports.finish(&t.console, err, func() report.Summary {
		t.summary.Failures = t.failures
		return t.summary
	})
	if err != nil {
		return err
	}
	if t.WriteBaseline == "" { // else writeBaseline has said what was done
		t.summarize()
	}
	switch {
	case len(t.failures) > 0:
		return Failed
	case t.summary.Fails(t.FailOn):
		return Findings
	}
	return nil
}

// checkNewBaseline returns an error if the file of --write-baseline is also a report or one
// of the inputs.
func (f *Lint) checkNewBaseline(inputs []string, stdout io.Writer) error {
	if f.WriteBaseline == "" {
		return nil
	}
	if f.WriteBaseline == "-" || isOutput(f.WriteBaseline, stdout) {
		return Usagef("--write-baseline needs the name of a file, because the report goes to standard output")
	}
	for _, format := range f.Formats {
		if _, file := format.Cut(); sameOutput(file, f.WriteBaseline) {
			return Usagef("--format and --write-baseline cannot both go to %s", files.Display(file))
		}
	}
	return checkOverwrite(f.WriteBaseline, inputs)
}

// settings reads the settings and combines them with the flags.
func (f *Lint) settings(args []string, c *console) (*settings.Run, error) {
	run, err := f.open(c)
	if err != nil {
		return run, err
	}
	if f.Thorough {
		run.Base.Thorough = conform.Check
	}
	for _, name := range f.Schemas {
		team, err := settings.ReadSchema(name, files.Display(name))
		if err != nil {
			return run, flagFileError("schema", name, err)
		}
		run.Base.TeamSchemas = append(run.Base.TeamSchemas, team.Check)
	}
	relative := !slices.ContainsFunc(append([]string{f.StdinFilename}, args...), files.Rooted)
	for _, text := range f.Exclude {
		p, err := files.ParsePattern(text, relative)
		if err != nil {
			return run, Usagef("--exclude: pattern %s %w", inert.Quote(text), err)
		}
		run.Excluded = append(run.Excluded, p)
	}
	run.Flags = make(settings.Rules)
	for _, value := range f.Rules {
		id, level, found := strings.Cut(value, "=")
		if !found {
			return run, Usagef("--rule must be a rule and its severity, such as enum-value=warning; found %s", inert.Quote(value))
		}
		if run.Flags[id], err = settings.ParseRule(id, level); err != nil {
			return run, Usagef("--rule: %w", err)
		}
	}
	return run, nil
}

// lint finds the files, fixes them, checks each, reports on it and, at the end, writes the
// baseline.
func (t *lintRun) lint(run *settings.Run, args []string, stdin io.Reader) error {
	if len(args) == 0 {
		args = []string{"."}
	}
	if err := t.openBaseline(run); err != nil {
		return err
	}
	t.nameFiles(run)
	set := files.Set{Excluded: run.Excludes, StdinName: t.StdinFilename, NamedStdin: t.StdinFilename != files.StdinName}
	defer set.Close()
	sources := t.find(&set, args)
	t.checker = check.Checker{
		Settings: run, Stdin: stdin, Reader: input.Reader{Limit: t.MaxBytes, Models: run.Models, Version: run.Target.Version},
		SkipUnknown: t.SkipUnknown, Fix: t.Fix, Unsafe: t.Unsafe, DryRun: t.DryRun,
	}
	if t.Fix { // before any is checked, because a file may have several names, or be sent by the requests of another
		t.checker.Repairs = repairAll(&t.checker, t.Jobs, files.Groups(sources))
	}
	if err := checkAll(&t.checker, t.Jobs, sources, t.payload, t.endFile); err != nil {
		return err
	}
	t.skipped[warned] = t.reportSet(&set)
	t.summary.Skipped += t.skipped[warned]
	t.countSent()
	return t.writeBaseline(args)
}

// openBaseline opens the baseline that findings are compared with or recorded in, if any.
func (t *lintRun) openBaseline(run *settings.Run) error {
	usual, err := run.BaselineFile()
	file := t.Baseline
	if file == "" && t.WriteBaseline == "" {
		if err != nil {
			return err
		}
		file = usual
	}
	if t.known, err = baseline.Read(file); err != nil || t.WriteBaseline == "" {
		return err
	}
	t.known = baseline.New(t.WriteBaseline)
	for _, name := range run.Files() {
		if name != usual { // which the new one may replace
			t.protect(name)
		}
	}
	return nil
}

// find returns the files to check.
func (t *lintRun) find(set *files.Set, args []string) []files.Source {
	collect := set.Collect
	if t.Staged {
		collect = func(args []string) ([]files.Source, error) { return set.Staged(args, t.MaxBytes) }
	}
	sources, err := collect(args)
	if err != nil {
		t.fail(err)
	}
	if t.Since != "" { // even if some argument does not exist
		if sources, err = set.ChangedSince(t.Since, args, sources); err != nil {
			t.fail(err)
		}
	}
	return sources
}
