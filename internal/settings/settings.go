// Package settings finds and reads .patchlint.yaml, the settings that a team keeps
// in its repository. The file is not trusted: its size, depth and number of values
// are bounded, whatever is not understood is refused with its position, and an
// error repeats nothing of a file that may be something else.
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

// JSONSchema returns the JSON Schema of the settings, for editors.
func JSONSchema() []byte { return slices.Clone(jsonSchema) }

// Settings are the contents of a settings file. The zero value means no file.
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
	Baseline     Path            `yaml:"baseline"`
	Names        []Path          `yaml:"names"`
	Graph        Host            `yaml:"graph"`

	// Dir is the directory that patterns and paths are relative to, absolute and
	// without symbolic links; "" for no file.
	Dir string `yaml:"-"`
}

// Type says what the files that match hold.
type Type struct {
	Files files.Pattern `yaml:"files,required"`
	Name  TypeName      `yaml:"type,required"`
}

// Override sets rules, and what environment payloads are for, for the files that
// match.
type Override struct {
	Files      files.Pattern  `yaml:"files,required"`
	Rules      Rules          `yaml:"rules"`
	APIVersion schema.Version `yaml:"apiVersion"`
	Names      []Path         `yaml:"names"`
	Graph      Host           `yaml:"graph"`

	tenant tenant
}

// Schema is a JSON Schema of the team's, for the payloads in the files that match
// and of the type, where these are given.
type Schema struct {
	File  Path            `yaml:"schema,required"`
	Files []files.Pattern `yaml:"paths"`
	Type  TypeName        `yaml:"type"`

	read *conform.Team
}

// Diff are the settings of patchlint diff.
type Diff struct {
	Ignore []patchlint.Pointer `yaml:"ignore"`
}

// Rules are the severities of rules by id.
type Rules map[string]patchlint.Severity

// Off is the severity of a rule that does not apply. It occurs in settings only.
const Off patchlint.Severity = 255

// TypeName is the name of a type of some API version, and where it is written.
type TypeName struct {
	Name string
	At   Place
}

// Host is a host of Microsoft Graph: that of the global service or of a national
// cloud.
type Host string

// Path is the path of a file, and where it is written.
type Path struct {
	Name string
	At   Place
}

// Place is a place in a settings file.
type Place struct{ Line, Column int }

// String returns the place as "line:column".
func (p Place) String() string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }

// scalar sets the value that a pointer points to, from the text of a scalar.
func scalar(into any, text string, at Place) error {
	switch into := into.(type) {
	case *string:
		*into = text
	case *Path:
		*into = Path{text, at}
	case *schema.Version:
		*into = schema.Version(text)
		_, err := schema.Open(*into)
		return err
	case *Host:
		if *into = Host(text); !graph.IsHost(text) {
			return fmt.Errorf("graph must be one of %s", strings.Join(graph.Hosts(), ", "))
		}
	case *TypeName:
		*into = TypeName{text, at}
	case *files.Pattern:
		p, err := files.ParsePattern(text)
		if err != nil {
			return fmt.Errorf("pattern %s %w", inert.Quote(text), err)
		}
		*into = p
	case *patchlint.Pointer:
		if *into = patchlint.Pointer(text); !into.Valid() || text == "" {
			return fmt.Errorf("%s is not a JSON Pointer such as /displayName", inert.Quote(text))
		}
	default:
		return fmt.Errorf("a value of type %T cannot be set", into) // Settings has no such field
	}
	return nil
}

// ParseRule reads the severity that a rule is set to.
func ParseRule(id, level string) (patchlint.Severity, error) {
	severity, ok := patchlint.ParseSeverity(level)
	if !ok {
		severity = Off
	}
	switch {
	case validate.Lookup(id) == nil && slices.Contains(diffRules(), id):
		return 0, fmt.Errorf("%s is a rule of patchlint diff; its severity cannot be set", id)
	case validate.Lookup(id) == nil:
		return 0, unknown("rule", id, ruleIDs(), `"patchlint rules" lists them`)
	case severity == Off && level != "off":
		return 0, fmt.Errorf("severity of %s must be one of error, warning, info, off%s", id, shown("; found ", level))
	case severity != patchlint.Error && (id == "json-syntax" || id == "json-limit"):
		return 0, fmt.Errorf("%s is always an error: a file that cannot be read must not pass", id)
	case severity == Off && (id == "json-encoding" || id == "unknown-type" || id == "payload-shape"):
		return 0, fmt.Errorf("%s cannot be off: a file that is not checked must not pass; use --exclude or --skip-unknown to skip files", id)
	}
	return severity, nil
}

func diffRules() (ids []string) {
	for _, r := range diff.Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}

func ruleIDs() (ids []string) {
	for _, r := range validate.Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}

// unknown is the error of a name that must be one of others, with the nearest of
// these or else a hint.
func unknown(what, name string, known []string, hint string) error {
	if near := spelling.Nearest(name, known); near != "" {
		return fmt.Errorf("unknown %s %s; did you mean %q?", what, inert.Quote(name), near)
	}
	return fmt.Errorf("unknown %s%s; %s", what, shown(" ", name), hint)
}

// shown returns words and a quoted text for a message, "" if the text is not a
// short, plain word: it may be a secret of a file that is named by mistake.
func shown(words, text string) string {
	letter := func(r rune) bool {
		return r == '-' || r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	if text == "" || len(text) > 32 || strings.TrimFunc(text, letter) != "" {
		return ""
	}
	return words + inert.Quote(text)
}
