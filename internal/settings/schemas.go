package settings

import (
	"fmt"

	"github.com/patchlint/patchlint/schema/conform"
)

const (
	maxSchema  = 1 << 20 // bytes of a JSON Schema of a team
	maxSchemas = 100     // of them in the settings
)

// ReadSchema reads a JSON Schema of a team's from a regular file, which findings
// name as shown. An error starts with that and, where there is one, with the place.
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

// readSchemas reads the JSON Schemas that the settings name.
func (c *Run) readSchemas() error {
	for i := range c.Schemas {
		s := &c.Schemas[i]
		err := c.use(s.File, "schema", func(file, shown string) (err error) {
			if i == maxSchemas {
				return fmt.Errorf("there can be %d schemas", maxSchemas)
			}
			s.read, err = ReadSchema(file, shown)
			return err
		})
		if err != nil {
			return err
		}
		s.read.Type = s.Type.Name
	}
	return nil
}
