// Command patchlint checks payloads for PATCH requests to Microsoft Graph. Run
// patchlint help for its use.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/spelling"
)

// Exit codes, which scripts rely on.
const (
	exitClean    = 0
	exitFindings = 1 // there are findings at or above --fail-on
	exitFailed   = 2 // the job could not be done
)

func main() {
	files.CleanUpOnSignal()
	os.Exit(run(os.Args[1:], stdio{os.Stdin, os.Stdout, os.Stderr}))
}

// stdio are the streams of one run.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

// exitError ends a run with a code. Without an error inside, everything that is
// to be said has been said.
type exitError struct {
	code int
	error
}

func (e exitError) Unwrap() error { return e.error }

// usageError is a mistake in how the command was called.
type usageError struct{ error }

// run runs one command line and returns the exit code.
func run(args []string, streams stdio) int {
	root := newRoot(streams, args)
	command, err := root.ExecuteC()
	if err == nil {
		return exitClean
	}
	code := exitFailed
	var exit exitError
	if errors.As(err, &exit) {
		code, err = exit.code, exit.error
	}
	if errors.Is(err, syscall.EPIPE) { // the reader has gone, as head does
		return 128 + int(syscall.SIGPIPE)
	}
	if err != nil {
		fmt.Fprintf(streams.err, "patchlint: %s\n", patchlintText(err.Error()))
		var usage usageError
		if errors.As(err, &usage) {
			fmt.Fprintf(streams.err, "patchlint: see %s --help\n", command.CommandPath())
		}
	}
	return code
}

// newRoot returns the command.
func newRoot(streams stdio, args []string) *cobra.Command {
	var showVersion bool
	root := &cobra.Command{
		Use:   "patchlint",
		Short: "Check payloads for PATCH requests to Microsoft Graph",
		Long: `patchlint checks the bodies of PATCH requests to Microsoft Graph for compliance
management partners, offline: against the schema of the API version, and for
what a schema cannot say. Every finding has a place, a reason and a remedy.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			var names []string
			for _, c := range cmd.Commands() {
				names = append(names, c.Name())
			}
			if near := spelling.Nearest(args[0], names); near != "" {
				return usageError{fmt.Errorf("no command %s; did you mean %s?", inert.Quote(args[0]), near)}
			}
			return usageError{fmt.Errorf("no command %s", inert.Quote(args[0]))}
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if showVersion {
				return printVersion(streams)
			}
			return cmd.Help()
		},
	}
	root.Flags().BoolVar(&showVersion, "version", false, "print the version, and the dates of the metadata that it knows")
	root.SetIn(streams.in)
	root.SetOut(streams.out)
	root.SetErr(streams.err)
	root.SetFlagErrorFunc(flagError)
	root.CompletionOptions.HiddenDefaultCmd = false
	root.SetArgs(args)
	root.AddCommand(newLint(streams), newDiff(streams), newApply(streams), newRules(streams), newSchema(streams), newLSP(streams), newVersion(streams))
	root.InitDefaultHelpCmd()
	if help, _, err := root.Find([]string{"help"}); err == nil && help != root {
		help.Args = func(_ *cobra.Command, args []string) error {
			switch named, rest, err := root.Find(args); {
			case err != nil:
				return root.Args(root, args)
			case len(rest) > 0 && named.HasSubCommands():
				return root.Args(root, rest)
			}
			return nil
		}
	}
	root.InitDefaultCompletionCmd(args...)
	if completion, _, err := root.Find([]string{"completion"}); err == nil && completion != root {
		completion.Args = func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("unknown shell %s; must be one of bash, fish, powershell and zsh", inert.Quote(args[0]))}
			}
			return nil
		}
		completion.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	}
	return root
}

// flagError adds the nearest flag to pflag's words for an unknown one.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if near := spelling.Nearest(unknown.GetSpecifiedName(), names); near != "" {
			return usageError{fmt.Errorf("%w; did you mean --%s?", err, near)}
		}
	}
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "bool" {
		return usageError{fmt.Errorf("--%s must be true or false; found %s", invalid.GetFlag().Name, inert.Quote(invalid.GetValue()))}
	}
	return usageError{err}
}

// noArgs is cobra.NoArgs with the mistake marked as one.
func noArgs(cmd *cobra.Command, args []string) error {
	if err := cobra.NoArgs(cmd, args); err != nil {
		return usageError{err}
	}
	return nil
}
