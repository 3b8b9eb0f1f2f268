package settings

import (
	"fmt"
	"path/filepath"

	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/validate"
)

// maxNames is the size of the largest names file that is read, in bytes.
const maxNames = 64 << 20

// NamesOf reads the names files of the settings and then those of --names. It returns
// nil where there are none, and the files that continue on a page that was not given.
func (c *Run) NamesOf(flags []string) (names *validate.Names, continued []string, err error) {
	if len(c.Names)+len(flags) == 0 {
		return nil, nil, nil
	}
	names = new(validate.Names)
	for _, p := range c.Names {
		file := c.fromHere(p)
		if !c.owns(file) {
			return nil, nil, fmt.Errorf("%s:%v: names: %s must be in the same repository; name it with --names instead", c.name, p.At, files.Display(file))
		}
		if err := read(names, file, &continued); err != nil {
			return nil, nil, fmt.Errorf("%s:%v: names: %w", c.name, p.At, err)
		}
	}
	for _, file := range flags {
		if err := read(names, file, &continued); err != nil {
			return nil, nil, fmt.Errorf("--names: %w", err)
		}
	}
	if !names.Continued() {
		continued = nil // the last page of each was among them
	}
	return names, continued, nil
}

// owns reports whether a file is in the repository of the settings, or without one
// in their directory, wherever links lead: settings that somebody proposes must not
// have other files shown.
func (c *Run) owns(file string) bool {
	if !filepath.IsAbs(file) {
		file = filepath.Join(c.here, file)
	}
	target, err := filepath.EvalSymlinks(file)
	if err != nil {
		target = file // reading it says what is wrong
	}
	return within(target, c.Dir, files.Repository(c.Dir))
}

// read adds the names of a file, and the file to those that continue.
func read(names *validate.Names, file string, continued *[]string) error {
	src, err := files.ReadRegular(file, maxNames)
	if err != nil {
		return files.Plain(err)
	}
	more, err := names.Add(src)
	if err != nil {
		return fmt.Errorf("%s:%w", files.Display(file), err)
	}
	if more {
		*continued = append(*continued, files.Display(file))
	}
	return nil
}
