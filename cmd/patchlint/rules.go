package main

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/patchlint/patchlint/internal/command"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/rulebook"
	"github.com/patchlint/patchlint/internal/spelling"
)

func newRules(streams stdio) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "rules [flags] [RULE]",
		Short: "List the rules, or explain one",
		Long: `rules lists the rules with their severity, or explains one: why it exists, an
example with the finding, and the same example without the fault.`,
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
				i := slices.IndexFunc(rules, func(r rulebook.Rule) bool { return r.ID == args[0] })
				if i < 0 {
					return unknownRule(args[0], rules)
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
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "json", "markdown"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// unknownRule returns the error for an unknown rule id.
func unknownRule(id string, rules []rulebook.Rule) error {
	var ids []string
	for _, r := range rules {
		ids = append(ids, r.ID)
	}
	if near := spelling.Nearest(id, ids); near != "" {
		return command.Usagef("unknown rule %s; did you mean %s?", inert.Quote(id), inert.Quote(near))
	}
	return command.Usagef(`unknown rule %s; "patchlint rules" lists them`, inert.Quote(id))
}
