package settings

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/validate"
)

// Payloads is what is known about the payloads of a file apart from their content.
type Payloads struct {
	Linter *validate.Linter
	Target validate.Target
	Graph  string // the host that they are sent to, or "" for the global service
}

// Of returns what is known about the payloads of a file. The command line takes precedence
// over the overrides that match the file, later ones over earlier ones, and these over the
// rest of the settings. It is safe for concurrent use.
func (c *Run) Of(file string) *Payloads {
	relative := c.relative(file)
	var overrides []*Override
	teams := slices.Clip(c.Base.TeamSchemas)
	key := ""
	for i := range c.Overrides {
		if c.Overrides[i].Files.Match(relative, false) {
			overrides = append(overrides, &c.Overrides[i])
			key += fmt.Sprint(i, " ")
		}
	}
	for i, s := range c.Schemas {
		if len(s.Files) == 0 || matchesAny(s.Files, relative, false) {
			teams = append(teams, s.team.Check)
			key += fmt.Sprint("s", i, " ")
		}
	}
	return lazy.Get(&c.made, key, func() *Payloads {
		linter := c.Base
		linter.Models, linter.TeamSchemas, linter.Placeholders, linter.Names = c.Models, teams, c.Placeholders, c.tenant.names
		severities := make(Rules)
		maps.Copy(severities, c.Rules)
		version, graph := c.APIVersion, c.Graph
		for _, o := range overrides {
			maps.Copy(severities, o.Rules)
			version, graph = cmp.Or(o.APIVersion, version), cmp.Or(o.Graph, graph)
			if o.Names != nil {
				linter.Names = o.tenant.names
			}
		}
		maps.Copy(severities, c.Flags)
		off := func(r *validate.Rule) bool { return severities[r.ID] == Off }
		if all := validate.Rules(); slices.ContainsFunc(all, off) {
			linter.Rules = slices.DeleteFunc(all, off)
		}
		maps.DeleteFunc(severities, func(_ string, s patchlint.Severity) bool { return s == Off })
		linter.Severities = severities
		made := &Payloads{&linter, c.Target, string(graph)}
		if !c.Pinned {
			made.Target.Version = cmp.Or(version, c.Target.Version)
		}
		return made
	})
}
