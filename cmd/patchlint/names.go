package main

import (
	"strings"

	"github.com/spf13/pflag"
)

// registerNames registers --names.
func registerNames(flags *pflag.FlagSet, into *[]string) {
	flags.StringArrayVar(into, "names", nil, "show the names of groups and filters that a saved response in a `file` has, and check that their ids exist (repeatable)")
}

// noteContinued says that further pages of names files are missing.
func (c *console) noteContinued(files []string) {
	if len(files) > 0 {
		c.note("the names are incomplete: %s continues at @odata.nextLink; export every page", strings.Join(files, ", "))
	}
}
