package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestHelp checks that the help of every command fits the screen and has an example,
// that each flag is in a group, and that each value of a flag can be completed.
func TestHelp(t *testing.T) {
	root := newRoot(stdio{strings.NewReader(""), new(strings.Builder), new(strings.Builder)}, nil)
	grouped := make(map[string]bool)
	for _, group := range flagGroups {
		for _, name := range group.names {
			grouped[name] = true
		}
	}
	var visit func(*cobra.Command)
	visit = func(cmd *cobra.Command) {
		path := cmd.CommandPath()
		var out, errs strings.Builder
		if code := run(append(strings.Fields(path)[1:], "--help"), stdio{strings.NewReader(""), &out, &errs}); code != exitClean {
			t.Errorf("%s --help: exit %d: %s", path, code, errs.String())
		}
		for line := range strings.Lines(out.String()) {
			if width := utf8.RuneCountInString(strings.TrimSuffix(strings.ReplaceAll(line, "\t", "        "), "\n")); width > 80 && !strings.HasPrefix(line, "\t") {
				t.Errorf("%s --help: %d columns: %s", path, width, line)
			}
		}
		if !strings.Contains(out.String(), "\nExamples:\n  ") {
			t.Errorf("%s --help has no example", path)
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if !grouped[f.Name] {
				t.Errorf("%s --%s is in no group", path, f.Name)
			}
			if _, ok := cmd.GetFlagCompletionFunc(f.Name); !ok && f.NoOptDefVal == "" {
				t.Errorf("the values of %s --%s cannot be completed", path, f.Name)
			}
			if !strings.Contains(out.String(), "--"+f.Name) {
				t.Errorf("%s --help does not have --%s", path, f.Name)
			}
		})
		if cmd.Runnable() && !cmd.HasAvailableSubCommands() && cmd.ValidArgsFunction == nil && strings.ContainsAny(strings.ReplaceAll(cmd.Use, "[flags]", ""), "[ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
			t.Errorf("the arguments of %s cannot be completed", path)
		}
		for _, c := range cmd.Commands() {
			visit(c)
		}
	}
	visit(root)
}
