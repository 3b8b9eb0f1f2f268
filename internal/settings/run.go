package settings

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// Run is the settings of a run in the current directory.
type Run struct {
	Settings
	// Models has the metadata in force; nil means the embedded facts alone.
	Models schema.Models

	name string    // what to call their file, "" for none
	file string    // its path, "" for none
	here string    // the directory of the run, without symbolic links
	away bool      // that is not the current directory
	dirs *sync.Map // directories of files that are elsewhere, to the same without links

	tenant tenant
}

// Open returns the settings for a run in the current directory: those of the named
// file, else of the nearest .patchlint.yaml that find finds.
func Open(name string) (*Run, error) {
	here, err := files.Real(".") // as git sees it, whatever links lead there
	if err != nil {
		if here, err = os.Getwd(); err != nil {
			return nil, err
		}
	}
	return open(name, here, false)
}

// OpenIn returns the settings for a run in a directory that need not be the current
// one. Every file is then named by its absolute path.
func OpenIn(dir string) (*Run, error) {
	here, err := files.Real(dir)
	if err != nil {
		return nil, err
	}
	return open("", here, true)
}

func open(name, here string, away bool) (*Run, error) {
	if name == "" {
		var err error
		if name, err = find(here, files.Repository(here)); err != nil {
			return nil, files.Plain(err)
		}
		if name == "" {
			return &Run{here: here, away: away}, nil
		}
	}
	if _, err := os.Lstat(name); err != nil {
		return nil, files.Plain(err)
	}
	real, err := files.Real(name)
	if err != nil {
		return nil, err
	}
	c := &Run{name: files.Display(name), file: real, here: here, away: away, dirs: new(sync.Map)}
	if relative, err := filepath.Rel(here, real); err == nil {
		c.name = files.Display(relative)
	}
	s, err := load(real, c.name, files.Repository(filepath.Dir(real)))
	if err != nil {
		return nil, err
	}
	c.Settings = *s
	for _, read := range []func() error{c.readMetadata, c.readSchemas, c.readNames} {
		if err := read(); err != nil {
			return c, err
		}
	}
	return c, nil
}

// File returns the absolute path of the settings file, "" for none.
func (c *Run) File() string { return c.file }

// InForce says which settings file is in force.
func (c *Run) InForce() string {
	switch {
	case c.name != "":
		return "settings are read from " + c.name
	case files.Repository(c.here) == "":
		return "no " + Name + " in the current directory; directories above it are searched in a git repository only"
	}
	return "no " + Name + " in the current directory or above it up to the root of the repository"
}

// BaselineFile returns the path of the baseline that the settings name, "" for
// none, as it is named in the current directory. It must be in the same repository.
func (c *Run) BaselineFile() (string, error) {
	if c.Baseline.Name == "" {
		return "", nil
	}
	file := c.fromHere(c.Baseline)
	if _, err := os.Lstat(file); errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("%s:%v: baseline: %s does not exist; write it with --write-baseline %s, or remove the setting", c.name, c.Baseline.At, files.Display(file), files.Display(file))
	}
	return file, c.use(c.Baseline, "baseline", func(string, string) error { return nil })
}

// Files returns the files that the settings name, to be read with them.
func (c *Run) Files() (list []string) {
	named := []Path{c.Metadata.Beta, c.Metadata.V1, c.Baseline}
	for _, s := range c.Schemas {
		named = append(named, s.File)
	}
	for _, paths := range c.tenants {
		named = append(named, paths...)
	}
	for _, p := range named {
		if p.Name != "" {
			list = append(list, c.fromHere(p))
		}
	}
	return list
}

// fromHere returns a path of the settings as it is named in the current directory.
func (c *Run) fromHere(p Path) string {
	file := filepath.FromSlash(p.Name)
	if !filepath.IsAbs(file) {
		file = filepath.Join(c.Dir, file)
		if relative, err := filepath.Rel(c.here, file); err == nil && !c.away {
			file = relative
		}
	}
	return file
}

// use has a file read that the settings name under a key, "" for none. It must be in
// the same repository: parts of it may be printed, and the author of settings must not
// choose of which file. The reader is given its path, with links followed, and how
// to show it.
func (c *Run) use(p Path, key string, read func(file, shown string) error) error {
	if p.Name == "" {
		return nil
	}
	file := c.fromHere(p)
	shown := files.Display(file)
	if relative, err := filepath.Rel(c.here, file); err == nil && c.away {
		shown = files.Display(relative) // as messages of a run there have it
	}
	real, err := filepath.Abs(file)
	if err == nil {
		real, err = filepath.EvalSymlinks(real)
	}
	switch {
	case errors.Is(err, os.ErrNotExist):
		err = fmt.Errorf("%s does not exist", shown)
	case err != nil:
		err = files.Plain(err)
	case !within(real, c.Dir, files.Repository(c.Dir)):
		err = fmt.Errorf("%s must be in the same repository as the settings", shown)
	default:
		err = read(real, shown)
	}
	if err != nil {
		return fmt.Errorf("%s:%v: %s: %w", c.name, p.At, key, err)
	}
	return nil
}

