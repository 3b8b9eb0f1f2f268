package settings

import (
	"fmt"

	"github.com/patchlint/patchlint/schema/conform"
	"github.com/patchlint/patchlint/validate"
)

const (
	maxSchema  = 1 << 20 // bytes of a JSON Schema of a team
	maxSchemas = 100     // of them in the settings
)

// ReadSchema reads a JSON Schema of a team's from a regular file, which findings
// name as shown. An error starts with that and, where there is one, with the place.
func ReadSchema(file, shown string) (validate.TeamSchema, error) {
	src, err := readRegular(file, shown, maxSchema)
	if err != nil {
		return validate.TeamSchema{}, err
	}
	team, err := conform.ReadTeam(shown, src)
	if err != nil {
		return validate.TeamSchema{}, fmt.Errorf("%s:%w", shown, err)
	}
	return validate.TeamSchema{Check: team.Check}, nil
}

// readSchemas reads the JSON Schemas that the settings name. Like the settings
// they must be files of the repository: what is wrong with one is printed.
func (c *Run) readSchemas() error {
	for i := range c.Schemas {
		s := &c.Schemas[i]
		refuse := func(format string, args ...any) error {
			return fmt.Errorf("%s:%v: schema: %w", c.name, s.File.At, fmt.Errorf(format, args...))
		}
		if i == maxSchemas {
			return refuse("there can be %d schemas", maxSchemas)
		}
		real, shown, err := c.ours(s.File)
		if err != nil {
			return refuse("%w", err)
		}
		if s.read, err = ReadSchema(real, shown); err != nil {
			return refuse("%w", err)
		}
		s.read.Type = s.Type.Name
	}
	return nil
}
