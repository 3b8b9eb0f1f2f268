package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/patchlint/patchlint/internal/command"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/settings"
)

// commonFlags are the flags shared by lint, diff and apply that need parsing.
type commonFlags struct{ maxBytes string }

// register registers the flags. Only the help of --quiet and --verbose differs between
// commands.
func (f *commonFlags) register(flags *pflag.FlagSet, into *command.Common, quiet, verbose string) {
	flags.StringVar(&into.APIVersion, "api-version", "", "Graph API `VERSION` of the payloads: beta (default) or v1.0")
	flags.StringVar(&into.Type, "type", "", "check every payload as the type `NAME`; without it each shows its own")
	flags.StringVar(&into.Metadata, "metadata", "", metadataUsage)
	flags.StringVar(&into.Config, "config", "", "read the settings in `FILE` instead of the nearest "+settings.Name)
	listVar(flags, &into.Names, "names", nil, "show the names of groups and filters in `FILE`, a saved response, and check ids against it (repeatable)")
	flags.StringVar(&f.maxBytes, "max-bytes", "64MiB", "read documents up to this `SIZE`: bytes, or a number with KB, MB, GB, KiB, MiB or GiB")
	flags.StringVar(&into.Color, "color", "auto", "color the output `WHEN`: auto (on a terminal), always or never")
	flags.BoolVarP(&into.Quiet, "quiet", "q", false, quiet)
	flags.BoolVarP(&into.Verbose, "verbose", "v", false, verbose)
}

// registerPair registers the flags for a command that takes two objects.
func (f *commonFlags) registerPair(flags *pflag.FlagSet, into *command.Common) {
	f.register(flags, into, "print no warnings and no notes", "also say what needs no attention")
}

// read parses the values of the flags. An empty value is an error, because it may come
// from a variable that is not set.
func (f *commonFlags) read(cmd *cobra.Command, into *command.Common) (err error) {
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if flag.Value.Type() == "string" && flag.Value.String() == "" && err == nil {
			err = command.Usagef("--%s needs a value; found an empty one", flag.Name)
		}
	})
	into.MaxBytes = input.DefaultLimit
	if err == nil && cmd.Flags().Changed("max-bytes") {
		into.MaxBytes, err = maxBytes(f.maxBytes)
	}
	return err
}

const metadataUsage = "use the $metadata document in `FILE` instead of the embedded facts"

// list is the value of a flag that can be repeated. The first value replaces the
// default. The list flags of pflag are not used, because they encode their default as
// CSV whenever the program starts.
type list struct {
	values *[]string
	given  bool
}

// listVar registers a flag that can be repeated.
func listVar(flags *pflag.FlagSet, into *[]string, name string, values []string, usage string) {
	*into = values
	flags.Var(&list{values: into}, name, usage)
}

func (l *list) Set(value string) error {
	if !l.given {
		*l.values, l.given = nil, true
	}
	*l.values = append(*l.values, value)
	return nil
}

// Type distinguishes the flag from one that takes the last value.
func (l *list) Type() string { return "list" }

// String returns the default for help.
func (l *list) String() string { return strings.Join(*l.values, ",") }