// Excludes reports whether the settings exclude a file.
func (c *Run) Excludes(file string) bool {
	return len(c.Exclude) > 0 && slices.ContainsFunc(c.Exclude, func(p files.Pattern) bool { return p.Match(c.relative(file)) })
}

// relative returns a file's path from the directory of the settings, with forward
// slashes.
func (c *Run) relative(file string) string {
	if c.Dir == "" {
		return files.Display(file)
	}
	absolute := file
	if !filepath.IsAbs(file) {
		absolute = filepath.Join(c.here, file)
	}
	relative, err := filepath.Rel(c.Dir, absolute)
	if err == nil && !filepath.IsLocal(relative) { // unless a link leads there
		if real, realErr := filepath.Rel(c.Dir, c.real(absolute)); realErr == nil && filepath.IsLocal(real) {
			relative = real
		}
	}
	if err != nil {
		return files.Display(file)
	}
	return filepath.ToSlash(relative)
}

// real is the path of a file without links on the way to it.
func (c *Run) real(file string) string {
	dir, name := filepath.Split(file)
	known, ok := c.dirs.Load(dir)
	if !ok {
		followed, err := filepath.EvalSymlinks(dir)
		if err != nil {
			followed = dir
		}
		known, _ = c.dirs.LoadOrStore(dir, followed)
	}
	return filepath.Join(known.(string), name)
}

// Resource tells what a payload of a file is in a model: what asked says, the name of a
// type or "", else the settings for the file, else what the payload shows; nil for
// nothing. Given says that it is not from the payload.
func (c *Run) Resource(file, asked string, m *schema.Model, doc *patchlint.Document) (r *schema.Resource, given bool, err error) {
	if asked != "" {
		r, err = m.Resource(asked)
		return r, true, err
	}
	if len(c.Types) > 0 {
		relative := c.relative(file)
		for _, t := range c.Types {
			if t.Files.Match(relative) {
				if r, err = m.Resource(t.Name.Name); err != nil {
					err = fmt.Errorf("%s: %s:%v: %w", files.Display(file), c.name, t.Name.At, err)
				}
				return r, true, err
			}
		}
	}
	return recognize.Document(m, doc), false, nil
}

// Linters hands out the Linter for a file: what the settings say of its rules, and
// over that the command line.
type Linters struct {
	*Run
	Base  validate.Linter
	Flags Rules
	// Target is what the command line says of all payloads, or the default.
	Target validate.Target
	// Pinned says that the API version of Target comes from the command line, which
	// overrides the settings.
	Pinned bool

	made sync.Map // Linters, by what applies to a file
}

// Of returns the Linter for a file, and what is known of the payloads in it. It may be
// called by several goroutines.
func (l *Linters) Of(file string) (*validate.Linter, validate.Target) {
	e, target := l.Environment(file), l.Target
	if !l.Pinned && e.APIVersion != "" {
		target.Version = e.APIVersion
	}
	layers := []Rules{l.Rules}
	teams := slices.Clip(l.Base.TeamSchemas)
	key := ""
	if len(l.Overrides)+len(l.Schemas) > 0 {
		relative := l.relative(file)
		for i, o := range l.Overrides {
			if o.Files.Match(relative) {
				layers = append(layers, o.Rules)
				key += fmt.Sprint(i, " ")
			}
		}
		for i, s := range l.Schemas {
			if len(s.Files) == 0 || slices.ContainsFunc(s.Files, func(p files.Pattern) bool { return p.Match(relative) }) {
				teams = append(teams, s.read.Check)
				key += fmt.Sprint("s", i, " ")
			}
		}
	}
	if made, ok := l.made.Load(key); ok {
		return made.(*validate.Linter), target
	}
	made := l.Base
	made.TeamSchemas = teams
	made.Placeholders = l.Placeholders
	made.Names = e.Names
	made.Severities = make(map[string]patchlint.Severity)
	dropped := make(map[string]bool)
	for _, rules := range append(layers, l.Flags) {
		for id, s := range rules {
			dropped[id] = s == Off
			if s == Off {
				delete(made.Severities, id)
			} else {
				made.Severities[id] = s
			}
		}
	}
	drop := func(r *validate.Rule) bool { return dropped[r.ID] }
	if all := validate.Rules(); slices.ContainsFunc(all, drop) {
		made.Rules = slices.DeleteFunc(all, drop)
	}
	l.made.Store(key, &made)
	return &made, target
}
