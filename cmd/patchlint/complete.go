package main

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/command"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// addCompletion adds the completion command, and the completion of flag values.
func addCompletion(root *cobra.Command, args []string) {
	out := root.OutOrStdout()
	root.SetOut(scripts{out})
	root.InitDefaultCompletionCmd(args...)
	root.SetOut(out)
	completion, _, _ := root.Find([]string{"completion"})
	completion.Args = func(_ *cobra.Command, args []string) error {
		if len(args) > 0 {
			return command.Usagef("unknown shell %s; must be one of bash, fish, powershell, zsh", inert.Quote(args[0]))
		}
		return nil
	}
	completion.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	completion.Example = "  source <(patchlint completion bash)"
	for _, shell := range completion.Commands() {
		shell.Args = noArgs
		switch shell.Name() {
		case "bash", "zsh":
			shell.Example = "  source <(patchlint completion " + shell.Name() + ")"
		case "fish":
			shell.Example = "  patchlint completion fish | source"
		case "powershell":
			shell.Example = "  patchlint completion powershell | Out-String | Invoke-Expression"
		}
	}
	registerCompletion(root, flagCompletions())
}

// scripts writes the scripts of Cobra. Those for fish and zsh take the longest text up to a
// "=" for a flag to be repeated, even the "-value=" of enum-value=.
type scripts struct{ io.Writer }

func (w scripts) Write(script []byte) (int, error) {
	_, err := w.Writer.Write(bytes.Replace(script, []byte("'-.*='"), []byte("'^-[^=]*='"), 1))
	return len(script), err
}

// registerCompletion registers the completion of flags, by name, for a command and its
// subcommands. A flag that already has one, such as --format, keeps it.
func registerCompletion(cmd *cobra.Command, flags map[string]cobra.CompletionFunc) {
	for _, c := range cmd.Commands() {
		registerCompletion(c, flags)
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if _, ok := cmd.GetFlagCompletionFunc(f.Name); ok || f.NoOptDefVal != "" {
			return
		}
		values, ok := flags[f.Name]
		if !ok {
			values = cobra.NoFileCompletions
		}
		_ = cmd.RegisterFlagCompletionFunc(f.Name, values) // fails only for a flag that has one
	})
}

// flagCompletions returns the completion of flag values by flag name.
func flagCompletions() map[string]cobra.CompletionFunc {
	return map[string]cobra.CompletionFunc{
		"api-version":    cobra.FixedCompletions(versions(), cobra.ShellCompDirectiveNoFileComp),
		"color":          cobra.FixedCompletions(command.ColorChoices, cobra.ShellCompDirectiveNoFileComp),
		"fail-on":        cobra.FixedCompletions(severities(), cobra.ShellCompDirectiveNoFileComp),
		"max-bytes":      cobra.FixedCompletions([]string{"1MiB", "64MiB", "1GiB"}, cobra.ShellCompDirectiveNoFileComp),
		"type":           completeTypes,
		"rule":           completeSeverities,
		"ignore":         completePointers,
		"send":           completePointers,
		"config":         fileNames("yaml", "yml"),
		"schema":         fileNames("json"),
		"names":          fileNames("json"),
		"baseline":       fileNames("json"),
		"write-baseline": fileNames("json"),
		"metadata":       fileNames("xml", "csdl", "edmx"),
		"base":           anyFile,
		"stdin-filename": anyFile,
	}
}

func anyFile(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveDefault
}

// fileNames completes the names of files with the given extensions.
func fileNames(extensions ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(extensions, cobra.ShellCompDirectiveFilterFileExt)
}

// payloadFiles completes the names of files that a walk includes.
func payloadFiles(*cobra.Command, []string, string) (extensions []string, _ cobra.ShellCompDirective) {
	for _, e := range input.Extensions() {
		extensions = append(extensions, strings.TrimPrefix(e, "."))
	}
	return extensions, cobra.ShellCompDirectiveFilterFileExt
}

// upTo completes at most n arguments.
func upTo(n int, complete cobra.CompletionFunc) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, text string) ([]string, cobra.ShellCompDirective) {
		if len(args) >= n {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return complete(cmd, args, text)
	}
}

// completeFormats completes NAME[=FILE].
func completeFormats(names []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, text string) ([]string, cobra.ShellCompDirective) {
		if strings.Contains(text, "=") {
			return nil, cobra.ShellCompDirectiveDefault
		}
		return names, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

func versions() (names []string) {
	for _, v := range schema.Versions() {
		names = append(names, string(v))
	}
	return names
}

func severities() (names []string) {
	for s := patchlint.Error; s >= patchlint.Info; s-- {
		names = append(names, s.String())
	}
	return names
}

// completeSeverities completes ID=LEVEL.
func completeSeverities(_ *cobra.Command, _ []string, text string) (list []string, _ cobra.ShellCompDirective) {
	id, _, rule := strings.Cut(text, "=")
	if !rule {
		for _, r := range validate.Rules() {
			list = append(list, cobra.CompletionWithDesc(r.ID+"=", r.Summary))
		}
		return list, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	for _, level := range append(severities(), "off") {
		list = append(list, id+"="+level)
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}

// model returns the model of the API version in a command line, or nil if it is not
// valid.
func model(cmd *cobra.Command) *schema.Model {
	version, _ := cmd.Flags().GetString("api-version")
	m, _ := schema.Open(schema.Version(version))
	return m
}

// completeTypes completes the names of types. Before the first character it offers only
// the best-known ones.
func completeTypes(cmd *cobra.Command, _ []string, text string) (list []string, _ cobra.ShellCompDirective) {
	m := model(cmd)
	if m == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	for _, r := range m.Resources() {
		if strings.HasPrefix(r.Short(), text) {
			list = append(list, r.Short())
		}
	}
	if text != "" {
		for name := range m.Names {
			if name = strings.TrimPrefix(name, "microsoft.graph."); strings.HasPrefix(name, text) && !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}

// completePointers completes pointers to the properties of types that can be updated.
func completePointers(cmd *cobra.Command, _ []string, _ string) (list []string, _ cobra.ShellCompDirective) {
	m := model(cmd)
	if m == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	resources := m.Resources()
	if name, _ := cmd.Flags().GetString("type"); name != "" {
		r, err := m.Resource(name)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		resources = []*schema.Type{r}
	}
	for _, r := range resources {
		for _, p := range r.Properties {
			if r.Path() != "" {
				list = append(list, string(patchlint.Pointer("").Append(p.Name)))
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list), cobra.ShellCompDirectiveNoFileComp
}
