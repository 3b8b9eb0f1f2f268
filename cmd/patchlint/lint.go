package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
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
	flags.StringVar(&f.apiVersion, "api-version", string(schema.Beta), "the Graph API version the payloads are for: beta or v1.0")
	flags.StringVar(&f.typeName, "type", "", "the type of every payload; without it each shows its own")
	flags.StringArrayVar(&f.rules, "rule", nil, "set a rule's severity, as `ID=error|warning|info|off` (repeatable)")
	flags.StringVar(&f.failOn, "fail-on", "error", "exit 1 at findings of this severity or above: error, warning or info")
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

// linter makes the Linter that the flags ask for.
func (f *lintFlags) linter() (*validate.Linter, error) {
	l := &validate.Linter{
		Version: schema.Version(f.apiVersion), Type: f.typeName,
		Rules: validate.Rules(), Severities: make(map[string]patchlint.Severity),
	}
	if _, err := l.Resource(); err != nil {
		return nil, usageError{err}
	}
	var ids []string
	for _, r := range l.Rules {
		ids = append(ids, r.ID)
	}
	for _, setting := range f.rules {
		id, level, _ := strings.Cut(setting, "=")
		if validate.Lookup(id) == nil {
			if near := patchlint.Nearest(id, ids); near != "" {
				return nil, usageError{fmt.Errorf("--rule: no rule %s; did you mean %s?", patchlint.Quote(id), near)}
			}
			return nil, usageError{fmt.Errorf("--rule: no rule %s; patchlint rules lists them", patchlint.Quote(id))}
		}
		s, ok := severity(level)
		switch {
		case ok:
			l.Severities[id] = s
			if validate.Lookup(id) != nil && !slices.ContainsFunc(l.Rules, func(r *validate.Rule) bool { return r.ID == id }) {
				l.Rules = append(slices.Clone(l.Rules), validate.Lookup(id))
			}
		case level == "off" && (id == "json-syntax" || id == "json-limit"):
			return nil, usageError{fmt.Errorf("--rule: %s cannot be off: a file that cannot be read must not pass", id)}
		case level == "off":
			l.Rules = slices.DeleteFunc(slices.Clone(l.Rules), func(r *validate.Rule) bool { return r.ID == id })
		default:
			return nil, usageError{fmt.Errorf("--rule %s takes error, warning, info or off, not %s", id, patchlint.Quote(level))}
		}
	}
	return l, nil
}

// outcome is what became of one file.
type outcome struct {
	source  source
	doc     *patchlint.Document
	found   []patchlint.Diagnostic
	typ     string // the type it was checked as, "" when it shows none
	skipped bool
	err     error
}

func lint(f lintFlags, args []string, streams stdio) error {
	linter, err := f.linter()
	if err != nil {
		return err
	}
	failOn, ok := severity(f.failOn)
	if !ok {
		return usageError{fmt.Errorf("--fail-on takes error, warning or info, not %s", patchlint.Quote(f.failOn))}
	}
	if f.jobs < 1 || f.maxBytes < 1 || f.maxBytes > patchlint.MaxSize {
		return usageError{fmt.Errorf("--jobs takes a number from 1, and --max-bytes one from 1 to %d", patchlint.MaxSize)}
	}
	color, err := useColor(f.color, streams.out)
	if err != nil {
		return err
	}
	out, err := openOutput(f.formats, report.Names(), streams.out)
	if err != nil {
		return err
	}
	defer out.abandon()
	printers := make([]report.Printer, len(out.parts))
	for i, part := range out.parts {
		printers[i], err = report.New(part.format, part, report.Options{
			Tool:  report.Tool{Name: "patchlint", Version: version, APIVersion: f.apiVersion},
			Color: color && part.file == nil, Brief: f.quiet,
		})
		if err != nil {
			return usageError{fmt.Errorf("--format: %w", err)}
		}
	}
	note := func(format string, args ...any) {
		if !f.quiet {
			fmt.Fprintf(streams.err, "patchlint: %s\n", patchlintText(fmt.Sprintf(format, args...)))
		}
	}
	complain := func(err error) { fmt.Fprintf(streams.err, "patchlint: %s\n", patchlintText(err.Error())) }

	if len(args) == 0 {
		args = []string{"."}
	}
	files := collector{exclude: f.exclude, stdin: f.stdinFilename, note: note}
	sources, err := files.collect(args)
	failed := false
	if err != nil {
		var usage usageError
		if errors.As(err, &usage) {
			return err
		}
		failed = true
		complain(err)
	}

	roots := rootNames{}
	progress := newProgress(streams.err, len(sources), f.quiet)
	var summary report.Summary
	worst := patchlint.Severity(0)
	together := validate.Run{Linter: linter}
	for o := range inOrder(sources, f.jobs, func(s source) outcome { return f.check(linter, s, streams.in) }) {
		progress.step()
		switch {
		case o.err != nil:
			progress.clear()
			complain(o.err)
			failed = true
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
		if more := together.Add(o.source.name, o.doc); len(more) > 0 {
			o.found = append(o.found, more...)
			patchlint.SortDiagnostics(o.found)
		}
		summary.Add(o.found)
		for _, d := range o.found {
			worst = max(worst, d.Severity)
		}
		if f.verbose {
			progress.clear()
			note("checked %s: %s", o.source.name, o.typ)
		}
		if len(o.found) == 0 {
			continue
		}
		progress.clear()
		file := &report.File{Name: o.source.name, Root: roots.of(o.source), Document: o.doc, Findings: o.found}
		for _, printer := range printers {
			if err := printer.File(file); err != nil {
				return fmt.Errorf("cannot write the report: %w", err)
			}
		}
	}
	progress.clear()
	for _, printer := range printers {
		if err := printer.Close(summary); err != nil {
			return fmt.Errorf("cannot write the report: %w", err)
		}
	}
	if err := out.commit(); err != nil {
		return fmt.Errorf("cannot write the report: %w", err)
	}
	note("%s", sentence(summary))
	switch {
	case failed:
		return exitError{code: exitFailed}
	case worst >= failOn:
		return exitError{code: exitFindings}
	}
	return nil
}

// check reads and lints one file.
func (f *lintFlags) check(linter *validate.Linter, s source, stdin io.Reader) outcome {
	o := outcome{source: s}
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
		if o.doc.Whole() {
			resource = model.Detect(o.doc.Root())
		} else {
			resource = model.DetectBroken(o.doc)
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
	o.found = linter.LintAs(o.doc, resource)
	return o
}

// sentence says what a run did.
func sentence(s report.Summary) string {
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
// fingerprints; outside of one, the path as it is shown.
type rootNames map[string]string // directory -> root, "" for none

func (r rootNames) of(s source) string {
	absolute, err := filepath.Abs(s.path)
	if s.path == "-" || err != nil {
		return s.name
	}
	dir := filepath.Dir(absolute)
	root, known := r[dir]
	if !known {
		root = repositoryRoot(dir)
		r[dir] = root
	}
	if root == "" {
		return s.name
	}
	relative, err := filepath.Rel(root, absolute)
	if err != nil {
		return s.name
	}
	return filepath.ToSlash(relative)
}

// inOrder applies work to every source, several at once, and yields the
// results in the order of the sources. Only a few are ever held.
func inOrder(sources []source, jobs int, work func(source) outcome) func(yield func(outcome) bool) {
	return func(yield func(outcome) bool) {
		if jobs == 1 || len(sources) < 2 {
			for _, s := range sources {
				if !yield(work(s)) {
					return
				}
			}
			return
		}
		stop := make(chan struct{})
		defer close(stop)
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
				go func() {
					slot <- work(s)
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
