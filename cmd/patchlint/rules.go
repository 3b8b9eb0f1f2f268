package main

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/patchlint/patchlint/internal/command"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/rulebook"
	"github.com/patchlint/patchlint/internal/settings"
)

func newRules(streams stdio) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "rules [flags] [RULE]",
		Short: "List the rules, or explain one",
		Long: `rules lists the rules with their severities, or explains one: why it exists, an
example with its finding, and the corrected example.`,
		Example: `  patchlint rules
  patchlint rules unknown-property
  patchlint rules --format markdown`,
		SuggestFor: []string{"explain", "rule", "list", "why", "doc", "docs"},
		RunE: func(_ *cobra.Command, args []string) error {
			rules := rulebook.Rules()
			if len(args) > 1 {
				return command.Usagef("rules explains one rule at a time")
			}
			if len(args) == 1 {
				var ids []string
				for _, r := range rules {
					ids = append(ids, r.ID)
				}
				i := slices.Index(ids, args[0])
				if i < 0 {
					return command.Usagef("%w", settings.UnknownName("rule", args[0], ids, `"patchlint rules" lists them`))
				}
				rules = rules[i : i+1]
			}
			switch {
			case format == "text" && len(args) == 1:
				return rulebook.Text(streams.Out, rules[0])
			case format == "text":
				return rulebook.List(streams.Out, rules)
			case format == "json":
				return rulebook.JSON(streams.Out, rules)
			case format == "markdown":
				return rulebook.Markdown(streams.Out, rules)
			}
			return command.Usagef("--format must be one of text, json, markdown; found %s", inert.Quote(format))
		},
		ValidArgsFunction: upTo(1, func(*cobra.Command, []string, string) (ids []string, _ cobra.ShellCompDirective) {
			for _, r := range rulebook.Rules() {
				ids = append(ids, cobra.CompletionWithDesc(r.ID, r.Summary))
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		}),
	}
	cmd.Flags().StringVar(&format, "format", "text", "print the rules as `NAME`: text, json or markdown")
	_ = cmd.RegisterFlagCompletionFunc("format", words("text", "json", "markdown"))
	return cmd
}
