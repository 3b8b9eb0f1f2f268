package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

type lintFlags struct {
	apiVersion, typeName string
	config               string
	baseline             string
	writeBaseline        string
	formats              []string
	color                string
	quiet, verbose       bool
	rules                []string
	failOn               string
	stdinFilename        string
	exclude              []string
	skipUnknown          bool
	maxBytes             int64
	jobs                 int
	fix, unsafe, dryRun  bool
}

func newLint(streams stdio) *cobra.Command {
	var f lintFlags
	cmd := &cobra.Command{
		Use:   "lint [flags] [path ...]",
		Short: "Check payload files",
		Long: `lint checks payload files. A path is a file, a directory, a pattern ("**" matches
any directories) or "-" for standard input; without one the current directory is
read. Directories are walked for payload files, .gitignore is obeyed there, and
files that show no known type are passed over and counted.

Exit codes: 0 nothing found at or above --fail-on, 1 something found, 2 the job
could not be done.`,
		Example: `  patchlint lint partner.json
  patchlint lint --fail-on warning payloads/
  patchlint lint --rule placeholder-value=error 'payloads/**/*.json'
  Get-Content partner.json | patchlint lint --stdin-filename partner.json -`,
		RunE: func(_ *cobra.Command, args []string) error { return lint(f, args, streams) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.apiVersion, "api-version", "", "the Graph API version the payloads are for: beta (the default) or v1.0")
	flags.StringVar(&f.typeName, "type", "", "the type of every payload; without it each shows its own")
	flags.StringVar(&f.config, "config", "", "the settings `file`; without it the nearest "+configName+" up to the root of the repository")
	flags.StringArrayVar(&f.rules, "rule", nil, "set a rule's severity, as `ID=error|warning|info|off` (repeatable)")
	flags.StringVar(&f.failOn, "fail-on", "error", "exit 1 at findings of this severity or above: error, warning or info")
	flags.StringVar(&f.baseline, "baseline", "", "pass over the findings that a `file` records")
	flags.StringVar(&f.writeBaseline, "write-baseline", "", "record all findings in a `file`, to be passed over from now on")
	flags.BoolVar(&f.fix, "fix", false, "apply the safe fixes to the files; the report is about what remains")
	flags.BoolVar(&f.unsafe, "unsafe-fixes", false, "with --fix, also apply those that change what a payload means")
	flags.BoolVar(&f.dryRun, "dry-run", false, "with --fix, print the change as a unified diff and leave the files alone")
	flags.StringArrayVar(&f.exclude, "exclude", nil, "pass over files that a `pattern` matches, also named ones (repeatable)")
	flags.BoolVar(&f.skipUnknown, "skip-unknown", false, "pass over files that show no known type, also named ones")
	flags.StringVar(&f.stdinFilename, "stdin-filename", "<stdin>", "what to call standard input; its extension tells the format")
	flags.StringArrayVar(&f.formats, "format", []string{"text"}, "how to report, as `NAME[=FILE]`: "+strings.Join(report.Names(), ", ")+" (repeatable)")
	flags.StringVar(&f.color, "color", "auto", "colours: auto, always or never")
	flags.Int64Var(&f.maxBytes, "max-bytes", 64<<20, "the largest document that is read, in bytes")
	flags.IntVar(&f.jobs, "jobs", runtime.GOMAXPROCS(0), "how many files are checked at once")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "one line for each finding, and no notes")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "say on standard error what became of every file")
	return cmd
}

// severity reads one of the names that --rule and --fail-on take.
func severity(name string) (patchlint.Severity, bool) {
	for _, s := range patchlint.Severities() {
		if s.String() == name {
			return s, true
		}
	}
	return 0, false
}

// settings joins the flags with the config.
func (f *lintFlags) settings() (*linters, error) {
	c, err := findConfig(f.config)
	if err != nil {
		return nil, err
	}
	if f.apiVersion == "" {
		f.apiVersion = string(cmp.Or(c.apiVersion, schema.Beta))
	}
	l := &linters{config: c, base: validate.Linter{Version: schema.Version(f.apiVersion), Type: f.typeName}, flags: make(map[string]patchlint.Severity)}
	if _, err := l.base.Resource(); err != nil {
		return nil, usageError{err}
	}
	for _, value := range f.rules {
		id, level, _ := strings.Cut(value, "=")
		if validate.Lookup(id) == nil {
			if near := patchlint.Nearest(id, ruleIDs()); near != "" {
				return nil, usageError{fmt.Errorf("--rule: no rule %s; did you mean %s?", patchlint.Quote(id), near)}
			}
			return nil, usageError{fmt.Errorf("--rule: no rule %s; patchlint rules lists them", patchlint.Quote(id))}
		}
		s, err := setting(id, level)
		if err != nil {
			return nil, usageError{fmt.Errorf("--rule: %w", err)}
		}
		l.flags[id] = s
	}
	return l, nil
}

