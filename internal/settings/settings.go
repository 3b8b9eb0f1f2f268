// Package settings finds and reads .patchlint.yaml, the settings that a team keeps in its
// repository. The file is not trusted: its size, depth and number of values are limited,
// an unknown key or value is an error with a position, and errors do not repeat text of
// what may be some other file.
package settings

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/spelling"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/conform"
	"github.com/patchlint/patchlint/validate"
)

//go:embed settings.schema.json
var jsonSchema []byte

// JSONSchema returns the JSON Schema of the settings file.
func JSONSchema() []byte { return slices.Clone(jsonSchema) }

// Settings is the content of a settings file. The zero value is an empty file.
type Settings struct {
	APIVersion   schema.Version  `yaml:"apiVersion"`
	Types        []Type          `yaml:"types"`
	Rules        Rules           `yaml:"rules"`
	Overrides    []Override      `yaml:"overrides"`
	Exclude      []files.Pattern `yaml:"exclude"`
	Placeholders []string        `yaml:"placeholders"`
	Schemas      []Schema        `yaml:"schemas"`
	Metadata     Metadata        `yaml:"metadata"`
	Diff         Diff            `yaml:"diff"`
	Baseline     Located         `yaml:"baseline"`
	Names        []Located       `yaml:"names"`
	Graph        Host            `yaml:"graph"`

	// Dir is the directory that patterns and paths are relative to: absolute, with
	// links followed. It is "" if there is no file.
	Dir string `yaml:"-"`
}

// Type sets the type of the payloads in matching files.
type Type struct {
	Files files.Pattern `yaml:"files,required"`
	Name  Located       `yaml:"type,required"`
}

// Override sets the rules and the environment for matching files.
type Override struct {
	Files      files.Pattern  `yaml:"files,required"`
	Rules      Rules          `yaml:"rules"`
	APIVersion schema.Version `yaml:"apiVersion"`
	Names      []Located      `yaml:"names"`
	Graph      Host           `yaml:"graph"`

	tenant tenantNames
}

// Schema is a JSON Schema of the team for payloads in matching files and of the given
// type. Both conditions are optional.
type Schema struct {
	File  Located         `yaml:"schema,required"`
	Files []files.Pattern `yaml:"paths"`
	Type  Located         `yaml:"type"`

	team *conform.Team
}

// Diff are the settings of patchlint diff.
type Diff struct {
	Ignore []patchlint.Pointer `yaml:"ignore"`
}

// Rules are the severities of rules by id.
type Rules map[string]patchlint.Severity

// Off is the severity of a disabled rule. It is used only in settings.
const Off patchlint.Severity = 255

// Located is the name of a type or file, with its position.
type Located struct {
	Name string
	At   Place
}

// Host is a host of Microsoft Graph: the global service or a national cloud.
type Host string

// Place is a position in a settings file.
type Place struct{ Line, Column int }

// String returns the position as "line:column".
func (p Place) String() string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }

// scalar parses the text of a scalar into the value that a pointer points to.
func scalar(into any, text string, at Place) error {
	switch into := into.(type) {
	case *string:
		*into = text
	case *schema.Version:
		*into = schema.Version(text)
		_, err := schema.Open(*into)
		return err
	case *Host:
		hosts := graph.Hosts()
		if *into = Host(text); !slices.Contains(hosts, text) {
			return fmt.Errorf("graph must be one of %s", strings.Join(hosts, ", "))
		}
	case *Located:
		*into = Located{text, at}
	case *files.Pattern:
		p, err := files.ParsePattern(text, true)
		if err != nil {
			return fmt.Errorf("pattern %s %w", inert.Quote(text), err)
		}
		*into = p
	case *patchlint.Pointer:
		if *into = patchlint.Pointer(text); slices.Collect(into.Tokens()) == nil {
			return fmt.Errorf("%s is not a JSON Pointer such as /displayName", inert.Quote(text))
		}
	default:
		return fmt.Errorf("a value of type %T cannot be set", into) // cannot happen: Settings has no such field
	}
	return nil
}

// ParseSeverity returns the severity whose String is name, and whether there is one.
func ParseSeverity(name string) (patchlint.Severity, bool) {
	for s := patchlint.Info; s <= patchlint.Error; s++ {
		if s.String() == name {
			return s, true
		}
	}
	return 0, false
}

// ParseRule parses the severity of a rule, and checks that it can be set.
func ParseRule(id, level string) (patchlint.Severity, error) {
	severity, ok := ParseSeverity(level)
	if !ok {
		severity = Off
	}
	switch {
	case validate.Lookup(id) == nil && isDiffRule(id):
		return 0, fmt.Errorf("%s is a rule of patchlint diff; its severity cannot be set", id)
	case validate.Lookup(id) == nil:
		return 0, UnknownName("rule", id, ruleIDs(), `"patchlint rules" lists them`)
	case severity == Off && level != "off":
		return 0, fmt.Errorf("the severity of %s must be one of error, warning, info, off%s", id, quoteWord("; found ", level))
	case severity != patchlint.Error && (id == "json-syntax" || id == "json-limit"):
		return 0, fmt.Errorf("%s is always an error: a file that cannot be read must not pass", id)
	case severity == Off && (id == "json-encoding" || id == "unknown-type" || id == "payload-shape"):
		return 0, fmt.Errorf("%s cannot be off: a file that is not checked must not pass; use --exclude or --skip-unknown to skip files", id)
	}
	return severity, nil
}

func isDiffRule(id string) bool {
	return slices.ContainsFunc(diff.Rules(), func(r *patchlint.Rule) bool { return r.ID == id })
}

func ruleIDs() (ids []string) {
	for _, r := range validate.Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}

// UnknownName returns the error for a name that is not known, with the nearest known
// name or else a hint. It repeats the name only if it cannot be a secret.
func UnknownName(what, name string, known []string, hint string) error {
	if near := spelling.Nearest(name, known); near != "" {
		return fmt.Errorf("unknown %s %s; did you mean %q?", what, inert.Quote(name), near)
	}
	return fmt.Errorf("unknown %s%s; %s", what, quoteWord(" ", name), hint)
}

// quoteWord returns text in quotes after prefix, or "" if text is not a short word of
// letters: it may be a secret in a file that was named by mistake.
func quoteWord(prefix, text string) string {
	letter := func(r rune) bool {
		return r == '-' || r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	if text == "" || len(text) > 32 || strings.TrimFunc(text, letter) != "" {
		return ""
	}
	return prefix + inert.Quote(text)
}
