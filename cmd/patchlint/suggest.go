package main

import (
	"errors"
	"fmt"
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

// unknownCommand returns the error for an unknown command, with the command that was
// probably meant.
func unknownCommand(cmd *cobra.Command, args []string) error {
	text := "unknown command " + inert.Quote(args[0])
	var names []string
	means := make(map[string]string)
	for _, c := range cmd.Commands() {
		for _, name := range append(c.SuggestFor, c.Name()) {
			names = append(names, name)
			means[name] = c.Name()
		}
	}
	meant, rest := means[spelling.Nearest(args[0], names)], args[1:]
	_, payload := input.ForName(args[0])
	_, err := os.Stat(args[0])
	if file := payload || err == nil || args[0] == "-"; file && !cmd.HasParent() {
		meant, rest = "lint", args
		if len(args) == 2 {
			text += "; to check files, run " + call("lint", args) + ", and to compare two of them, " + call("diff", args)
			return command.Usagef("%s", text)
		}
	}
	if meant == "" {
		return command.Usagef("%s", text)
	}
	return command.Usagef("%s; did you mean %s?", text, call(strings.TrimPrefix(cmd.CommandPath()+" "+meant, "patchlint "), rest))
}

// call returns a command line in quotes, for a message. It omits the arguments if one
// of them needs quoting or escaping.
func call(name string, args []string) string {
	text := "patchlint " + name
	for _, arg := range args {
		if inert.Show(arg) != arg || len(arg) > 60 || strings.ContainsAny(arg, " \t\"'`$\\|&;<>()*?[]{}!#~") || arg == "" {
			return inert.Quote(text + " ...")
		}
		text += " " + arg
	}
	return `"` + text + `"`
}

// flagError returns an error that names the invalid flag and its valid values.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var missing *pflag.ValueRequiredError
	switch {
	case errors.As(err, &unknown):
		return command.Usagef("%w", unknownFlag(cmd, unknown))
	case errors.As(err, &missing):
		_, usage := pflag.UnquoteUsage(missing.GetFlag())
		return command.Usagef("--%s needs a value: %s", missing.GetFlag().Name, usage)
	case errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "bool":
		return command.Usagef("--%s must be true or false; found %s", invalid.GetFlag().Name, inert.Quote(invalid.GetValue()))
	}
	return command.Usagef("%w", err)
}

// outputFlags are common names, in other programs, of a flag for the output file.
var outputFlags = []string{"o", "output", "out", "output-file", "outfile", "out-file", "report"}

// unknownFlag returns the error for an unknown flag, with the flag that was probably
// meant.
func unknownFlag(cmd *cobra.Command, unknown *pflag.NotExistError) error {
	name, text := unknown.GetSpecifiedName(), ""
	if unknown.GetSpecifiedShortnames() != "" {
		text = "unknown flag -" + name
	} else {
		text = "unknown flag --" + name
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	format := cmd.Flags().Lookup("format")
	var formats []string
	if complete, ok := cmd.GetFlagCompletionFunc("format"); ok && format != nil {
		formats, _ = complete(cmd, nil, "")
	}
	switch {
	case slices.Contains(outputFlags, name) && format != nil && format.Value.Type() == "list":
		return fmt.Errorf("%s; to write to a file, use --format %s=FILE, or redirect standard output with > FILE", text, format.DefValue)
	case slices.Contains(outputFlags, name):
		return fmt.Errorf("%s; to write to a file, redirect standard output with > FILE", text)
	case slices.Contains(formats, name):
		return fmt.Errorf("%s; did you mean --format %s?", text, name)
	case strings.HasPrefix(name, "no-colo") && slices.Contains(names, "color"):
		return fmt.Errorf("%s; did you mean --color never?", text)
	case slices.Contains(names, unknown.GetSpecifiedShortnames()):
		return fmt.Errorf("unknown flag -%[1]s; did you mean --%[1]s?", unknown.GetSpecifiedShortnames())
	case unknown.GetSpecifiedShortnames() != "":
		names = slices.DeleteFunc(names, func(long string) bool { return !strings.HasPrefix(long, name) })
		if len(names) == 0 {
			return errors.New(text)
		}
		return fmt.Errorf("%s; did you mean --%s?", text, strings.Join(names, " or --"))
	}
	if near := spelling.Nearest(name, names); near != "" {
		return fmt.Errorf("%s; did you mean --%s?", text, near)
	}
	var owners []string // "patchlint --fix FILE"
	for _, c := range cmd.Commands() {
		if c.Flags().Lookup(name) != nil {
			owners = append(owners, "patchlint "+c.Name()+" --"+name)
		}
	}
	if len(owners) == 0 {
		return errors.New(text)
	}
	return fmt.Errorf("%s; did you mean %s?", text, strings.Join(owners, " or "))
}
