package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/settings"
	"github.com/patchlint/patchlint/internal/spelling"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/conform"
	"github.com/patchlint/patchlint/validate"
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
			entries := catalogue()
			if len(args) > 1 {
				return usageError{fmt.Errorf("rules explains one rule at a time")}
			}
			if len(args) == 1 {
				var ids []string
				for _, e := range entries {
					ids = append(ids, e.ID)
				}
				i := slices.Index(ids, args[0])
				if i < 0 {
					if near := spelling.Nearest(args[0], ids); near != "" {
						return usageError{fmt.Errorf("no rule %s; did you mean %s?", inert.Quote(args[0]), near)}
					}
					return usageError{fmt.Errorf("no rule %s; patchlint rules lists them", inert.Quote(args[0]))}
				}
				entries = entries[i : i+1]
			}
			switch format {
			case "text":
				if len(args) == 1 {
					return explain(streams.out, entries[0])
				}
				return listRules(streams.out, entries)
			case "json":
				return rulesJSON(streams.out, entries)
			case "markdown":
				return rulesMarkdown(streams.out, entries)
			}
			return usageError{fmt.Errorf("--format must be one of text, json, markdown; found %s", inert.Quote(format))}
		},
		ValidArgsFunction: upTo(1, func(*cobra.Command, []string, string) (ids []string, _ cobra.ShellCompDirective) {
			for _, r := range validate.Rules() {
				ids = append(ids, cobra.CompletionWithDesc(r.ID, r.Summary))
			}
			for _, r := range diff.Rules() {
				ids = append(ids, cobra.CompletionWithDesc(r.ID, r.Summary))
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		}),
	}
	cmd.Flags().StringVar(&format, "format", "text", "print the rules as `NAME`: text, json or markdown")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "json", "markdown"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// entry is a rule as the command explains it.
type entry struct {
	*patchlint.Rule
	fixable bool // its bad example can be fixed
	said    string
}

// catalogue returns every rule there is, sorted by id: those of a payload by
// itself and those of diff.
func catalogue() []entry {
	var entries []entry
	for _, r := range validate.Rules() {
		findings, doc := examples(r)
		e := entry{Rule: &r.Rule}
		var b strings.Builder
		if printer, err := report.New("text", &b, report.Options{}); err == nil {
			_ = printer.File(&report.File{Name: exampleName(&r.Rule), Document: doc, Findings: findings}) // a strings.Builder takes everything
		}
		e.said = b.String()
		for _, f := range findings {
			e.fixable = e.fixable || len(f.Fixes) > 0
		}
		entries = append(entries, e)
	}
	for _, r := range diff.Rules() {
		entries = append(entries, entry{Rule: r})
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.ID, b.ID) })
	return entries
}

func exampleName(r *patchlint.Rule) string {
	if r.Dialect == patchlint.JSONC {
		return "partner.jsonc"
	}
	return "partner.json"
}

// examples returns what the rule finds in its bad example.
func examples(rule *validate.Rule) ([]patchlint.Diagnostic, *patchlint.Document) {
	l, target := rule.Example()
	if rule.Schema != "" {
		if team, err := conform.ReadTeam("team.json", []byte(rule.Schema)); err == nil {
			l.TeamSchemas = []validate.TeamSchema{{Check: team.Check}}
		}
	}
	doc, _ := patchlint.Parse([]byte(rule.Bad), rule.Dialect)
	all := l.LintDocument(doc, target)
	if rule.With != "" {
		var run validate.Run
		with, _ := patchlint.Parse([]byte(rule.With), rule.Dialect)
		run.Add(l, "other.json", with, target)
		all = append(all, run.Add(l, "partner.json", doc, target)...)
	}
	return slices.DeleteFunc(all, func(f patchlint.Diagnostic) bool { return f.Rule != rule.ID }), doc
}

func listRules(w io.Writer, entries []entry) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, e := range entries {
		fixable := ""
		if e.fixable {
			fixable = "fixable"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", e.ID, e.Severity, fixable, e.Summary)
	}
	return table.Flush()
}

