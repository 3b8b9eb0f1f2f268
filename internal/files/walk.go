package files

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/input"
)

// Set finds the files that the arguments of a run name.
type Set struct {
	Excluded  func(name string, dir bool) bool // may be nil
	StdinName string                           // what to call standard input
	// NamedStdin is true if the user chose StdinName, so that Excluded applies to it.
	NamedStdin bool

	Notes    []string       // messages without effect on the result
	Warnings map[string]int // each with the number of files that it says were left out

	found []Source
	store // of the sources of Staged
}

// sorted returns the sources that were found, sorted by name. If they come from several
// arguments it removes duplicates; a file that was both named and found counts as named.
func (c *Set) sorted(args []string) []Source {
	l := c.found
	if c.found = nil; len(args) > 1 {
		kept, seen := l[:0], make(map[string]int) // the index of each path
		for _, s := range l {
			path := s.Path
			if absolute, err := filepath.Abs(path); err == nil && path != "-" {
				path = absolute
			}
			if i, again := seen[path]; again {
				kept[i].Found = kept[i].Found && s.Found
				continue
			}
			seen[path] = len(kept)
			kept = append(kept, s)
		}
		l = kept
	}
	slices.SortFunc(l, func(a, b Source) int { return strings.Compare(a.Name(), b.Name()) })
	return l
}

// warn adds a warning, once even if several arguments lead to it, about a number of files that
// are left out.
func (c *Set) warn(left int, format string, args ...any) {
	if c.Warnings == nil {
		c.Warnings = make(map[string]int)
	}
	c.Warnings[fmt.Sprintf(format, args...)] = left
}

// Collect returns the files that the arguments name, sorted by name and without
// duplicates. The error joins one error for each argument that fails.
func (c *Set) Collect(args []string) ([]Source, error) {
	var failures []error
	for _, arg := range args {
		failures = append(failures, c.argument(arg))
	}
	return c.sorted(args), errors.Join(failures...)
}

func (c *Set) argument(arg string) error {
	if arg == "-" {
		name := filepath.ToSlash(c.StdinName)
		c.found = append(c.found, Source{Path: "-", virtual: &virtual{name: name, excluded: c.NamedStdin && c.excluded(name, false)}})
		return nil
	}
	info, err := os.Stat(arg)
	switch {
	case err == nil && c.excluded(Display(arg), info.IsDir()):
		c.Notes = append(c.Notes, named(arg)+" is excluded")
		return nil
	case err == nil && info.IsDir():
		return walker{Set: c}.start(arg)
	case err == nil:
		c.found = append(c.found, Source{Path: Display(arg)})
		return nil
	case errors.Is(err, fs.ErrNotExist) && isPattern(arg):
		return c.glob(arg)
	}
	return Plain(err)
}

func isPattern(arg string) bool { return strings.ContainsAny(arg, "*?[{") }

// splitPattern splits an argument into the directory to search and a pattern below it.
func splitPattern(arg string) (base, pattern string, err error) {
	if err := checkPattern(arg); err != nil {
		return "", "", fmt.Errorf("pattern %s %w", inert.Quote(arg), err)
	}
	base, pattern = doublestar.SplitPattern(filepath.ToSlash(arg))
	return Display(base), path.Clean(pattern), nil
}

// glob finds the files that a pattern matches.
func (c *Set) glob(arg string) error {
	base, pattern, err := splitPattern(arg)
	if err != nil {
		return err
	}
	tree := &globTree{Set: c, base: base, failed: make(map[string]bool)}
	matches, err := doublestar.Glob(tree, pattern, doublestar.WithFilesOnly(), doublestar.WithNoFollow())
	if err = errors.Join(append(tree.failures, err)...); err == nil && len(matches) == 0 {
		return fmt.Errorf("%s: no file matches", filepath.ToSlash(arg))
	}
	slices.Sort(matches) // several parts of the pattern may match a file
	for _, match := range slices.Compact(matches) {
		c.find(Source{Path: Display(filepath.Join(base, match)), Found: true})
	}
	return err
}

// globTree is the tree of files below a directory, for a pattern. It collects failures,
// except in excluded files and directories.
type globTree struct {
	*Set
	base     string
	failures []error
	failed   map[string]bool // the names with a failure
}

func (t *globTree) Open(name string) (fs.File, error) { return os.Open(filepath.Join(t.base, name)) }

