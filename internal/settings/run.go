package settings

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// Run is the settings for a run in a directory, combined with those of the command line.
type Run struct {
	Settings
	// Models has the metadata that replaces the embedded facts. It may be nil.
	Models schema.Models

	// These are from the command line. Base has what is the same for all files, Flags the
	// rules, Target what is known about all payloads, and Excluded patterns for names as they
	// are given.
	Base     validate.Linter
	Flags    Rules
	Target   validate.Target
	Excluded []files.Pattern
	// Pinned is true if the API version of Target takes precedence over the settings.
	Pinned bool

	name     string // of the settings file in messages, "" for none
	file     string // the absolute path of the settings file, "" for none
	workDir  string // the directory of the run, with links followed
	absolute bool   // name files by absolute path, because workDir is not the current directory

	tenant    tenantNames
	namesSize int // the size of the names files that have been read

	made lazy.Memo // the Payloads by the overrides and schemas that apply
}

// Open reads the settings for a run in the current directory: the named file or, if
// name is "", the one that find returns. With an error about a file that was found it
// returns a Run whose Files are those found before the error.
func Open(name string) (*Run, error) { return open(name, ".", false) }

// OpenIn reads the settings for a run in a directory that need not be the current one.
// It names all files by absolute path.
func OpenIn(dir string) (*Run, error) { return open("", dir, true) }

func open(name, dir string, absolute bool) (*Run, error) {
	here, err := files.Real(dir) // as git names it
	if err != nil {
		return nil, err
	}
	shown := files.Display(name)
	if name == "" {
		if name, err = find(here); err != nil {
			return nil, files.Plain(err)
		}
		if name == "" {
			return &Run{workDir: here, absolute: absolute}, nil
		}
		shown = shownIn(here, name)
	}
	if _, err := os.Lstat(name); err != nil {
		return nil, files.Plain(err)
	}
	real, _ := files.Real(name) // fails only without a current directory
	c := &Run{name: shown, file: real, workDir: here, absolute: absolute}
	s, err := load(real, shown)
	if err != nil {
		return c, err
	}
	c.Settings = *s
	for _, read := range []func() error{c.readMetadata, c.readSchemas, c.readNames} {
		if err := read(); err != nil {
			return c, err
		}
	}
	return c, nil
}

// Description returns a sentence about which settings file is used.
func (c *Run) Description() string {
	if c.name != "" {
		return "reading settings from " + c.name
	}
	return "no " + Name + " in the current directory or, in a git repository, its parents up to the root"
}

// BaselineFile returns the path of the baseline in the settings, or "" if there is
// none. The baseline must be in the same repository.
func (c *Run) BaselineFile() (string, error) {
	if c.Baseline.Name == "" {
		return "", nil
	}
	file := c.seen(c.path(c.Baseline))
	if _, err := os.Lstat(file); errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("%s:%v: baseline: %s does not exist; write it with --write-baseline %s, or remove the setting", c.name, c.Baseline.At, files.Display(file), files.Display(file))
	}
	return file, c.readNamed(c.Baseline, "baseline", func(string, string) error { return nil })
}

// Files returns the settings file and the files that it refers to.
func (c *Run) Files() (list []string) {
	if c.file == "" {
		return nil
	}
	list = append(list, c.seen(c.file))
	named := []Located{c.Metadata.Beta, c.Metadata.V1, c.Baseline}
	for _, s := range c.Schemas {
		named = append(named, s.File)
	}
	for _, paths := range c.tenants {
		named = append(named, paths...)
	}
	for _, p := range named {
		if p.Name != "" {
			list = append(list, c.seen(c.path(p)))
		}
	}
	return list
}

// Decoded reports whether the settings are known, and so are all of their Files.
func (c *Run) Decoded() bool { return c.file == "" || c.Dir != "" }

// path returns the absolute path of a file that the settings name.
func (c *Run) path(p Located) string {
	if file := filepath.FromSlash(p.Name); filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(c.Dir, p.Name)
}

// seen returns an absolute path relative to the directory of the run unless absolute is set.
func (c *Run) seen(file string) string {
	if c.absolute {
		return file
	}
	return shownIn(c.workDir, file)
}

// shownIn returns how messages of a run in a directory show an absolute path.
func shownIn(dir, file string) string {
	if relative, err := filepath.Rel(dir, file); err == nil {
		file = relative
	}
	return files.Display(file)
}

// readNamed calls read with the path of a file in the settings, with links followed,
// and its name for messages. It does nothing if the path is empty. The file must be in
// the same repository, because parts of it may be printed, and the author of the
// settings must not choose which other files are.
func (c *Run) readNamed(p Located, key string, read func(file, shown string) error) error {
	if p.Name == "" {
		return nil
	}
	shown := files.Display(p.Name)
	if !filepath.IsAbs(shown) {
		shown = shownIn(c.workDir, c.path(p))
	}
	real, err := filepath.EvalSymlinks(c.path(p))
	switch {
	case errors.Is(err, os.ErrNotExist):
		err = fmt.Errorf("%s does not exist", shown)
	case err != nil:
		err = files.Plain(err)
	case !within(real, c.Dir):
		err = fmt.Errorf("%s must be in the same repository as the settings", shown)
	default:
		err = read(real, shown)
	}
	if err != nil {
		return fmt.Errorf("%s:%v: %s: %s", c.name, p.At, key, secret.Mask(patchlint.Unparsed([]byte(p.Name)), err.Error()))
	}
	return nil
}

// Excludes reports whether a file is excluded, or a directory if dir is true.
func (c *Run) Excludes(name string, dir bool) bool {
	// A walk calls this for every file and directory, and usually there are no patterns.
	return len(c.Excluded) > 0 && matchesAny(c.Excluded, files.Display(name), dir) || len(c.Exclude) > 0 && matchesAny(c.Exclude, c.relative(name), dir)
}

func matchesAny(patterns []files.Pattern, name string, dir bool) bool {
	return slices.ContainsFunc(patterns, func(p files.Pattern) bool { return p.Match(name, dir) })
}

// relative returns the slash-separated path of a file relative to the directory of the
// settings.
func (c *Run) relative(file string) string {
	if c.Dir == "" { // no settings, so nothing is matched with the path
		return file
	}
	absolute := file
	if !filepath.IsAbs(file) {
		absolute = filepath.Join(c.workDir, file)
	}
	relative, err := filepath.Rel(c.Dir, absolute)
	if err == nil && !filepath.IsLocal(relative) { // a link may lead there
		real, _ := files.Real(absolute)
		if real, realErr := filepath.Rel(c.Dir, real); realErr == nil && filepath.IsLocal(real) {
			relative = real
		}
	}
	if err != nil {
		return files.Display(file)
	}
	return filepath.ToSlash(relative)
}

// Resource returns the resource of a payload, or nil if unknown. The type is the
// one asked for, or else the one of the settings for the file, or else the one that the
// payload shows. given is false in the last case.
func (c *Run) Resource(file, asked string, m *schema.Model, doc *patchlint.Document) (r *schema.Type, given bool, err error) {
	if asked != "" {
		r, err = m.Resource(asked)
		return r, true, err
	}
	relative := c.relative(file)
	for _, t := range c.Types {
		if t.Files.Match(relative, false) {
			if r, err = m.Resource(t.Name.Name); err != nil {
				err = fmt.Errorf("%s: %s:%v: %w", files.Display(file), c.name, t.Name.At, err)
			}
			return r, true, err
		}
	}
	return recognize.Document(m, doc), false, nil
}
