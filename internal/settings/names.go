package settings

import (
	"fmt"

	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/validate"
)

// maxNames is the size of the largest names file that is read, in bytes.
const maxNames = 64 << 20

// tenant is what the names files have.
type tenant struct {
	names     *validate.Names
	continued []string // files that end with a response that continues
}

// Tenant returns the names of the tenant's objects, nil where no names file was given.
func (c *Run) Tenant() *validate.Names { return c.tenant.names }

// Continued returns the names files that continue on a page that was not given.
func (c *Run) Continued() []string {
	if !c.tenant.names.Continued() {
		return nil
	}
	return c.tenant.continued
}

// AddNames reads the names files of --names, after those of the settings.
func (c *Run) AddNames(list []string) error {
	for _, file := range list {
		if err := c.tenant.read(file, files.Display(file)); err != nil {
			return fmt.Errorf("--names: %w", err)
		}
	}
	return nil
}

// readNames reads the names files that the settings name.
func (c *Run) readNames() error {
	for _, p := range c.Names {
		real, shown, err := c.ours(p)
		if err == nil {
			err = c.tenant.read(real, shown)
		}
		if err != nil {
			return fmt.Errorf("%s:%v: names: %w", c.name, p.At, err)
		}
	}
	return nil
}

// read adds the names of a regular file, which errors name as shown.
func (t *tenant) read(file, shown string) error {
	src, err := readRegular(file, shown, maxNames)
	if err != nil {
		return err
	}
	if t.names == nil {
		t.names = new(validate.Names)
	}
	more, err := t.names.Add(src)
	if err != nil {
		return fmt.Errorf("%s:%w", shown, err)
	}
	if more {
		t.continued = append(t.continued, shown)
	}
	return nil
}
