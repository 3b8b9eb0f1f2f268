package settings

import (
	"fmt"

	"github.com/patchlint/patchlint/schema/conform"
)

const (
	maxSchema  = 1 << 20 // bytes in a team's JSON Schema
	maxSchemas = 100     // in the settings
)

// ReadSchema reads a team's JSON Schema from a regular file. shown is its name in
// findings and errors.
func ReadSchema(file, shown string) (*conform.Team, error) {
	src, err := readRegular(file, shown, maxSchema)
	if err != nil {
		return nil, err
	}
	team, err := conform.ReadTeam(shown, src)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", shown, err)
	}
	return team, nil
}

// readSchemas reads the JSON Schemas named by the settings, each file once.
func (c *Run) readSchemas() error {
	teams := make(map[string]*conform.Team)
	for i := range c.Schemas {
		s := &c.Schemas[i]
		err := c.readNamed(s.File, "schema", func(file, shown string) (err error) {
			if i == maxSchemas {
				return fmt.Errorf("there can be %d schemas", maxSchemas)
			}
			if teams[file] == nil {
				teams[file], err = ReadSchema(file, shown)
			}
			if err == nil {
				team := *teams[file]
				team.Type = s.Type.Name
				s.team = &team
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
