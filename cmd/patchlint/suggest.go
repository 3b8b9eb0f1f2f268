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

// unknownCommand returns the error for an unknown command, with the command that was
// probably meant.
func unknownCommand(cmd *cobra.Command, args []string) error {
	var names []string
	means := make(map[string]string)
	for _, c := range cmd.Commands() {
		for _, name := range append(c.SuggestFor, c.Name()) {
			names = append(names, name)
			means[name] = c.CommandPath()
		}
	}
	meant := means[spelling.Nearest(args[0], names)]
	_, payload := input.ForName(args[0])
	if _, err := os.Stat(args[0]); !cmd.HasParent() && (payload || err == nil) {
		meant = "patchlint lint"
	}
	if meant == "" {
		return command.Usagef("unknown command %s", inert.Quote(args[0]))
	}
	return command.Usagef(`unknown command %s; did you mean "%s"?`, inert.Quote(args[0]), meant)
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

// otherFlags are flags of other programs, with those that do the same here.
var otherFlags = map[string]string{
	"no-color": "--color never", "json": "--format json", "sarif": "--format sarif",
}

// unknownFlag returns the error for an unknown flag, with the flag that was probably
// meant.
func unknownFlag(cmd *cobra.Command, unknown *pflag.NotExistError) error {
	name, short := unknown.GetSpecifiedName(), unknown.GetSpecifiedShortnames()
	text := "unknown flag --" + name
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	near, meant := spelling.Nearest(name, names), ""
	if short != "" { // "-format" is read as several flags of one letter
		text, near = "unknown flag -"+name, ""
		if slices.Contains(names, short) {
			text, near = "unknown flag -"+short, short
		}
	}
	other, _, _ := strings.Cut(strings.TrimPrefix(otherFlags[name], "--"), " ")
	switch {
	case near != "":
		meant = "--" + near
	case slices.Contains(names, other):
		meant = otherFlags[name]
	default:
		for _, c := range cmd.Commands() { // "patchlint --fix FILE"
			if c.Flags().Lookup(name) != nil {
				meant = "patchlint " + c.Name() + " --" + name
			}
		}
	}
	if meant == "" {
		return command.Usagef("%s", text)
	}
	return command.Usagef("%s; did you mean %s?", text, meant)
}
