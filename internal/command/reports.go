package command

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/settings"
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
}

// openReports opens the reports that the flags select. Unless --format is invalid it
// returns reports even with an error, to include the error.
func openReports(f *Lint, run *settings.Run, args, inputs []string, streams Streams, console *console) (*reports, error) {
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
	for _, format := range f.Formats {
		if _, file := format.Cut(); file != "-" && reportTo != streams.Out && isOutput(file, streams.Out) {
			return nil, Usagef("--format %s: standard output is for the output of --fix; write the report to a file", format)
		}
	}
	out, err := openOutput(f.Formats, report.FormatNames(), inputs, reportTo)
	if out == nil {
		return nil, err
	}
	failures := []error{err}
	if f.Statistics && !slices.ContainsFunc(out.parts, (*part).forPeople) {
		// Reports in other formats list all findings and no statistics.
		out.parts = append(out.parts, &part{Writer: bufio.NewWriter(streams.Err), format: "text"})
	}
	version := schema.Version(f.APIVersion)
	if run != nil {
		version = run.Target.Version
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
			options.Color, options.Width = useColor(f.Color, reportTo), columns(reportTo)
		}
		if name := os.Getenv("GITHUB_STEP_SUMMARY"); part.format == "github" && name != "" && !f.DryRun && r.step == nil {
			if r.step, options.SummaryUsed, err = openStepSummary(name); err == nil {
				options.Summary = r.step
			}
			failures = append(failures, err)
		}
		r.printers = append(r.printers, report.New(part.format, part, options))
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

// printFile reports on a payload.
func (r *reports) printFile(f *report.File) error {
	return r.print(func(i int) error { return r.printers[i].Print(f) })
}

// finish finishes the reports after a run with or without an error.
func (r *reports) finish(err error) error {
	return r.output.finish(r.console, err, func(i int) error {
		r.summary.Failures = r.failures
		return r.printers[i].Close(r.summary)
	})
}

func (r *reports) abandon() {
	r.output.abandon()
	if r.step != nil {
		_ = r.step.Close()
	}
}
