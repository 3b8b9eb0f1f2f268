// Package rulebook prints documentation of the rules of lint and diff, with their examples
// and the findings in these.
package rulebook

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/example"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/settings"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/conform"
	"github.com/patchlint/patchlint/validate"
)

// Rule is a rule with the results of its bad example.
type Rule struct {
	*patchlint.Rule
	fixable  bool   // whether the findings have fixes
	findings string // as text
}

// Rules returns every rule, sorted by id.
func Rules() []Rule {
	var rules []Rule
	for _, r := range validate.Rules() {
		findings, doc := lintExample(r)
		name := "partner." + example.Of(r.ID).Language()
		var b strings.Builder
		printer := report.New("text", &b, report.Options{})
		_ = printer.Print(&report.File{Name: name, Document: doc, Findings: findings}) // writing to a strings.Builder cannot fail
		fixable := slices.ContainsFunc(findings, func(d patchlint.Diagnostic) bool { return len(d.Fixes) > 0 })
		rules = append(rules, Rule{&r.Rule, fixable, b.String()})
	}
	for _, r := range diff.Rules() {
		rules = append(rules, Rule{Rule: r})
	}
	slices.SortFunc(rules, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
	return rules
}

// lintExample returns the findings of a rule in its bad example, and the example.
func lintExample(rule *validate.Rule) ([]patchlint.Diagnostic, *patchlint.Document) {
	l, target := rule.Example()
	needs := example.Of(rule.ID)
	if needs.Schema != "" {
		if team, err := conform.ReadTeam("team.json", []byte(needs.Schema)); err == nil {
			l.TeamSchemas = append(l.TeamSchemas, team.Check)
		}
	}
	doc, _ := patchlint.Parse([]byte(rule.Bad), needs.Dialect)
	all := l.LintDocument(doc, target)
	if needs.With != "" {
		var run validate.Run
		with, _ := patchlint.Parse([]byte(needs.With), needs.Dialect)
		run.Add(l, "other.json", with, target)
		all = append(all, run.Add(l, "partner.json", doc, target)...)
	}
	return slices.DeleteFunc(all, func(f patchlint.Diagnostic) bool { return f.Rule != rule.ID }), doc
}

// List writes a line for each rule.
func List(w io.Writer, rules []Rule) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range rules {
		fixable := ""
		if r.fixable {
			fixable = "fixable"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", r.ID, r.Severity, fixable, r.Summary)
	}
	return table.Flush()
}

// JSON writes the rules as a JSON array.
func JSON(w io.Writer, rules []Rule) error {
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
	for _, r := range rules {
		links := append([]string{}, r.Links...) // [], not null
		list = append(list, rule{r.ID, r.Severity.String(), r.fixable, r.Summary, r.Why, r.Bad, r.Good, cmp.Or(example.Of(r.ID).APIVersion, string(schema.Beta)), r.Since, links})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(list)
}

// Text writes the documentation of a rule for a terminal.
func Text(w io.Writer, r Rule) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s\n\n%s\n", r.ID, r.Severity, r.Summary, wrap(r.Why, 80))
	for _, p := range example.Parts(r.Rule, r.findings) {
		fmt.Fprintf(&b, "\n%s:\n\n    %s\n", p.Title, strings.ReplaceAll(p.Code, "\n", "\n    "))
	}
	fmt.Fprintf(&b, "\n%s Since %s.\n", unquoted(r.setting()), r.Since)
	for _, link := range r.Links {
		fmt.Fprintf(&b, "See %s\n", link)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// unquoted removes the backticks of Markdown.
func unquoted(text string) string { return strings.ReplaceAll(text, "`", "") }

// Markdown writes docs/rules.md.
func Markdown(w io.Writer, rules []Rule) error {
	var b strings.Builder
	b.WriteString("# Rules\n\nWritten by `patchlint rules --format markdown`; `patchlint rules RULE` says the same\nin a terminal.\n\n| rule | severity | fixable | what is wrong |\n| --- | --- | --- | --- |\n")
	for _, r := range rules {
		fixable := ""
		if r.fixable {
			fixable = "yes"
		}
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s |\n", r.ID, r.ID, r.Severity, fixable, r.Summary)
	}
	for _, r := range rules {
		fmt.Fprintf(&b, "\n## %s\n\n%s: %s.\n\n%s\n", r.ID, r.Severity, r.Summary, wrap(strings.ReplaceAll(r.Why, "<name>", "`<name>`"), 80))
		for _, p := range example.Parts(r.Rule, r.findings) {
			fmt.Fprintf(&b, "\n%s:\n\n```%s\n%s\n```\n", p.Title, p.Language, p.Code)
		}
		fmt.Fprintf(&b, "\n%s Since %s.\n", r.setting(), r.Since)
		for _, link := range r.Links {
			fmt.Fprintf(&b, "See <%s>.\n", link)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// setting returns a line of Markdown that says how to change the severity of a rule.
func (r Rule) setting() string {
	if r.Bad == "" {
		return "Reported by patchlint diff, which compares two objects."
	}
	return fmt.Sprintf("Change its severity with `--rule %s=error|warning|info|off`, or under rules in %s.", r.ID, settings.Name)
}

// wrap breaks text into lines of at most width columns, except for longer words.
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