func rulesJSON(w io.Writer, entries []entry) error {
	type rule struct {
		ID         string   `json:"id"`
		Severity   string   `json:"severity"`
		Fixable    bool     `json:"fixable"`
		Summary    string   `json:"summary"`
		Why        string   `json:"why"`
		Bad        string   `json:"bad"`
		Good       string   `json:"good"`
		APIVersion string   `json:"apiVersion"`
		Since      string   `json:"since"`
		Links      []string `json:"links"`
	}
	list := []rule{}
	for _, e := range entries {
		links := e.Links
		if links == nil {
			links = []string{}
		}
		list = append(list, rule{e.ID, e.Severity.String(), e.fixable, e.Summary, e.Why, e.Bad, e.Good, cmp.Or(e.APIVersion, string(schema.Beta)), e.Since, links})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(list)
}

// settingsOf says in one line how the findings of a rule are changed.
func settingsOf(e entry) string {
	if e.Bad == "" {
		return "patchlint diff says so; it needs two objects."
	}
	return fmt.Sprintf("Change its severity with --rule %s=error|warning|info|off, or under rules in %s.", e.ID, settings.Name)
}

// conditions says what an example is for, beside being a file.
func (e entry) conditions() string {
	text := ""
	if e.APIVersion != "" {
		text += ", for --api-version " + e.APIVersion
	}
	if e.URLKey != "" {
		text += ", sent to .../" + e.URLKey
	}
	return text
}

// short cuts the lines of an example that nobody reads to their end.
func short(text string) string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, line := range lines {
		if len(line) > 400 { // the example of json-limit
			lines[i] = line[:60] + "..."
		}
	}
	return strings.Join(lines, "\n")
}

// explain prints everything that is known of a rule, with what its bad example
// gets.
func explain(w io.Writer, e entry) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s\n\n%s\n", e.ID, e.Severity, e.Summary, wrap(e.Why, 80))
	example := func(title, text string) {
		if text != "" {
			fmt.Fprintf(&b, "\n%s:\n\n    %s\n", title, strings.ReplaceAll(short(text), "\n", "\n    "))
		}
	}
	example("Beside it, in other.json", e.With)
	example("With --names groups.json", e.Names)
	example("With --schema team.json, which holds", e.Schema)
	example("Bad"+e.conditions(), e.Bad)
	example("Findings", e.said)
	example("Good", e.Good)
	fmt.Fprintf(&b, "\n%s Since %s.\n", settingsOf(e), e.Since)
	for _, link := range e.Links {
		fmt.Fprintf(&b, "See %s\n", link)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// rulesMarkdown prints docs/rules.md.
func rulesMarkdown(w io.Writer, entries []entry) error {
	var b strings.Builder
	b.WriteString("# Rules\n\nWritten by `patchlint rules --format markdown`; `patchlint rules RULE` says the same\nin a terminal.\n\n| rule | severity | fixable | what is wrong |\n| --- | --- | --- | --- |\n")
	for _, e := range entries {
		fixable := ""
		if e.fixable {
			fixable = "yes"
		}
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s |\n", e.ID, e.ID, e.Severity, fixable, e.Summary)
	}
	for _, e := range entries {
		fmt.Fprintf(&b, "\n## %s\n\n%s: %s.\n\n%s\n", e.ID, e.Severity, e.Summary, wrap(strings.ReplaceAll(e.Why, "<name>", "`<name>`"), 80))
		example := func(title, language, text string) {
			if text != "" {
				fmt.Fprintf(&b, "\n%s:\n\n```%s\n%s\n```\n", title, language, short(text))
			}
		}
		language := "json"
		if e.Dialect == patchlint.JSONC {
			language = "jsonc"
		}
		example("Beside it, in other.json", language, e.With)
		example("With --names groups.json", language, e.Names)
		example("With `--schema team.json`, which holds", language, e.Schema)
		example("Bad"+e.conditions(), language, e.Bad)
		example("Findings", "text", e.said)
		example("Good", language, e.Good)
		fmt.Fprintf(&b, "\n%s Since %s.\n", strings.Replace(settingsOf(e), "--rule "+e.ID+"=error|warning|info|off", "`--rule "+e.ID+"=error|warning|info|off`", 1), e.Since)
		for _, link := range e.Links {
			fmt.Fprintf(&b, "See <%s>.\n", link)
		}
	}
	_, err := io.WriteString(w, b.String())
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
