package main

import (
	"errors"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/patchlint/patchlint/internal/command"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/spelling"
)

// unknownCommand returns the error for an unknown command, with the command or subcommand
// that was probably meant.
func unknownCommand(cmd *cobra.Command, args []string) error {
	var names []string
	means := make(map[string]string)
	commands := cmd.Commands()
	for _, c := range cmd.Commands() {
		commands = slices.Concat(c.Commands(), commands)
	}
	for _, c := range commands {
		for _, name := range append(c.SuggestFor, c.Name()) {
			names = append(names, name)
			means[name] = c.CommandPath()
		}
	}
	name, meant := inert.Quote(args[0]), means[spelling.Nearest(args[0], names)]
	_, payload := input.ForName(args[0])
	_, err := os.Stat(args[0])
	switch file := payload || err == nil || args[0] == "-"; {
	case file && !cmd.HasParent() && len(args) == 2:
		return command.Usagef("unknown command %s; to check files, run %s, and to compare two of them, %s", name, call("patchlint lint", args), call("patchlint diff", args))
	case file && !cmd.HasParent():
		return command.Usagef("unknown command %s; did you mean %s?", name, call("patchlint lint", args))
	case meant != "":
		return command.Usagef("unknown command %s; did you mean %s?", name, call(meant, args[1:]))
	}
	return command.Usagef("unknown command %s", name)
}

// call returns a command line in quotes, for a message. It omits the arguments if one of
// them needs quoting.
func call(path string, args []string) string {
	if strings.ContainsAny(strings.Join(args, ""), " \t\r\n\"'`$&|;<>()[]{}*?!#^") {
		args = []string{"..."}
	}
	return inert.Quote(strings.Join(append([]string{path}, args...), " "))
}

// flagError returns an error that names the invalid flag and its valid values.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var missing *pflag.ValueRequiredError
	switch {
	case errors.As(err, &unknown):
		return unknownFlag(cmd, unknown)
	case errors.As(err, &missing):
		_, usage := pflag.UnquoteUsage(missing.GetFlag())
		return command.Usagef("--%s needs a value: %s", missing.GetFlag().Name, usage)
	case errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "bool":
		return command.Usagef("--%s must be true or false; found %s", invalid.GetFlag().Name, inert.Quote(invalid.GetValue()))
	}
	return command.Usagef("%w", err)
}

// unknownFlag returns the error for an unknown flag, with the flag that was probably
// meant.
func unknownFlag(cmd *cobra.Command, unknown *pflag.NotExistError) error {
	name, short := unknown.GetSpecifiedName(), unknown.GetSpecifiedShortnames()
	text := "unknown flag --" + name
	if short != "" {
		text = "unknown flag -" + name
	}
	forOutput := slices.Contains([]string{"o", "output", "out", "output-file", "outfile", "out-file", "report"}, name) // in other programs
	var names, formats, meant []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if complete, ok := cmd.GetFlagCompletionFunc("format"); ok {
		formats, _ = complete(cmd, nil, "")
	}
	switch {
	case forOutput && len(formats) > 0 && cmd.Flags().Lookup("format").Value.Type() == "func": // it can be NAME=FILE
		return command.Usagef("%s; to write to a file, use --format %s=FILE, or redirect standard output with > FILE", text, formats[0])
	case forOutput:
		return command.Usagef("%s; to write to a file, redirect standard output with > FILE", text)
	case slices.Contains(formats, name):
		meant = []string{"--format " + name}
	case strings.HasPrefix(name, "no-colo") && slices.Contains(names, "color"):
		meant = []string{"--color never"}
	case slices.Contains(names, short):
		text, meant = "unknown flag -"+short, []string{"--" + short}
	case short == "" && spelling.Nearest(name, names) != "":
		meant = []string{"--" + spelling.Nearest(name, names)}
	default:
		for _, c := range cmd.Commands() { // "patchlint --fix FILE"
			if c.Flags().Lookup(name) != nil {
				meant = append(meant, "patchlint "+c.Name()+" --"+name)
			}
		}
	}
	if len(meant) == 0 {
		return command.Usagef("%s", text)
	}
	return command.Usagef("%s; did you mean %s?", text, strings.Join(meant, " or "))
}
