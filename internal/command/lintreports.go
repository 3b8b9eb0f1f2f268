package command

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/settings"
	"github.com/patchlint/patchlint/schema"
)

// openReports opens the reports that the flags select. Each becomes a complete document,
// even if the run fails. Unless --format is invalid it opens reports even with an error, to
// include the error.
func (t *lintRun) openReports(run *settings.Run, args, inputs []string, streams Streams) error {
	// With --fix, standard output has the fixed text of standard input, so the report
	// goes to standard error. With --dry-run it has the change, and a report would
	// refer to positions in a text that is in no file.
	reportTo := streams.Out
	switch {
	case t.DryRun:
		reportTo = io.Discard
	case t.Fix && slices.Contains(args, "-"):
		reportTo = streams.Err
	}
	for _, format := range t.Formats {
		if _, file := format.Cut(); file != "-" && reportTo != streams.Out && isOutput(file, streams.Out) {
			return Usagef("--format %s: standard output is for the output of --fix; write the report to a file", format)
		}
	}
	reports, err := openOutput[*report.File, report.Summary](t.Formats, report.FormatNames(), inputs, reportTo)
	if t.reports = reports; reports == nil {
		return err
	}
	failures := []error{err}
	if t.Statistics && !reports.forPeople() {
		// Reports in other formats list all findings and no statistics.
		reports.parts = append(reports.parts, &part[*report.File, report.Summary]{Writer: bufio.NewWriter(streams.Err), format: "text"})
	}
	version := schema.Version(t.APIVersion)
	if run != nil {
		version = run.Target.Version
	}
	t.options = report.Options{
		Version: t.Version, APIVersion: cmp.Or(version, schema.Beta),
		Brief: t.Quiet, NoMinor: !t.Verbose && t.FailOn != patchlint.Info, Statistics: t.Statistics, FailOn: t.FailOn, Note: func(text string) { t.note("%s", text) }, Root: t.roots.Of,
	}
	summarized := false
	for _, part := range reports.parts {
		options := t.options
		if part.file == nil {
			options.Color, options.Width = useColor(t.Color, reportTo), columns(reportTo)
		}
		if name := os.Getenv("GITHUB_STEP_SUMMARY"); part.format == "github" && name != "" && !t.DryRun && !summarized {
			if part.step, options.SummaryUsed, err = openStepSummary(name); err == nil {
				options.Summary, summarized = part.step, true
			}
			failures = append(failures, err)
		}
		part.printer = report.New(part.format, part, options)
	}
	return errors.Join(failures...)
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
