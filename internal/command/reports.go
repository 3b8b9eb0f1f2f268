package command

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/settings"
	"github.com/patchlint/patchlint/internal/spelling"
	"github.com/patchlint/patchlint/schema"
)

// reports are the reports of a run of lint. Each becomes a complete document, even if
// the run fails.
type reports struct {
	*output
	*console
	printers []report.Printer // of the parts
	summary  report.Summary
	root     func(name string) string // the path of a file in its repository
	step     *os.File                 // the GITHUB_STEP_SUMMARY file, or nil
	finished bool
}

// openReports opens the reports that the flags select. Unless --format is invalid it
// returns reports even with an error, to include the error.
func openReports(f *Lint, linters *settings.Linters, args, inputs []string, streams Streams, console *console) (*reports, error) {
	// With --fix, standard output has the fixed text of standard input, so the report
	// goes to standard error. With --dry-run it has the change, and a report would
	// refer to positions in a text that is in no file.
	reportTo := streams.Out
	switch {
	case f.DryRun:
		reportTo = io.Discard
	case f.Fix && slices.Contains(args, "-"):
		reportTo = streams.Err
	}
	out, err := openOutput(f.Formats, report.FormatNames(), inputs, reportTo)
	if _, usage := errors.AsType[UsageError](err); usage {
		return nil, err
	}
	failures := []error{err}
	color, err := useColor(f.Color, reportTo)
	failures = append(failures, err)
	if f.Statistics && !slices.ContainsFunc(out.parts, (*part).forPeople) {
		// Reports in other formats list all findings and no statistics.
		out.parts = append(out.parts, &part{Writer: bufio.NewWriter(streams.Err), format: "text"})
	}
	version := schema.Version(f.APIVersion)
	if linters != nil {
		version = linters.Target.Version
	}
	var roots files.RootNames
	root := func(name string) string {
		if slices.Contains(args, "-") && name == StdinName {
			return name
		}
		return roots.Of(name)
	}
	r := &reports{output: out, console: console, root: root}
	options := report.Options{
		Tool:  report.Tool{Name: "patchlint", Version: f.Version, APIVersion: string(cmp.Or(version, schema.Beta))},
		Brief: f.Quiet, NoMinor: !f.showMinor(), Statistics: f.Statistics, FailOn: f.FailOn, Note: func(text string) { r.note("%s", text) }, Root: root,
	}
	for _, part := range out.parts {
		options := options
		if part.file == nil {
			options.Color, options.Width = color, Columns(reportTo)
		}
		if name := os.Getenv("GITHUB_STEP_SUMMARY"); part.format == "github" && name != "" && !f.DryRun && r.step == nil {
			if r.step, options.SummaryUsed, err = openStepSummary(name); err == nil {
				options.Summary = r.step
			}
			failures = append(failures, err)
		}
		printer, err := report.New(part.format, part, options)
		failures = append(failures, err)
		r.printers = append(r.printers, printer)
	}
	return r, errors.Join(failures...)
}

// openStepSummary opens the summary file of a GitHub Actions step, and returns its size.
func openStepSummary(name string) (f *os.File, used int, err error) {
	f, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return nil, 0, fmt.Errorf("GITHUB_STEP_SUMMARY: %w", files.Plain(err))
	}
	if info, err := f.Stat(); err == nil {
		used = int(min(info.Size(), 1<<30))
	}
	return f, used, nil
}

// printFile reports on a payload. A report that cannot be written does not affect the
// others; the error means that none can be written.
func (r *reports) printFile(f *report.File) error {
	writing := false
	for i, part := range r.parts {
		if part.err == nil {
			part.err = r.printers[i].File(f)
		}
		writing = writing || part.err == nil
	}
	if !writing {
		return r.finish()
	}
	return nil
}

func (r *reports) finish() error {
	r.finished = true
	return r.output.finish(func(i int) error {
		r.summary.Failures = r.failures
		return r.printers[i].Close(r.summary)
	}, r.addFailure)
}

// finishWith adds an error of the run to the reports and finishes them, unless they are
// finished.
func (r *reports) finishWith(err error) error {
	if err == nil || r.finished {
		return err
	}
	r.addFailure(err)
	return errors.Join(err, r.finish())
}

func (r *reports) abandon() {
	r.output.abandon()
	if r.step != nil {
		_ = r.step.Close()
	}
}

// Format is a value of --format: NAME, or NAME=FILE.
type Format string

// Cut returns the name of the format, and the file to write, "-" for standard output.
func (f Format) Cut() (name, file string) {
	name, file, named := strings.Cut(string(f), "=")
	if !named {
		file = "-"
	}
	return name, file
}

// output is where the reports of a run are written. A file gets its name only when it
// is complete.
type output struct{ parts []*part }

