package settings

import (
	"fmt"
	"slices"

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

// tenants yields those that payloads may be for, and the names files that the settings
// name for each.
func (c *Run) tenants(yield func(*tenant, []Path) bool) {
	more := yield(&c.tenant, c.Names)
	for i := range c.Overrides {
		if o := &c.Overrides[i]; more && o.Names != nil {
			more = yield(&o.tenant, o.Names)
		}
	}
}

// Continued returns the names files that continue on a page that was not given.
func (c *Run) Continued() (list []string) {
	for t := range c.tenants {
		if t.names.Continued() {
			list = append(list, t.continued...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list) // those of --names are every tenant's
}

// AddNames reads the names files of --names, after those of the settings.
func (c *Run) AddNames(list []string) error {
	for _, file := range list {
		for t := range c.tenants {
			if err := t.read(file, files.Display(file)); err != nil {
				return fmt.Errorf("--names: %w", err)
			}
		}
	}
	return nil
}

// readNames reads the names files that the settings name.
func (c *Run) readNames() error {
	for t, paths := range c.tenants {
		for _, p := range paths {
			if err := c.use(p, "names", t.read); err != nil {
				return err
			}
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
