package command

import (
	"errors"
	"iter"
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
	console := &console{w: streams.Err, quiet: f.Quiet}
	linters, err := f.settings(console)
	reports, reportErr := openReports(f, linters, args, inputs, streams, console)
	if reports == nil {
		return reportErr
	}
	defer reports.abandon()
	reports.protectSettings(linters)
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
	excludes, err := f.excludes(linters, args)
	if err != nil {
		return err
	}
	known, usual, err := f.readBaseline(linters)
	if err != nil {
		return err
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
	for _, arg := range args {
		if f.WriteBaseline != "" && f.Since == "" && !f.Staged && files.IsDirectory(arg) {
			t.walked = append(t.walked, t.root(files.Display(arg)))
		}
	}
	for _, name := range linters.Files() {
		if name != usual { // which --write-baseline may replace
			t.protect(name)
		}
	}
	if f.Fix {
		list := slices.Collect(sources)
		t.fix(list, f.Jobs)
		sources = slices.Values(list)
	}
	if err := checkAll(&t.checker, f.Jobs, sources, t.event); err != nil {
		return err
	}
	reports.reportSet(&set)
	for _, err := range set.Failures {
		reports.fail(err)
	}
	return t.conclude()
}

// excludes returns a function that reports whether the flags or settings exclude a file or
// directory.
func (f *Lint) excludes(linters *settings.Linters, args []string) (func(name string, dir bool) bool, error) {
	relative := !slices.ContainsFunc(append([]string{f.StdinFilename}, args...), files.Rooted)
	var patterns []files.Pattern
	for _, text := range f.Exclude {
		p, err := files.ParsePattern(text, relative)
		if err != nil {
			return nil, Usagef("--exclude: pattern %s %w", inert.Quote(text), err)
		}
		patterns = append(patterns, p)
	}
	return func(name string, dir bool) bool {
		return slices.ContainsFunc(patterns, func(p files.Pattern) bool { return p.Match(files.Display(name), dir) }) || linters.Excludes(name, dir)
	}, nil
}

// readBaseline reads the baseline that the flags or settings name, and sets f.Baseline to
// its name; usual is the one of the settings. With --write-baseline the baseline is empty,
// because all findings are recorded.
func (f *Lint) readBaseline(linters *settings.Linters) (known *baseline.Baseline, usual string, err error) {
	usual, err = linters.BaselineFile()
	if f.Baseline == "" && f.WriteBaseline == "" {
		if err != nil {
			return nil, usual, err
		}
		f.Baseline = usual
	}
	known, err = baseline.Read(f.Baseline)
	if err == nil && f.WriteBaseline != "" {
		f.Baseline = ""
		known, err = baseline.Read("")
	}
	return known, usual, err
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