// part is the report in one format.
type part struct {
	*bufio.Writer
	format string
	name   string            // of the file, "-" for standard output
	file   *files.AtomicFile // nil for standard output
	err    error             // why the report cannot or must not be written
}

// openOutput opens the outputs of --format; without values, that of the first format.
// None may be one of the inputs. If a file cannot be opened, it returns the other outputs
// with the error. A UsageError comes with an empty output.
func openOutput(values []Format, formats, inputs []string, stdout io.Writer) (*output, error) {
	if len(values) == 0 {
		values = []Format{Format(formats[0])}
	}
	var parts []*part
	for _, value := range values {
		format, file := value.Cut()
		if isOutput(file, stdout) {
			file = "-"
		}
		if !slices.Contains(formats, format) {
			if near := spelling.Nearest(format, formats); near != "" {
				return new(output), Usagef("--format: unknown format %s; did you mean %s?", inert.Quote(format), near)
			}
			return new(output), Usagef("--format: unknown format %s; must be one of %s", inert.Quote(format), strings.Join(formats, ", "))
		}
		if file == "" {
			return new(output), Usagef("--format %s= needs the name of a file after the equals sign", format)
		}
		if err := checkOverwrite(file, inputs); err != nil {
			return new(output), err
		}
		if i := slices.IndexFunc(parts, func(p *part) bool { return sameOutput(p.name, file) }); i >= 0 && file != "-" {
			return new(output), Usagef("--format: %s and %s cannot both go to %s", parts[i].format, format, file)
		} else if i >= 0 {
			return new(output), Usagef("--format: %s and %s cannot both go to standard output; write one to a file, as %s=FILE", parts[i].format, format, format)
		}
		parts = append(parts, &part{format: format, name: file})
	}
	o := new(output)
	var failures []error
	for _, p := range parts {
		w := stdout
		if p.name != "-" {
			var err error
			if p.file, err = files.Create(p.name); err != nil {
				failures = append(failures, fmt.Errorf("--format %s: %w", p.format, err))
				continue
			}
			w = p.file
		}
		p.Writer = bufio.NewWriterSize(w, 64<<10)
		o.parts = append(o.parts, p)
	}
	return o, errors.Join(failures...)
}

// isOutput reports whether a regular file is where standard output goes, as /dev/stdout may
// be. A report that takes its place would lose what was written before and comes after.
func isOutput(file string, stdout io.Writer) bool {
	if f, ok := stdout.(*os.File); ok {
		named, err := os.Stat(file)
		info, outErr := f.Stat()
		return err == nil && outErr == nil && named.Mode().IsRegular() && os.SameFile(named, info)
	}
	return false
}

// sameOutput reports whether two names are of the same output; "-" is standard output.
func sameOutput(a, b string) bool {
	return a == b || a != "-" && b != "-" && files.Target(a) == files.Target(b)
}

// checkOverwrite returns an error if an output file is also an input.
func checkOverwrite(output string, inputs []string) error {
	written, err := os.Stat(output)
	if err != nil || !written.Mode().IsRegular() {
		return nil
	}
	for _, input := range inputs {
		if read, err := os.Stat(input); err == nil && os.SameFile(read, written) {
			return Usagef("a report or baseline would overwrite %s, which is an input", files.Display(input))
		}
	}
	return nil
}

// forPeople reports whether the report is for people.
func (p *part) forPeople() bool { return p.format == "text" }

// protect cancels a report that would replace an input file.
func (o *output) protect(read string) {
	for _, p := range o.parts {
		if p.file != nil && p.err == nil && p.file.Replaces(read) {
			p.err = fmt.Errorf("it would take the place of %s, which was read", files.Display(read))
		}
	}
}

// finish closes all reports and gives the files their names, even if some fail. It
// calls failed with each error before it closes the report on standard output, which
// can then include them.
func (o *output) finish(closeReport func(i int) error, failed func(error)) error {
	var failures []error
	for _, files := range []bool{true, false} {
		for i, p := range o.parts {
			if (p.file != nil) != files {
				continue
			}
			if p.err == nil {
				p.err = closeReport(i)
			}
			if err := p.end(); err != nil {
				err = fmt.Errorf("cannot write the report: %w", err)
				failures = append(failures, err)
				failed(err)
			}
		}
	}
	return errors.Join(failures...)
}

// end flushes a report and gives the file its name, unless there was an error.
func (p *part) end() error {
	err := p.err
	if flushErr := p.Flush(); err == nil {
		err = flushErr
	}
	if p.file == nil {
		return err
	}
	return p.file.Finish(err)
}

// abandon removes the files that are not finished.
func (o *output) abandon() {
	for _, p := range o.parts {
		if p.file != nil {
			p.file.Abandon()
		}
	}
}
