package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

func newRules(streams stdio) *cobra.Command {
	return &cobra.Command{
		Use:   "rules [RULE]",
		Short: "List the rules, or explain one",
		RunE: func(_ *cobra.Command, args []string) error {
			switch len(args) {
			case 0:
				return listRules(streams.out)
			case 1:
			default:
				return usageError{fmt.Errorf("rules explains one rule at a time")}
			}
			rule := validate.Lookup(args[0])
			if rule == nil {
				var ids []string
				for _, r := range validate.Rules() {
					ids = append(ids, r.ID)
				}
				if near := patchlint.Nearest(args[0], ids); near != "" {
					return usageError{fmt.Errorf("no rule %s; did you mean %s?", patchlint.Quote(args[0]), near)}
				}
				return usageError{fmt.Errorf("no rule %s; patchlint rules lists them", patchlint.Quote(args[0]))}
			}
			return explain(streams.out, rule)
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			var ids []string
			for _, r := range validate.Rules() {
				ids = append(ids, r.ID+"\t"+r.Summary)
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
	}
}

func listRules(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range validate.Rules() {
		fmt.Fprintf(table, "%s\t%s\t%s\n", r.ID, r.Severity, r.Summary)
	}
	return table.Flush()
}

// explain prints everything that is known of a rule, with what its bad example
// gets.
func explain(w io.Writer, rule *validate.Rule) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s\n\n%s\n", rule.ID, rule.Severity, rule.Summary, wrap(rule.Why, 80))
	l := validate.Linter{Version: schema.Version(rule.APIVersion), ID: rule.URLKey}
	doc, _ := patchlint.Parse([]byte(rule.Bad), rule.Dialect)
	var found []patchlint.Diagnostic
	all := l.LintDocument(doc)
	if rule.With != "" {
		run := validate.Run{Linter: &l}
		with, _ := patchlint.Parse([]byte(rule.With), rule.Dialect)
		run.Add("other.json", with)
		all = append(all, run.Add("partner.json", doc)...)
	}
	for _, f := range all {
		if f.Rule == rule.ID {
			found = append(found, f)
		}
	}
	example := func(title, text string) {
		fmt.Fprintf(&b, "\n%s:\n\n", title)
		for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
			if len(line) > 400 { // the example of json-limit
				line = line[:60] + "..."
			}
			fmt.Fprintf(&b, "    %s\n", line)
		}
	}
	printed := new(strings.Builder)
	printer, err := report.New("text", printed, report.Options{})
	if err == nil {
		err = printer.File(&report.File{Name: "partner.json", Document: doc, Findings: found})
	}
	if err != nil {
		return err
	}
	bad := "Bad"
	if rule.APIVersion != "" {
		bad += ", for --api-version " + rule.APIVersion
	}
	if rule.URLKey != "" {
		bad += ", sent to .../" + rule.URLKey
	}
	if rule.With != "" {
		example("Beside it, in other.json", rule.With)
	}
	example(bad, rule.Bad)
	example("What is said", printed.String())
	example("Good", rule.Good)
	fmt.Fprintf(&b, "\nChange its severity with --rule %s=error|warning|info|off. Since %s.\n", rule.ID, rule.Since)
	for _, link := range rule.Links {
		fmt.Fprintf(&b, "See %s\n", link)
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// wrap breaks text into lines of at most width columns where a word allows.
func wrap(text string, width int) string {
	var b strings.Builder
	column := 0
	for _, word := range strings.Fields(text) {
		switch {
		case column == 0:
		case column+1+len(word) > width:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}
