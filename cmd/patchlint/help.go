package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagGroups are the headings of flags in help, with the flags of each in order.
var flagGroups = []struct {
	title string
	names []string
}{
	{"Payload", []string{"api-version", "type", "metadata", "names", "config", "id"}},
	{"File", []string{"exclude", "skip-unknown", "since", "staged", "stdin-filename", "max-bytes", "jobs"}},
	{"Rule", []string{"rule", "schema", "thorough", "fail-on", "baseline", "write-baseline"}},
	{"Fix", []string{"fix", "unsafe-fixes", "dry-run"}},
	{"Comparison", []string{"base", "prune", "ordered", "ignore", "send", "odata-type"}},
	{"Output", []string{"format", "statistics", "exit-code", "color", "quiet", "verbose"}},
	{"Other", []string{"help", "version", "stdio"}},
}

// helpWidth is the maximum width of help in columns.
const helpWidth = 80

// setHelp sets the help of a command and its subcommands.
func setHelp(root *cobra.Command) {
	root.SetUsageFunc(func(cmd *cobra.Command) error {
		_, err := io.WriteString(cmd.OutOrStderr(), usage(cmd))
		return err
	})
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		text := cmp.Or(cmd.Long, cmd.Short+".")
		fmt.Fprintf(cmd.OutOrStdout(), "%s\n\n", strings.TrimSpace(text))
		_ = cmd.Usage()
	})
}

// usage returns the usage of a command: its form, examples, subcommands and flags.
func usage(cmd *cobra.Command) string {
	var b strings.Builder
	b.WriteString("Usage:\n")
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s COMMAND\n", cmd.CommandPath())
	} else {
		fmt.Fprintf(&b, "  %s\n", strings.TrimSuffix(cmd.UseLine(), " [flags]"))
	}
	fmt.Fprintf(&b, "\nExamples:\n%s\n", cmd.Example)
	if cmd.HasAvailableSubCommands() {
		b.WriteString("\nCommands:\n")
		for _, c := range cmd.Commands() {
			fmt.Fprintf(&b, "  %-*s  %s\n", c.NamePadding(), c.Name(), c.Short)
		}
	}
	for _, group := range flagGroups {
		list := pflag.NewFlagSet("", pflag.ContinueOnError)
		list.SortFlags = false
		for _, name := range group.names {
			if f := cmd.LocalFlags().Lookup(name); f != nil {
				list.AddFlag(f)
			}
		}
		if list.HasFlags() {
			fmt.Fprintf(&b, "\n%s flags:\n%s", group.title, list.FlagUsagesWrapped(helpWidth))
		}
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\nUse \"%s COMMAND --help\" for more information about a command.\n", cmd.CommandPath())
	}
	return b.String()
}
