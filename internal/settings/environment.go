package settings

import (
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// Environment is where the payloads of a file are sent.
type Environment struct {
	// APIVersion is the API version, "" for the default.
	APIVersion schema.Version
	// Names has the names of the tenant's objects, nil if no names file was given.
	Names *validate.Names
	// Graph is the host of Microsoft Graph, "" for that of the global service.
	Graph string
}

// Environment returns that of a file: what the overrides which match say, of several
// the last, else what the settings say for all.
func (c *Run) Environment(file string) Environment {
	e := Environment{c.APIVersion, c.tenant.names, string(c.Graph)}
	if len(c.Overrides) == 0 {
		return e
	}
	relative := c.relative(file)
	for i := range c.Overrides {
		o := &c.Overrides[i]
		if !o.Files.Match(relative) {
			continue
		}
		if o.APIVersion != "" {
			e.APIVersion = o.APIVersion
		}
		if o.Names != nil {
			e.Names = o.tenant.names
		}
		if o.Graph != "" {
			e.Graph = string(o.Graph)
		}
	}
	return e
}
