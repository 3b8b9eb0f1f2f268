package settings

import (
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// Environment is the service that the payloads of a file are sent to.
type Environment struct {
	// APIVersion is the API version, "" for the default.
	APIVersion schema.Version
	// Names has the names of the tenant's objects. It is nil if there is no names file.
	Names *validate.Names
	// Graph is the host of Microsoft Graph, or "" for the global service.
	Graph string
}

// Environment returns the environment of a file. Later overrides that match the file
// take precedence over earlier ones, and these over the top-level settings.
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
