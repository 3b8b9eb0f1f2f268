package main

import (
	"bytes"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/patchlint/patchlint/internal/command"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

func newCompletion(streams stdio) *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|fish|powershell|zsh",
		Short: "Print a completion script for a shell",
		Long: `completion prints a script that completes commands, flags and their values. The
examples load it; put the one for your shell into the file that the shell reads
when it starts. In bash, it needs the package bash-completion; in zsh, it must
come after compinit.`,
		Example: `  source <(patchlint completion bash)
  patchlint completion fish | source
  patchlint completion powershell | Out-String | Invoke-Expression
  source <(patchlint completion zsh)`,
		DisableFlagsInUseLine: true,
		ValidArgsFunction:     upTo(1, words("bash", "fish", "powershell", "zsh")),
		Args:                  exactly(1, "bash, fish, powershell or zsh"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			var script bytes.Buffer
			switch root := cmd.Root(); args[0] {
			case "bash":
				err = root.GenBashCompletionV2(&script, true)
			case "fish":
				err = root.GenFishCompletion(&script, true)
			case "powershell":
				err = root.GenPowerShellCompletionWithDesc(&script)
			case "zsh":
				err = root.GenZshCompletion(&script)
			default:
				err = command.Usagef("unknown shell %s; must be one of bash, fish, powershell, zsh", inert.Quote(args[0]))
			}
			if err != nil {
				return err
			}
			// The scripts for fish and zsh take the longest text up to a "=" for a flag
			// to be repeated, even the "-value=" of enum-value=.
			_, err = streams.Out.Write(bytes.Replace(script.Bytes(), []byte("'-.*='"), []byte("'^-[^=]*='"), 1))
			return err
		},
	}
}

// registerCompletions registers the completion of flag values, for a command and its
// subcommands. A flag that already has one, such as --format, keeps it. The descriptions
// of flags lose the backquotes, which only help understands.
func registerCompletions(cmd *cobra.Command) {
	for _, c := range cmd.Commands() {
		registerCompletions(c)
	}
	anyFile := cobra.FixedCompletions(nil, cobra.ShellCompDirectiveDefault)
	completions := map[string]cobra.CompletionFunc{
		"api-version":    words("beta", "v1.0"),
		"color":          words(command.ColorChoices...),
		"fail-on":        words("error", "warning", "info"),
		"type":           completeTypes,
		"rule":           completeSeverities,
		"config":         fileNames("yaml", "yml"),
		"metadata":       fileNames("xml", "csdl", "edmx"),
		"stdin-filename": anyFile,
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		complete := completions[f.Name]
		value, usage := pflag.UnquoteUsage(f)
		f.Usage = usage
		if complete == nil && value == "FILE" {
			complete = anyFile
		} else if complete == nil {
			complete = cobra.NoFileCompletions
		}
		_ = cmd.RegisterFlagCompletionFunc(f.Name, complete) // fails only for a flag that has one
	})
}

// words completes one of the given words.
func words(list ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(list, cobra.ShellCompDirectiveNoFileComp)
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

// completeSeverities completes ID=LEVEL.
func completeSeverities(_ *cobra.Command, _ []string, text string) (list []string, _ cobra.ShellCompDirective) {
	if id, _, found := strings.Cut(text, "="); found {
		return []string{id + "=error", id + "=warning", id + "=info", id + "=off"}, cobra.ShellCompDirectiveNoFileComp
	}
	for _, r := range validate.Rules() {
		list = append(list, cobra.CompletionWithDesc(r.ID+"=", r.Summary))
	}
	return list, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completeTypes completes the names of types. Before the first character it offers only
// the best-known ones.
func completeTypes(cmd *cobra.Command, _ []string, text string) (list []string, _ cobra.ShellCompDirective) {
	version, _ := cmd.Flags().GetString("api-version")
	m, err := schema.Open(schema.Version(version))
	switch {
	case err != nil:
	case text == "":
		for _, r := range m.Resources() {
			list = append(list, r.Short())
		}
	default:
		for name := range m.Names {
			if name = strings.TrimPrefix(name, "microsoft.graph."); strings.HasPrefix(name, text) {
				list = append(list, name)
			}
		}
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}