// outcome is what became of one file.
type outcome struct {
	source  source
	linter  *validate.Linter
	doc     *patchlint.Document
	found   []patchlint.Diagnostic
	typ     string // the type it was checked as, "" when it shows none
	skipped bool
	err     error
	fixes   int    // made, or to be made
	change  []byte // what --dry-run prints, or the fixed standard input
}

func lint(f lintFlags, args []string, streams stdio) error {
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
func (f *lintFlags) run(linters *linters, args []string, streams stdio, reports *reports) error {
	failOn, ok := severity(f.failOn)
	if !ok {
		return usageError{fmt.Errorf("--fail-on takes error, warning or info, not %s", patchlint.Quote(f.failOn))}
	}
	if f.jobs < 1 || f.maxBytes < 1 || f.maxBytes > patchlint.MaxSize {
		return usageError{fmt.Errorf("--jobs takes a number from 1, and --max-bytes one from 1 to %d", patchlint.MaxSize)}
	}
	if (f.unsafe || f.dryRun) && !f.fix {
		return usageError{errors.New("--unsafe-fixes and --dry-run go with --fix")}
	}
	note, complain := reports.note, reports.complain
	if len(args) == 0 {
		args = []string{"."}
	}
	if f.writeBaseline == "" && f.baseline == "" && linters.baseline != "" {
		f.baseline = filepath.Join(linters.dir, filepath.FromSlash(linters.baseline))
	}
	known, err := readBaseline(f.baseline)
	if err != nil {
		return err
	}
	files := collector{exclude: f.exclude, config: linters.config, stdin: f.stdinFilename, note: note}
	sources, err := files.collect(args)
	if err != nil {
		var usage usageError
		if errors.As(err, &usage) {
			return err
		}
		complain(err)
	}

	summary, roots := &reports.summary, reports.roots
	progress := newProgress(streams.err, len(sources), f.quiet)
	worst := patchlint.Severity(0)
	together := validate.Run{}
	for o := range inOrder(sources, f.jobs, linters.of, func(s source, l *validate.Linter) outcome {
		return f.check(linters.config, l, s, streams.in)
	}) {
		progress.step()
		switch {
		case o.err != nil:
			progress.clear()
			complain(o.err)
			continue
		case o.skipped:
			summary.Skipped++
			if f.verbose {
				progress.clear()
				note("skipped %s: it shows no known type", o.source.name)
			}
			continue
		}
		summary.Files++
		summary.Fixed += o.fixes
		if len(o.change) > 0 {
			if _, err := streams.out.Write(o.change); err != nil {
				return fmt.Errorf("cannot write the result: %w", err)
			}
		}
		together.Linter = o.linter
		if more := together.Add(o.source.name, o.doc); len(more) > 0 {
			o.found = append(o.found, more...)
			patchlint.SortDiagnostics(o.found)
		}
		file := &report.File{Name: o.source.name, Root: roots.of(o.source), Document: o.doc, Findings: o.found}
		if f.writeBaseline != "" {
			known.record(file)
		} else {
			var passed int
			file.Findings, passed = known.pass(file)
			summary.Suppressed += passed
		}
		summary.Add(file.Findings)
		for _, d := range file.Findings {
			worst = max(worst, d.Severity)
		}
		if f.verbose {
			progress.clear()
			note("checked %s: %s", o.source.name, o.typ)
		}
		if f.writeBaseline != "" {
			file.Findings = nil // they are passed over from now on
		}
		if len(file.Findings) > 0 {
			progress.clear()
		}
		if err := reports.file(file); err != nil {
			return err
		}
	}
	progress.clear()
	if f.writeBaseline != "" && len(summary.Failures) == 0 {
		if err := known.write(f.writeBaseline); err != nil {
			return err
		}
	}
	if err := reports.finish(); err != nil {
		return err
	}
	if len(summary.Failures) > 0 && f.writeBaseline != "" {
		return exitError{code: exitFailed}
	}
	if f.writeBaseline != "" {
		note("%s recorded in %s", count(len(known.Findings), "finding", "findings"), display(f.writeBaseline))
		return nil
	}
	note("%s", sentence(*summary, f.dryRun))
	if n := known.stale(); n > 0 {
		note("%s of %s no longer found; --write-baseline writes it anew", count(n, "finding", "findings"), display(f.baseline))
	}
	switch {
	case len(summary.Failures) > 0:
		return exitError{code: exitFailed}
	case worst >= failOn:
		return exitError{code: exitFindings}
	}
	return nil
}

// check reads and lints one file.
func (f *lintFlags) check(c *config, linter *validate.Linter, s source, stdin io.Reader) outcome {
	o := outcome{source: s, linter: linter}
	src, whole, err := read(s.path, f.maxBytes, stdin)
	if err != nil {
		o.err = err
		return o
	}
	if whole {
		format, _ := input.ForName(s.name)
		o.doc, _ = patchlint.Parse(src, format.Dialect) // its error is among the faults
	} else {
		o.doc = patchlint.TooLarge(src, f.maxBytes)
	}
	resource, _ := linter.Resource() // asked once before
	if resource == nil {
		model, _ := schema.Open(linter.Version)
		if name := c.typeOf(s.path); name != "" {
			resource, o.err = model.Resource(name)
			if o.err != nil {
				return o
			}
		} else {
			resource = model.DetectDocument(o.doc)
		}
	}
	if resource == nil && (s.found || f.skipUnknown) {
		o.skipped = true
		return o
	}
	o.typ = "of no known type"
	if resource != nil {
		o.typ = resource.Type.Short()
	}
	if f.fix && whole {
		if o.err = f.repair(linter, &o, src, resource); o.err != nil {
			return o
		}
	}
	o.found = linter.LintAs(o.doc, resource)
	return o
}

// repair applies fixes to one payload, and to its file unless there is to be
// none.
func (f *lintFlags) repair(linter *validate.Linter, o *outcome, src []byte, resource *schema.Resource) error {
	format, _ := input.ForName(o.source.name)
	fixed, made, doc := linter.Fix(src, format.Dialect, resource, f.unsafe)
	switch {
	case f.dryRun && made > 0:
		change := string(unified(o.source.name, src, fixed))
		o.change = []byte(validate.Mask(o.doc, validate.Secrets(o.doc), change))
		o.fixes = made
		o.doc = doc
	case f.dryRun:
	case o.source.path == "-":
		o.change, o.fixes, o.doc = fixed, made, doc
	case made > 0:
		if err := replaceFile(o.source.path, fixed); err != nil {
			return err
		}
		o.fixes, o.doc = made, doc
	}
	return nil
}

// sentence says what a run did.
func sentence(s report.Summary, dryRun bool) string {
	if s.Files == 0 {
		switch s.Skipped {
		case 0:
			return "nothing was checked: there is no payload file"
		default:
			return fmt.Sprintf("nothing was checked: %s no known type", count(s.Skipped, "file shows", "files show"))
		}
	}
	text := count(s.Files, "file", "files") + " checked"
	if s.Skipped > 0 {
		text += fmt.Sprintf(", %d skipped (no known type)", s.Skipped)
	}
	if s.Fixed > 0 {
		text += ", " + count(s.Fixed, "fix", "fixes")
		if dryRun {
			text += " to make"
		} else {
			text += " made"
		}
	}
	if s.Suppressed > 0 {
		text += fmt.Sprintf(", %d of the baseline passed over", s.Suppressed)
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
			found = append(found, count(part.n, part.one, part.many))
		}
	}
	return text + ": " + strings.Join(found, ", ")
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// rootNames finds the path of a file from the root of its repository, for
// fingerprints and for services that know the repository; outside of one, the
// path as it is shown. It holds that of each directory; "" for none, and "." for
// the root.
type rootNames map[string]string

func (r rootNames) of(s source) string {
	absolute, err := filepath.Abs(s.path)
	if s.path == "-" || err != nil {
		return s.name
	}
	dir, file := filepath.Split(absolute)
	fromRoot, known := r[dir]
	if !known {
		fromRoot = fromRepository(filepath.Clean(dir))
		r[dir] = fromRoot
	}
	if fromRoot == "" {
		return s.name
	}
	return path.Join(fromRoot, file)
}

// fromRepository returns the path of a directory from the root of its
// repository, "" where it is in none. Links on the way are followed as long as
// they stay in the repository: git knows the files behind them by that path.
func fromRepository(dir string) string {
	root := repositoryRoot(dir)
	if root == "" {
		return ""
	}
	relative, err := filepath.Rel(root, dir)
	if err != nil {
		return ""
	}
	realRoot, rootErr := filepath.EvalSymlinks(root)
	realDir, dirErr := filepath.EvalSymlinks(dir)
	if rootErr == nil && dirErr == nil {
		if behind, err := filepath.Rel(realRoot, realDir); err == nil && filepath.IsLocal(behind) {
			relative = behind
		}
	}
	return filepath.ToSlash(relative)
}

// inOrder applies work to every source, several at once, and yields the
// results in the order of the sources. Only a few are ever held.
func inOrder(sources []source, jobs int, linter func(path string) *validate.Linter, work func(source, *validate.Linter) outcome) func(yield func(outcome) bool) {
	return func(yield func(outcome) bool) {
		if jobs == 1 || len(sources) < 2 {
			for _, s := range sources {
				if !yield(work(s, linter(s.path))) {
					return
				}
			}
			return
		}
		stop := make(chan struct{})
		defer close(stop)
		jobs = min(jobs, len(sources))
		slots := make(chan chan outcome, 4*jobs)
		tokens := make(chan struct{}, jobs)
		go func() {
			defer close(slots)
			for _, s := range sources {
				slot := make(chan outcome, 1)
				select {
				case slots <- slot:
				case <-stop:
					return
				}
				select {
				case tokens <- struct{}{}:
				case <-stop:
					return
				}
				l := linter(s.path)
				go func() {
					slot <- work(s, l)
					<-tokens
				}()
			}
		}()
		for slot := range slots {
			if !yield(<-slot) {
				return
			}
		}
	}
}
