package settings

import (
	"fmt"
	"slices"

	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/validate"
)

// maxNames is the maximum size of a names file in bytes, and maxAllNames that of the names
// files of all tenants together, each counted for each tenant.
const (
	maxNames    = 64 << 20
	maxAllNames = 256 << 20
)

// tenantNames holds the content of the names files of a tenant.
type tenantNames struct {
	names     *validate.Names
	continued []string // files that end with a response that has a next page
}

// tenants yields the names of each tenant with the names files that the settings list
// for it.
func (c *Run) tenants(yield func(*tenantNames, []Located) bool) {
	more := yield(&c.tenant, c.Names)
	for i := range c.Overrides {
		if o := &c.Overrides[i]; more && o.Names != nil {
			more = yield(&o.tenant, o.Names)
		}
	}
}

// Continued returns the names files that lack the next page of a response.
func (c *Run) Continued() (list []string) {
	for t := range c.tenants {
		if t.names.Continued() {
			list = append(list, t.continued...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list) // a file of --names is read for each tenant
}

// AddNames reads the files of --names, after those of the settings.
func (c *Run) AddNames(list []string) error {
	for _, file := range list {
		for t := range c.tenants {
			if err := c.addNames(t, file, files.Display(file)); err != nil {
				return fmt.Errorf("--names: %w", err)
			}
		}
	}
	return nil
}

// readNames reads the names files listed in the settings.
func (c *Run) readNames() error {
	for t, paths := range c.tenants {
		for _, p := range paths {
			err := c.readNamed(p, "names", func(file, shown string) error { return c.addNames(t, file, shown) })
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// addNames adds the names in a regular file to those of a tenant. shown is its name in
// errors.
func (c *Run) addNames(t *tenantNames, file, shown string) error {
	src, err := files.ReadRegular(file, shown, maxNames)
	if err != nil {
		return err
	}
	if c.namesSize += len(src); c.namesSize > maxAllNames {
		return fmt.Errorf("%s: the names files of all tenants have more than %d bytes in total", shown, maxAllNames)
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
