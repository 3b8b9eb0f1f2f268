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

	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/inert"
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
		Example: `  patchlint lint partner.json
  patchlint diff --format text current.json desired.json
  patchlint rules unknown-property`,
		Args: subcommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if showVersion {
				return printVersion(streams)
			}
			return cmd.Help()
		},
	}
	root.Flags().BoolVar(&showVersion, "version", false, "print the version and the date of the embedded facts")
	root.SetIn(streams.in)
	root.SetOut(streams.out)
	root.SetErr(streams.err)
	root.SetFlagErrorFunc(flagError)
	root.CompletionOptions.HiddenDefaultCmd = false
	root.SetArgs(args)
	root.AddCommand(newLint(streams), newDiff(streams), newApply(streams), newRules(streams), newSchema(streams), newLSP(streams), newVersion(streams))
	setHelp(root)
	root.InitDefaultHelpCmd()
	if help, _, err := root.Find([]string{"help"}); err == nil && help != root {
		help.Example = "  patchlint help lint"
		help.Args = func(_ *cobra.Command, args []string) error {
			switch named, rest, err := root.Find(args); {
			case err != nil:
				return unknownCommand(root, args)
			case len(rest) > 0 && named.HasSubCommands():
				return unknownCommand(named, rest)
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
		completion.Example = "  source <(patchlint completion bash)"
		for shell, example := range map[string]string{
			"bash": "source <(patchlint completion bash)", "zsh": "source <(patchlint completion zsh)",
			"fish": "patchlint completion fish | source", "powershell": "patchlint completion powershell | Out-String | Invoke-Expression",
		} {
			if c, _, err := completion.Find([]string{shell}); err == nil {
				c.Example = "  " + example
			}
		}
	}
	complete(root)
	return root
}

// subcommand refuses arguments of a command that only has commands below it.
func subcommand(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return unknownCommand(cmd, args)
	}
	return nil
}

// noArgs is cobra.NoArgs with the mistake marked as one.
func noArgs(cmd *cobra.Command, args []string) error {
	if err := cobra.NoArgs(cmd, args); err != nil {
		return usageError{err}
	}
	return nil
}
