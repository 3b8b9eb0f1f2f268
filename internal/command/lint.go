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
	if f.WriteBaseline == "-" || isOutput(f.WriteBaseline, streams.Out) {
		return Usagef("--write-baseline needs the name of a file, because the report goes to standard output")
	}
	inputs := slices.Concat(args, f.inputs(), f.Schemas)
	if err := checkOverwrite(f.WriteBaseline, inputs); err != nil {
		return err
	}
	for _, format := range f.Formats {
		if _, file := format.Cut(); f.WriteBaseline != "" && sameOutput(file, f.WriteBaseline) {
			return Usagef("--format and --write-baseline cannot both go to %s", files.Display(file))
		}
	}
	inputs = append(inputs, f.Baseline)
	t := &lintRun{
		Lint: f, console: console{w: streams.Err, quiet: f.Quiet}, out: streams.Out, stdin: slices.Contains(args, "-"),
		sent: make(map[string]bool), reported: make(map[findingKey]bool),
	}
	run, err := f.settings(args, &t.console)
	reportErr := t.openReports(run, inputs, streams)
	if t.output == nil {
		return reportErr
	}
	defer t.step.Close() // which may be nil
	defer t.abandon()
	t.protectSettings(run)
	if err = errors.Join(err, reportErr); err == nil {
		err = t.lint(run, args, streams.In)
	}
	err = t.finish(&t.console, err, func(i int) error {
		t.summary.Failures = t.failures
		return t.printers[i].Close(t.summary)
	})
	if err != nil {
		return err
	}
	return t.conclude()
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

// lint checks files and reports on them.
func (t *lintRun) lint(run *settings.Run, args []string, stdin io.Reader) error {
	f := t.Lint
	if len(args) == 0 {
		args = []string{"."}
	}
	usual, err := run.BaselineFile()
	switch {
	case f.Baseline != "" || f.WriteBaseline != "":
	case err != nil:
		return err
	default:
		f.Baseline = usual
	}
	t.known, err = baseline.Read(f.Baseline)
	if err == nil && f.WriteBaseline != "" { // all findings are recorded
		f.Baseline = ""
		t.known, err = baseline.Read("")
	}
	if err != nil {
		return err
	}
	set := files.Set{Excluded: run.Excludes, StdinName: f.StdinFilename, NamedStdin: f.StdinFilename != StdinName}
	defer set.Close()
	collect := set.Collect
	if f.Staged {
		collect = func(args []string) ([]files.Source, error) { return set.Staged(args, f.MaxBytes) }
	}
	sources, err := collect(args)
	if err != nil {
		t.fail(err)
	}
	if f.Since != "" { // even if some argument does not exist
		if sources, err = files.ChangedSince(f.Since, args, sources); err != nil {
			t.fail(err)
		}
	}
	t.checker = check.Checker{
		Settings: run, Stdin: stdin, Reader: input.Reader{Limit: f.MaxBytes, Models: run.Models, Version: run.Target.Version},
		SkipUnknown: f.SkipUnknown, Fix: f.Fix, Unsafe: f.Unsafe, DryRun: f.DryRun,
	}
	for _, arg := range args {
		if f.WriteBaseline != "" && f.Since == "" && !f.Staged && files.IsDirectory(arg) {
			t.walked = append(t.walked, t.root(files.Display(arg)))
		}
	}
	for _, name := range run.Files() {
		if name != usual { // which --write-baseline may replace
			t.protect(name)
		}
	}
	if f.Fix { // before any is checked, because a file may have several names, or be sent by the requests of another
		t.checker.Repairs = repairAll(&t.checker, f.Jobs, files.Groups(sources))
	}
	if err := checkAll(&t.checker, f.Jobs, sources, t.event); err != nil {
		return err
	}
	t.reportSet(&set)
	return t.writeBaseline()
}

// showMinor reports whether reports for people include minor findings.
func (f *Lint) showMinor() bool { return f.Verbose || f.FailOn == patchlint.Info }
