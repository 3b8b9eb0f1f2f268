package main

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/patchlint/patchlint/internal/command"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/settings"
)

// commonFlags are the flags shared by lint, diff and apply that need parsing.
type commonFlags struct{ maxBytes string }

// register registers the flags. Only the help of --quiet and --verbose differs between
// commands.
func (f *commonFlags) register(flags *pflag.FlagSet, into *command.Common, quiet, verbose string) {
	modelFlags(flags, &into.APIVersion, &into.Metadata, "Graph API `VERSION` of payloads without a URL, beta or v1.0; by default the one in the settings or an @odata.context, else beta")
	flags.StringVar(&into.Type, "type", "", "check payloads without a URL as type `NAME`, instead of detecting the type of each")
	flags.StringVar(&into.Config, "config", "", "read the settings in `FILE` instead of the nearest "+settings.Name)
	listVar(flags, &into.Names, "names", "show the names of groups and filters in `FILE`, a saved response, and check ids against it")
	flags.StringVar(&f.maxBytes, "max-bytes", "64MiB", "read documents up to this `SIZE`: bytes, or a number with KB, MB, GB, KiB, MiB or GiB")
	flags.StringVar(&into.Color, "color", "auto", "color the output `WHEN`: auto (on a terminal), always or never")
	flags.BoolVarP(&into.Quiet, "quiet", "q", false, quiet)
	flags.BoolVarP(&into.Verbose, "verbose", "v", false, verbose)
}

// registerPair registers the flags for a command that takes two objects.
func (f *commonFlags) registerPair(flags *pflag.FlagSet, into *command.Common) {
	f.register(flags, into, "suppress warnings and notes", "also print notes that need no attention")
}

// read parses the values of the flags.
func (f *commonFlags) read(cmd *cobra.Command, into *command.Common) (err error) {
	if err = noneEmpty(cmd); err == nil && slices.Contains(into.Names, "") {
		err = command.Usagef("--names needs a value; found an empty one")
	}
	if err == nil && !slices.Contains(command.ColorChoices, into.Color) {
		err = command.Usagef("--color must be one of %s; found %s", strings.Join(command.ColorChoices, ", "), inert.Quote(into.Color))
	}
	if err == nil {
		into.MaxBytes, err = maxBytes(f.maxBytes)
	}
	return err
}

// noneEmpty returns an error if the value of a flag is empty, because it may come from a
// variable that is not set.
func noneEmpty(cmd *cobra.Command) (err error) {
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if flag.Value.Type() == "string" && flag.Value.String() == "" && err == nil {
			err = command.Usagef("--%s needs a value; found an empty one", flag.Name)
		}
	})
	return err
}

// maxBytes parses the value of --max-bytes, a number with an optional unit. Case and the
// B of a unit are optional.
func maxBytes(text string) (int64, error) {
	number := strings.TrimRight(strings.ToLower(text), "kmgib")
	unit := strings.TrimSuffix(strings.ToLower(text)[len(number):], "b")
	units := map[string]int64{"": 1, "k": 1e3, "m": 1e6, "g": 1e9, "ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30}
	n, err := strconv.ParseUint(strings.TrimSuffix(number, " "), 10, 63)
	switch {
	case units[unit] == 0 || errors.Is(err, strconv.ErrSyntax):
		return 0, command.Usagef("--max-bytes must be a number of bytes, or a number with KB, MB, GB, KiB, MiB or GiB, such as 64MiB; found %s", inert.Quote(text))
	case n < 1 || int64(n) > input.MaxLimit/units[unit]:
		return 0, command.Usagef("--max-bytes must be from 1 to %d bytes; found %s", input.MaxLimit, inert.Quote(text))
	}
	return int64(n) * units[unit], nil
}

// modelFlags registers the flags that choose the facts about Graph.
func modelFlags(flags *pflag.FlagSet, apiVersion, metadata *string, usage string) {
	flags.StringVar(apiVersion, "api-version", "", usage)
	flags.StringVar(metadata, "metadata", "", "use the $metadata document in `FILE` instead of the embedded facts")
}

// listVar registers a flag that can be repeated. The list flags of pflag are not used,
// because they encode their default as CSV whenever the program starts.
func listVar[T ~string](flags *pflag.FlagSet, into *[]T, name, usage string) {
	flags.Func(name, usage+" (repeatable)", func(value string) error {
		*into = append(*into, T(value))
		return nil
	})
}

// formatVar registers --format, and its completion. The first name is the default.
func formatVar(cmd *cobra.Command, into *[]command.Format, names []string, usage string) {
	listVar(cmd.Flags(), into, "format", usage+", as `NAME[=FILE]`: "+strings.Join(names, ", "))
	cmd.Flags().Lookup("format").DefValue = names[0]
	_ = cmd.RegisterFlagCompletionFunc("format", func(_ *cobra.Command, _ []string, text string) ([]string, cobra.ShellCompDirective) {
		if strings.Contains(text, "=") {
			return nil, cobra.ShellCompDirectiveDefault
		}
		return names, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	})
}
