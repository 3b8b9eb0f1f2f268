package main

import (
	"runtime"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/patchlint/patchlint/internal/command"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/settings"
)

func newLint(streams stdio) *cobra.Command {
	f := lintFlags{Lint: command.Lint{Version: version}}
	cmd := &cobra.Command{
		Use:   "lint [flags] [path ...]",
		Short: "Check payload files",
		Long: `lint checks payload files. A path is a file, a directory, a pattern ("**"
matches any number of directories) or "-" for standard input; the default is the
current directory. lint searches directories for payload files and respects
.gitignore there. It skips and counts files of unknown type that it finds;
naming such a file is an error.

Exit codes: 0 nothing found at or above --fail-on, 1 something found, 2 the
check could not be completed.`,
		Example: `  patchlint lint partner.json
  patchlint lint --fail-on warning payloads/
  patchlint lint --rule placeholder-value=error 'payloads/**/*.json'
  git show HEAD:partner.json | patchlint lint --stdin-filename partner.json -`,
		SuggestFor:        []string{"check", "validate", "verify", "test", "fix", "format", "fmt", "run"},
		ValidArgsFunction: payloadFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.Mistake = f.read(cmd, args)
			return f.Run(args, command.Streams(streams))
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	f.register(flags, &f.Common, "print one line for each finding, and only notes about what is not checked", "also list minor findings, and what was done with each file")
	listVar(flags, &f.Exclude, "exclude", "skip files that match `PATTERN`, even if named")
	flags.BoolVar(&f.SkipUnknown, "skip-unknown", false, "skip files of unknown type, even if named")
	flags.StringVar(&f.Since, "since", "", "check only files changed since the merge base with `REV`, including uncommitted changes")
	flags.BoolVar(&f.Staged, "staged", false, "check only staged files, with their staged content")
	flags.StringVar(&f.StdinFilename, "stdin-filename", files.StdinName, "use this `NAME` for standard input; its extension determines the format")
	flags.StringVar(&f.jobs, "jobs", strconv.Itoa(runtime.GOMAXPROCS(0)), "check this `NUMBER` of files in parallel")
	listVar(flags, &f.Rules, "rule", "set the severity of a rule, as `ID=LEVEL`: error, warning, info or off")
	listVar(flags, &f.Schemas, "schema", "also check every payload with your own JSON Schema in `FILE`")
	flags.BoolVar(&f.Thorough, "thorough", false, "also validate with the embedded JSON Schemas, which takes far longer and should find nothing more")
	flags.StringVar(&f.failOn, "fail-on", "error", "exit 1 for findings of this `SEVERITY` or above: error, warning or info")
	flags.StringVar(&f.Baseline, "baseline", "", "ignore the findings that `FILE` records")
	flags.StringVar(&f.WriteBaseline, "write-baseline", "", "record all findings in `FILE`, for --baseline")
	flags.BoolVar(&f.Fix, "fix", false, "apply safe fixes to the files, and report what remains")
	flags.BoolVar(&f.Unsafe, "unsafe-fixes", false, "with --fix, also apply fixes that may change what a payload means")
	flags.BoolVar(&f.DryRun, "dry-run", false, "with --fix, print the changes as a unified diff instead of making them")
	formatVar(cmd, &f.Formats, report.FormatNames(), "how to report")
	flags.BoolVar(&f.Statistics, "statistics", false, "in the text report, count the findings by rule instead of listing them")
	return cmd
}

type lintFlags struct {
	commonFlags
	command.Lint
	jobs, failOn string
}

// read parses the values of the flags and checks their combinations.
func (f *lintFlags) read(cmd *cobra.Command, args []string) error {
	if err := f.commonFlags.read(cmd, &f.Common); err != nil {
		return err
	}
	failOn, known := settings.ParseSeverity(f.failOn)
	jobs, err := strconv.Atoi(f.jobs)
	f.FailOn, f.Jobs = failOn, jobs
	stdin := slices.Contains(args, "-")
	forStdout := func(format command.Format) bool {
		name, file := format.Cut()
		return name != "text" && file == "-"
	}
	switch {
	case err != nil || jobs < 1:
		return command.Usagef("--jobs must be a whole number of at least 1; found %s", inert.Quote(f.jobs))
	case !known:
		return command.Usagef("--fail-on must be one of error, warning, info; found %s", inert.Quote(f.failOn))
	case f.Unsafe && !f.Fix:
		return command.Usagef("--unsafe-fixes needs --fix")
	case f.DryRun && !f.Fix:
		return command.Usagef("--dry-run needs --fix")
	case f.DryRun && slices.ContainsFunc(f.Formats, forStdout):
		return command.Usagef("--dry-run prints the changes instead of a report; write the report to a file with --format NAME=FILE")
	case f.StdinFilename != files.StdinName && !stdin:
		return command.Usagef(`--stdin-filename needs the path "-", which means standard input`)
	case f.Since != "" && stdin:
		return command.Usagef("--since selects files, so it cannot be used with standard input")
	case f.Staged && f.Fix:
		return command.Usagef("--fix changes files, but --staged checks what is staged in git; use one of the two")
	case f.Staged && f.Since != "":
		return command.Usagef("--since and --staged both select files; use one of the two")
	case f.Staged && stdin:
		return command.Usagef("--staged selects files, so it cannot be used with standard input")
	case slices.Contains(f.Schemas, ""):
		return command.Usagef("--schema needs a value; found an empty one")
	}
	return nil
}
