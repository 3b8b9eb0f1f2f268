package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/schema"
)

// reports are the reports of one run of lint. Whatever happens once there are
// any, each becomes a whole document that says so.
type reports struct {
	*output
	console
	printers []report.Printer // of the parts; nil for one that cannot be written
	broken   []error          // why
	summary  report.Summary
	roots    files.RootNames
	step     *os.File // the summary of a GitHub step; nil for none
	finished bool
}

// openReports opens what the flags ask for. Beside an error that is not a mistake
// in --format there are reports to tell it.
func openReports(f lintFlags, args []string, streams stdio) (*reports, error) {
	// The result of --fix on standard input is the fixed text, so the report goes
	// to standard error. That of --dry-run is the change: places of a text that
	// is in no file would only mislead.
	reportTo := streams.out
	switch {
	case f.dryRun:
		reportTo = io.Discard
	case f.fix && slices.Contains(args, "-"):
		reportTo = streams.err
	}
	out, err := openOutput(f.formats, report.Names(), reportTo)
	var usage usageError
	if errors.As(err, &usage) {
		return nil, err
	}
	failures := []error{err}
	color, err := useColor(f.color, reportTo)
	failures = append(failures, err)

	r := &reports{output: out, roots: files.RootNames{}, console: console{w: streams.err, terse: f.quiet}, broken: make([]error, len(out.parts))}
	failOn, _ := patchlint.ParseSeverity(f.failOn) // run says what is wrong with it
	options := report.Options{
		Tool:  report.Tool{Name: "patchlint", Version: version, APIVersion: cmp.Or(f.apiVersion, string(schema.Beta))},
		Brief: f.quiet, NoMinor: !f.all(), Statistics: f.statistics, FailOn: failOn, Note: func(text string) { r.note("%s", text) },
		Root: func(name string) string {
			if slices.Contains(args, "-") && name == filepath.ToSlash(f.stdinFilename) {
				return name
			}
			return r.roots.Of(name, name)
		},
	}
	if text := func(p *part) bool { return p.format == "text" }; f.statistics && !slices.ContainsFunc(out.parts, text) {
		// The reports of machine formats have all findings.
		out.parts = append(out.parts, &part{Writer: bufio.NewWriter(streams.err), format: "text"})
		r.broken = append(r.broken, nil)
	}
	for _, part := range out.parts {
		options := options
		if part.toStdout() {
			options.Color, options.Width = color, columns(reportTo)
		}
		if name := os.Getenv("GITHUB_STEP_SUMMARY"); part.format == "github" && name != "" && !f.dryRun && r.step == nil {
			used := 0
			r.step, used, err = openStepSummary(name)
			if err == nil {
				options.Summary, options.SummaryUsed = r.step, used
			}
			failures = append(failures, err)
		}
		printer, err := report.New(part.format, part, options)
		failures = append(failures, err)
		r.printers = append(r.printers, printer)
	}
	return r, errors.Join(failures...)
}

// openStepSummary opens the file in which a step of a GitHub job collects its
// summary, and says how long it is already.
func openStepSummary(name string) (f *os.File, used int, err error) {
	f, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return nil, 0, fmt.Errorf("GITHUB_STEP_SUMMARY: %w", files.Plain(err))
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, 0, fmt.Errorf("GITHUB_STEP_SUMMARY: %w", files.Plain(err))
	}
	return f, int(min(info.Size(), 1<<30)), nil
}

// file reports of one payload. A report that cannot be written does not keep the
// others from being written; the error says that there is none left.
func (r *reports) file(f *report.File) error {
	writing := false
	for i, printer := range r.printers {
		if r.broken[i] == nil {
			r.broken[i] = printer.File(f)
			writing = writing || r.broken[i] == nil
		}
	}
	if !writing {
		return r.finish()
	}
	return nil
}

// finish ends every report, that on standard output last: it says what became of
// those in files.
func (r *reports) finish() error {
	r.finished = true
	var failures []error
	for _, files := range []bool{true, false} {
		for i, part := range r.parts {
			if (part.name != "") != files {
				continue
			}
			err := r.broken[i]
			if err == nil {
				r.summary.Failures = r.failures
				err = r.printers[i].Close(r.summary)
			}
			if err = part.end(err); err != nil {
				err = fmt.Errorf("cannot write the report: %w", err)
				failures = append(failures, err)
				r.failed(err)
			}
		}
	}
	return errors.Join(failures...)
}

// settle has the reports tell an error that kept a run from its end.
func (r *reports) settle(err error) error {
	if err == nil || r.finished {
		return err
	}
	r.failed(err)
	return errors.Join(err, r.finish())
}

func (r *reports) abandon() {
	r.output.abandon()
	if r.step != nil {
		_ = r.step.Close()
	}
}
