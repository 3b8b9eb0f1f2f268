package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/patchlint/patchlint/internal/settings"
)

// commonFlags are the flags of lint, diff and apply alike.
type commonFlags struct {
	apiVersion, typeName string
	config               string
	metadata             string
	names                []string // files
	color                string
	quiet, verbose       bool
	maxBytesText         string
	maxBytes             int64
	empty                string // a flag that was given the empty value, "" for none
}

// register registers the flags. Their help says the same for every command, except
// for what --quiet and --verbose do.
func (f *commonFlags) register(flags *pflag.FlagSet, quiet, verbose string) {
	flags.StringVar(&f.apiVersion, "api-version", "", "Graph API `VERSION` of the payloads: beta (default) or v1.0")
	flags.StringVar(&f.typeName, "type", "", "check every payload as the type `NAME`; without it each shows its own")
	flags.StringVar(&f.config, "config", "", "read the settings in `FILE` instead of the nearest "+settings.Name)
	flags.StringVar(&f.metadata, "metadata", "", metadataUsage)
	flags.StringArrayVar(&f.names, "names", nil, "show the names of groups and filters in `FILE`, a saved response, and check ids against it (repeatable)")
	flags.StringVar(&f.maxBytesText, "max-bytes", "64MiB", "read documents up to this `SIZE`: bytes, or a number with KB, MB, GB, KiB, MiB or GiB")
	flags.StringVar(&f.color, "color", "auto", "color the output `WHEN`: auto (on a terminal), always or never")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, quiet)
	flags.BoolVarP(&f.verbose, "verbose", "v", false, verbose)
}

// openSettings reads the settings.
func (f *commonFlags) openSettings() (*settings.Run, error) {
	run, err := settings.Open(f.config)
	if f.config != "" && errors.Is(err, os.ErrNotExist) {
		return nil, needsFile("config", f.config, err)
	}
	return run, err
}

// given looks at which flags were given. An empty value is a mistake, such as a
// variable that is not set.
func (f *commonFlags) given(cmd *cobra.Command) {
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if flag.Value.Type() == "string" && flag.Value.String() == "" && f.empty == "" {
			f.empty = flag.Name
		}
	})
}

// checkEmpty returns an error for a flag that was given the empty value.
func (f *commonFlags) checkEmpty() error {
	if f.empty == "" {
		return nil
	}
	return usageError{fmt.Errorf("--%s needs a value; found an empty one", f.empty)}
}
