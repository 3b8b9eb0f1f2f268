package settings

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// Linters provides the Linter for each file, with the rules of the settings and, taking
// precedence, those of the command line.
type Linters struct {
	*Run
	Base  validate.Linter
	Flags Rules
	// Target describes all payloads, according to the command line.
	Target validate.Target
	// Pinned is true if the API version of Target is from the command line, which takes
	// precedence over the settings.
	Pinned bool

	cache sync.Map // Linters by the overrides and schemas that apply
}

// Of returns the Linter for a file and what is known about its payloads. It is safe for
// concurrent use.
func (l *Linters) Of(file string) (*validate.Linter, validate.Target) {
	relative := l.relative(file)
	overrides := l.overriding(relative)
	e, target := l.environment(overrides), l.Target
	if !l.Pinned && e.APIVersion != "" {
		target.Version = e.APIVersion
	}
	layers := []Rules{l.Rules}
	teams := slices.Clip(l.Base.TeamSchemas)
	key := ""
	for _, i := range overrides {
		layers = append(layers, l.Overrides[i].Rules)
		key += fmt.Sprint(i, " ")
	}
	for i, s := range l.Schemas {
		if len(s.Files) == 0 || slices.ContainsFunc(s.Files, func(p files.Pattern) bool { return p.Match(relative, false) }) {
			teams = append(teams, s.team.Check)
			key += fmt.Sprint("s", i, " ")
		}
	}
	if made, ok := l.cache.Load(key); ok {
		return made.(*validate.Linter), target
	}
	made := l.Base
	made.TeamSchemas = teams
	made.Placeholders = l.Placeholders
	made.Names = e.Names
	made.Severities = make(map[string]patchlint.Severity)
	for _, rules := range append(layers, l.Flags) {
		maps.Copy(made.Severities, rules)
	}
	off := func(r *validate.Rule) bool { return made.Severities[r.ID] == Off }
	if all := validate.Rules(); slices.ContainsFunc(all, off) {
		made.Rules = slices.DeleteFunc(all, off)
	}
	maps.DeleteFunc(made.Severities, func(_ string, s patchlint.Severity) bool { return s == Off })
	l.cache.Store(key, &made)
	return &made, target
}

// Environment is the service that the payloads of a file are sent to.
type Environment struct {
	// APIVersion is the API version, "" for the default.
	APIVersion schema.Version
	// Names has the names of the tenant's objects. It is nil without a names file.
	Names *validate.Names
	// Graph is the host of Microsoft Graph, or "" for the global service.
	Graph string
}

// Environment returns the environment of a file.
func (c *Run) Environment(file string) Environment {
	return c.environment(c.overriding(c.relative(file)))
}

// environment returns the environment of a file with the given overrides.
func (c *Run) environment(overrides []int) Environment {
	e := Environment{c.APIVersion, c.tenant.names, string(c.Graph)}
	for _, i := range overrides {
		o := &c.Overrides[i]
		e.APIVersion, e.Graph = cmp.Or(o.APIVersion, e.APIVersion), cmp.Or(string(o.Graph), e.Graph)
		if o.Names != nil {
			e.Names = o.tenant.names
		}
	}
	return e
}

// overriding returns the indices of the overrides that match a relative path. Later ones
// take precedence over earlier ones, and these over the top-level settings.
func (c *Run) overriding(relative string) (list []int) {
	for i, o := range c.Overrides {
		if o.Files.Match(relative, false) {
			list = append(list, i)
		}
	}
	return list
}
