package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/patchlint/patchlint/internal/command"
	"github.com/patchlint/patchlint/internal/rulebook"
)

// flagGroups are the headings of flags in help, with the flags of each in order. Other
// flags are listed last.
var flagGroups = []struct {
	title string
	names []string
}{
	{"Payload", []string{"api-version", "type", "metadata", "names", "config"}},
	{"File", []string{"exclude", "skip-unknown", "since", "staged", "stdin-filename", "max-bytes", "jobs"}},
	{"Rule", []string{"rule", "schema", "thorough", "fail-on", "baseline", "write-baseline"}},
	{"Fix", []string{"fix", "unsafe-fixes", "dry-run"}},
	{"Comparison", []string{"base", "prune", "ordered", "ignore", "send", "odata-type", "id"}},
	{"Output", []string{"format", "statistics", "exit-code", "color", "quiet", "verbose"}},
}

// helpWidth is the maximum width of help in columns.
const helpWidth = 80

// setHelp sets the help of a command and its subcommands, wrapped to the width of the
// terminal.
func setHelp(root *cobra.Command) {
	width := func(w io.Writer) int {
		if columns := command.Columns(w); columns > 0 {
			return max(min(columns, helpWidth), 40)
		}
		return helpWidth
	}
	root.SetUsageFunc(func(cmd *cobra.Command) error {
		_, err := io.WriteString(cmd.OutOrStderr(), usage(cmd, width(cmd.OutOrStderr())))
		return err
	})
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		w := cmd.OutOrStdout()
		text := cmd.Long
		if text == "" {
			text = cmd.Short + "."
		}
		fmt.Fprintf(w, "%s\n\n%s", paragraphs(text, width(w)), usage(cmd, width(w)))
	})
}

// usage returns the usage of a command: its form, examples, subcommands and flags.
func usage(cmd *cobra.Command, width int) string {
	var b strings.Builder
	b.WriteString("Usage:\n")
	if cmd.Runnable() && !cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s\n", cmd.UseLine())
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s COMMAND\n", cmd.CommandPath())
	}
	if cmd.HasExample() {
		fmt.Fprintf(&b, "\nExamples:\n%s\n", cmd.Example)
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString("\nCommands:\n")
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() || c.Name() == "help" {
				fmt.Fprintf(&b, "  %-*s  %s\n", cmd.Commands()[0].NamePadding(), c.Name(), c.Short)
			}
		}
	}
	writeFlags(&b, cmd.LocalFlags(), width)
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\nUse \"%s COMMAND --help\" for more information about a command.\n", cmd.CommandPath())
	}
	return b.String()
}

// writeFlags writes the flags under the headings of their groups, aligned as one table.
func writeFlags(b *strings.Builder, flags *pflag.FlagSet, width int) {
	table := pflag.NewFlagSet("", pflag.ContinueOnError)
	table.SortFlags = false
	var titles []string // the heading of each flag in the table
	add := func(title string, f *pflag.Flag) {
		if f != nil && !f.Hidden && table.Lookup(f.Name) == nil {
			table.AddFlag(f)
			titles = append(titles, title)
		}
	}
	for _, group := range flagGroups {
		for _, name := range group.names {
			add(group.title, flags.Lookup(name))
		}
	}
	flags.VisitAll(func(f *pflag.Flag) { add("Other", f) })
	title := ""
	for line := range strings.Lines(table.FlagUsagesWrapped(width)) {
		if strings.HasPrefix(line, "  -") || strings.HasPrefix(line, "      --") { // a flag, not a continuation line
			if titles[0] != title {
				title = titles[0]
				fmt.Fprintf(b, "\n%s flags:\n", title)
			}
			titles = titles[1:]
		}
		b.WriteString(line)
	}
}

// paragraphs wraps the paragraphs of a text to a width, except for indented code.
func paragraphs(text string, width int) string {
	list := strings.Split(strings.TrimSpace(text), "\n\n")
	for i, p := range list {
		if !strings.Contains("\n"+p, "\n\t") && !strings.Contains("\n"+p, "\n ") {
			list[i] = rulebook.Wrap(p, width)
		}
	}
	return strings.Join(list, "\n\n")
}
