// Package example defines what the examples of a few rules need in addition to their
// text.
package example

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
)

// Needs is what the bad and the good example of a rule need. Most need nothing.
type Needs struct {
	// APIVersion is the version that they are for, "" for the default.
	APIVersion string
	Dialect    patchlint.Dialect
	// With is another document of the same run that they are compared with.
	With string
	// Schema is a JSON Schema of a team that they are checked with.
	Schema string
	// URLKey is the id in the URL that they are sent to, "" for any.
	URLKey string
	// Names is the text of a names file that they are checked against.
	Names string
}

// Of returns what the examples of a rule need, given its id. Package validate sets it.
var Of func(rule string) Needs

// Language returns the name of the dialect of the examples, "json" or "jsonc", which is
// also the extension of their files.
func (n Needs) Language() string {
	if n.Dialect == patchlint.JSONC {
		return "jsonc"
	}
	return "json"
}

// Part is a part of the examples of a rule.
type Part struct{ Title, Language, Code string }

// Parts returns the parts of the examples of a rule, with findings, as text, behind the bad
// one. It cuts very long lines.
func Parts(r *patchlint.Rule, findings string) []Part {
	needs, bad := Of(r.ID), "Bad"
	if needs.APIVersion != "" {
		bad += ", for --api-version " + needs.APIVersion
	}
	if needs.URLKey != "" {
		bad += ", sent to .../" + needs.URLKey
	}
	parts := []Part{
		{"Next to it, in other.json", needs.Language(), needs.With},
		{"With --names groups.json", needs.Language(), needs.Names},
		{"With --schema team.json, which contains", needs.Language(), needs.Schema},
		{bad, needs.Language(), r.Bad},
		{"Findings", "text", findings},
		{"Good", needs.Language(), r.Good},
	}
	for i, p := range parts {
		lines := strings.Split(strings.TrimSuffix(p.Code, "\n"), "\n")
		for k, line := range lines {
			if len(line) > 400 { // the example of json-limit
				lines[k] = line[:60] + "..."
			}
		}
		parts[i].Code = strings.Join(lines, "\n")
	}
	return slices.DeleteFunc(parts, func(p Part) bool { return p.Code == "" })
}
