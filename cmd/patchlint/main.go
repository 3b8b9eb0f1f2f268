// Command patchlint checks payloads for PATCH requests to Microsoft Graph. Run patchlint
// help for usage.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/patchlint/patchlint/internal/command"
)

func main() {
	os.Exit(run(os.Args[1:], stdio{os.Stdin, os.Stdout, os.Stderr}))
}

type stdio command.Streams

// run runs a command line and returns the exit code.
func run(args []string, streams stdio) int {
	called, err := newRoot(streams, args).ExecuteC()
	var exit command.Exit
	var usage command.UsageError
	switch {
	case err == nil:
		return int(command.Clean)
	case errors.Is(err, syscall.EPIPE): // the reader has exited, like head
		return 128 + int(syscall.SIGPIPE)
	case errors.As(err, &exit):
		return int(exit)
	}
	command.Say(streams.Err, err.Error())
	if errors.As(err, &usage) {
		fmt.Fprintf(streams.Err, "patchlint: see %s --help\n", strings.TrimSuffix(called.CommandPath(), " help"))
	}
	return int(command.Failed)
}

func newRoot(streams stdio, args []string) *cobra.Command {
	root := &cobra.Command{
		Use:   "patchlint",
		Short: "Check payloads for PATCH requests to Microsoft Graph",
		Long: `patchlint checks JSON payloads, such as those for Microsoft Intune, before you
PATCH them to Microsoft Graph, and computes the smallest body that makes a
change. It works offline and knows every published type of Graph v1.0 and beta.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Example: `  patchlint lint partner.json
  patchlint diff --format text current.json desired.json
  patchlint rules unknown-property`,
		Args: subcommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if version, _ := cmd.Flags().GetBool("version"); version {
				return printVersion(streams)
			}
			return cmd.Help()
		},
	}
	root.Flags().Bool("version", false, "print the version and the date of the embedded facts")
	root.SetOut(streams.Out)
	root.SetErr(streams.Err)
	root.SetFlagErrorFunc(flagError)
	root.SetArgs(args)
	root.AddCommand(newLint(streams), newDiff(streams), newApply(streams), newRules(streams), newSchema(streams), newLSP(streams), newCompletion(streams), newVersion(streams))
	root.CompletionOptions.DisableDefaultCmd = true
	setHelp(root)
	root.InitDefaultHelpCmd()
	help, _, _ := root.Find([]string{"help"})
	help.Use, help.Short, help.Long = "help [COMMAND]", "Explain a command", "help explains a command or, without one, lists all commands."
	help.Example = "  patchlint help lint\n  patchlint help schema print"
	help.Args = func(_ *cobra.Command, args []string) error {
		if named, rest, _ := root.Find(args); named.HasSubCommands() {
			return subcommand(named, rest)
		}
		return nil
	}
	if called, _, _ := root.Find(args); called == root { // it may be a request for completions
		registerCompletions(root)
	}
	return root
}

// subcommand rejects arguments of a command that only has subcommands.
func subcommand(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return unknownCommand(cmd, args)
	}
	return nil
}

// exactly requires n arguments, which what describes.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return command.Usagef("%s takes %s%s", cmd.Name(), []string{"no arguments", "one argument: ", "two arguments: "}[n], what)
		}
		return nil
	}
}
