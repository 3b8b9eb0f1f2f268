package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/patchlint/patchlint/internal/command"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/settings"
)

// commonFlags are the flags of lint, diff and apply alike.
type commonFlags struct{ maxBytes string }

// register registers the flags. Their help says the same for every command, except
// for what --quiet and --verbose do.
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

// registerPair registers the flags for a command that is about two objects.
func (f *commonFlags) registerPair(flags *pflag.FlagSet, into *command.Common) {
	f.register(flags, into, "print no warnings and no notes", "also say what needs no attention")
}

// read reads the values of the flags, and returns what is wrong with these. An empty
// value is a mistake, such as a variable that is not set.
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

// list is the value of a flag that can be given several times. The first replaces the
// default. (That of pflag writes CSV for its default, at the start of every run.)
type list struct {
	values *[]string
	given  bool
}

// listVar registers such a flag.
func listVar(flags *pflag.FlagSet, into *[]string, name string, values []string, usage string) {
	*into = values
	flags.Var(&list{values: into}, name, usage)
}

// Set adds a value.
func (l *list) Set(value string) error {
	if !l.given {
		*l.values, l.given = nil, true
	}
	*l.values = append(*l.values, value)
	return nil
}

// Type tells such a flag from one that takes the last value.
func (l *list) Type() string { return "list" }

// String shows the default in help.
func (l *list) String() string { return strings.Join(*l.values, ",") }
