package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/patchlint/patchlint/internal/files"
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
	src, err := files.ReadRegular(file, maxSchema)
	if err != nil {
		var failure *fs.PathError
		if errors.As(err, &failure) {
			err = failure.Err
		}
		return validate.TeamSchema{}, fmt.Errorf("%s: %w", shown, err)
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
		file := c.fromHere(s.File)
		shown := files.Display(file)
		if relative, err := filepath.Rel(c.here, file); err == nil && c.away {
			shown = files.Display(relative) // as messages of a run there have it
		}
		real, err := filepath.Abs(file)
		if err == nil {
			real, err = filepath.EvalSymlinks(real)
		}
		switch {
		case i == maxSchemas:
			return refuse("there can be %d schemas", maxSchemas)
		case errors.Is(err, os.ErrNotExist):
			return refuse("%s does not exist", shown)
		case err != nil:
			return refuse("%w", files.Plain(err))
		case !within(real, c.Dir, files.Repository(c.Dir)):
			return refuse("%s must be in the same repository as the settings", shown)
		}
		if s.read, err = ReadSchema(real, shown); err != nil {
			return refuse("%w", err)
		}
		s.read.Type = s.Type.Name
	}
	return nil
}
