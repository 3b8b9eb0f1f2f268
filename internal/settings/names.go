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

// Continued returns the names files that continue on a page that was not given.
func (c *Run) Continued() (list []string) {
	for _, t := range c.tenants() {
		if t.names.Continued() {
			list = append(list, t.continued...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list) // those of --names are every tenant's
}

// tenants returns those that payloads may be for.
func (c *Run) tenants() []*tenant {
	list := []*tenant{&c.tenant}
	for i := range c.Overrides {
		if c.Overrides[i].Names != nil {
			list = append(list, &c.Overrides[i].tenant)
		}
	}
	return list
}

// AddNames reads the names files of --names, after those of the settings.
func (c *Run) AddNames(list []string) error {
	for _, file := range list {
		for _, t := range c.tenants() {
			if err := t.read(file, files.Display(file)); err != nil {
				return fmt.Errorf("--names: %w", err)
			}
		}
	}
	return nil
}

// readNames reads the names files that the settings name.
func (c *Run) readNames() error {
	read := func(t *tenant, list []Path) error {
		for _, p := range list {
			real, shown, err := c.ours(p)
			if err == nil {
				err = t.read(real, shown)
			}
			if err != nil {
				return fmt.Errorf("%s:%v: names: %w", c.name, p.At, err)
			}
		}
		return nil
	}
	err := read(&c.tenant, c.Names)
	for i := range c.Overrides {
		if err == nil {
			err = read(&c.Overrides[i].tenant, c.Overrides[i].Names)
		}
	}
	return err
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