func (t *globTree) Stat(name string) (fs.FileInfo, error) {
	name = filepath.Join(t.base, name)
	info, err := os.Stat(name)
	return info, t.check(name, err)
}

func (t *globTree) ReadDir(name string) ([]fs.DirEntry, error) {
	name = filepath.Join(t.base, name)
	entries, err := os.ReadDir(name)
	return entries, t.check(name, err)
}

// check returns err, and adds it to the failures: once, although a directory may be read
// for several parts of the pattern.
func (t *globTree) check(name string, err error) error {
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) && !t.failed[name] && !t.excluded(name, true) {
		t.failures, t.failed[name] = append(t.failures, Plain(err)), true
	}
	return err
}

// find adds a file that a walk or pattern found, unless it is excluded.
func (c *Set) find(s Source) {
	switch {
	case c.excluded(s.Path, false):
	case !s.regular && leavesRepository(s.Path):
		c.warn(1, "skipped %s: the symbolic link points outside the repository", s.Path)
	default:
		c.found = append(c.found, s)
	}
}

func (c *Set) excluded(name string, dir bool) bool {
	return c.Excluded != nil && c.Excluded(name, dir)
}

// Below returns the files that a walk through top finds directly in dir: none if dir is
// neither top nor below it, or cannot be read.
func (c *Set) Below(top, dir string) []Source {
	relative, err := filepath.Rel(top, dir)
	if err != nil || relative != "." && !filepath.IsLocal(relative) {
		return nil
	}
	w := walker{Set: c, single: true}
	if relative != "." {
		w.descend = strings.Split(filepath.ToSlash(relative), "/")
	}
	_ = w.start(top)
	return c.sorted(nil)
}

// start walks a directory to find the payload files below it. It skips excluded directories,
// node_modules and, in a work tree, what its .gitignore files ignore, unless git tracks the
// files. It does not obey .git/info/exclude or core.excludesFile: these are not committed,
// so nobody reviews what they hide.
func (w walker) start(dir string) error {
	real, err := Real(dir)
	if err != nil {
		return err
	}
	d := directory{tree: &workTree{asked: true}}
	if shown := Display(dir); shown != "." {
		d.prefix = strings.TrimSuffix(shown, "/") + "/" // the root is "/"
	}
	// The directory was named, so it is walked even if it is ignored itself.
	for _, root := range slices.Backward(repositories(filepath.Dir(real))) {
		if top, inside := below(root, real); inside { // the root of the file system is above itself
			d.tree, d.base = &workTree{root: root, outer: d.tree, top: top, listed: path.Join(top, w.next())}, top+"/"
		}
	}
	return w.walk(d)
}

type walker struct {
	*Set
	single  bool     // list the files of one directory only
	descend []string // the names that lead to that directory from here
}

// next returns the name of the only directory to walk from here, or "" for all.
func (w *walker) next() string { return path.Join(w.descend[:min(1, len(w.descend))]...) }

// directory is a directory that a walk visits.
type directory struct {
	prefix string // the start of the displayed paths of its files
	tree   *workTree
	base   string // relative to the root of the work tree or walk, with a trailing slash
}

func (w *walker) walk(d directory) error {
	name := cmp.Or(d.prefix, ".")
	entries, err := os.ReadDir(name)
	if err != nil {
		err = fmt.Errorf("%s: %w", Display(name), withoutPath(err))
	}
	failures := []error{err}
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == ".git" }) {
		root, _ := Real(name) // fails only without a current directory
		d.tree, d.base = &workTree{root: root, outer: d.tree, listed: w.next()}, ""
	}
	descend := w.descend
	w.descend = descend[min(1, len(descend)):]
	for _, entry := range entries {
		name := entry.Name()
		switch {
		case entry.IsDir():
			if name == ".git" || w.excluded(d.prefix+name, true) || w.single && (len(descend) == 0 || name != descend[0]) || d.tree.ignores(w, d.base+name+"/") {
				break
			}
			failures = append(failures, w.walk(directory{d.prefix + name + "/", d.tree, d.base + name + "/"}))
		case len(descend) == 0:
			if _, walked := input.ForName(name); walked && !d.tree.ignores(w, d.base+name) {
				w.find(Source{Path: d.prefix + name, Found: true, regular: entry.Type().IsRegular()})
			}
		}
	}
	return errors.Join(failures...)
}
