package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
)

// source is one file to read. There may be very many.
type source struct {
	path string // with forward slashes, which every system takes; "-" is standard input
	// found says that a walk or a pattern came upon the file: nobody named it,
	// so it is passed over when it shows no known type.
	found   bool
	regular bool // its directory says that it is a regular file
	*elsewhere
}

// elsewhere is where the content of a source comes from, when that is not its
// file.
type elsewhere struct {
	name     string // of standard input
	excluded bool   // it is passed over, and goes to standard output where that takes its place
	blob     string // the object in git, and
	dir      string // a directory of its repository
}

// name is how the source is shown.
func (s *source) name() string {
	if s.path == "-" {
		return s.elsewhere.name
	}
	return s.path
}

// collector gathers the files that arguments stand for.
type collector struct {
	exclude []files.Pattern
	config  *config // its exclusions; may be nil
	stdin   string  // what to call standard input
	sources []source
	seen    map[string]int

	yield    func(source) bool // takes the files in place of sources, until stopped
	stopped  bool
	failures []error
	note     func(format string, args ...any)
}

// each yields the files that arguments stand for, as collect returns them. Those
// of one directory are yielded while it is walked; what cannot be read of it is
// then among c.failures. Alone says that there is one payload at the most.
func (c *collector) each(args []string, staged bool) (files iter.Seq[source], alone bool, err error) {
	if len(args) == 1 && !staged && args[0] != "-" && isDirectory(args[0]) {
		if real, err := realPath(args[0]); err == nil && repositoryRoot(real) == "" {
			return func(yield func(source) bool) {
				c.yield = yield
				if err := c.walkPlain(args[0]); err != nil {
					c.failures = append(c.failures, err)
				}
			}, false, nil
		}
	}
	sources, err := c.collect(args, staged)
	switch len(sources) {
	case 0:
		alone = true
	case 1:
		format, _ := input.ForName(sources[0].name())
		alone = !format.Several
	}
	return slices.Values(sources), alone, err
}

// collect returns the files for the arguments, sorted by name, each once. The
// error names every argument that stands for nothing.
func (c *collector) collect(args []string, staged bool) ([]source, error) {
	if len(args) > 1 {
		c.seen = make(map[string]int) // two of them may lead to one file
	}
	if staged {
		return c.staged(args)
	}
	var failures []error
	for _, arg := range args {
		if err := c.argument(arg); err != nil {
			failures = append(failures, err)
		}
	}
	c.sort()
	return c.sources, errors.Join(failures...)
}

func (c *collector) sort() {
	slices.SortFunc(c.sources, func(a, b source) int { return strings.Compare(a.name(), b.name()) })
}

func (c *collector) argument(arg string) error {
	if arg == "-" {
		name := filepath.ToSlash(c.stdin)
		c.add(source{path: "-", elsewhere: &elsewhere{name: name, excluded: c.stdin != noName && c.excluded(name)}})
		return nil
	}
	if arg == "" {
		return errors.New("an empty path names no file")
	}
	info, err := os.Stat(arg)
	switch {
	case err == nil && info.IsDir():
		return c.walk(arg)
	case err == nil:
		if !c.excluded(arg) {
			c.add(source{path: display(arg)})
		} else {
			c.note("%s is excluded", display(arg))
		}
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return plain(err)
	case strings.ContainsAny(arg, "*?[{"):
		return c.glob(arg)
	}
	return missing(arg)
}

// glob adds the files that a pattern matches; "**" matches any directories.
func (c *collector) glob(pattern string) error {
	if _, err := files.ParsePattern(pattern); err != nil {
		return usageError{fmt.Errorf("pattern %s %w", patchlint.Quote(pattern), err)}
	}
	matches, err := doublestar.FilepathGlob(pattern, doublestar.WithFilesOnly(), doublestar.WithFailOnIOErrors(), doublestar.WithNoFollow())
	switch {
	case errors.Is(err, doublestar.ErrBadPattern):
		return usageError{fmt.Errorf("%s: %w", display(pattern), err)}
	case err != nil:
		return plain(err)
	}
	if len(matches) == 0 {
		return fmt.Errorf("%s: no file matches", display(pattern))
	}
	for _, match := range matches {
		if err := c.regular(display(match)); err != nil {
			return err
		}
	}
	return nil
}

// find adds a file that was come upon, under the name that it is shown by.
func (c *collector) find(file string) {
	if !c.excluded(file) {
		c.add(source{path: file, found: true})
	}
}

func (c *collector) add(s source) {
	switch {
	case c.stopped:
		return
	case c.yield != nil:
		c.stopped = !c.yield(s)
		return
	case c.seen == nil:
		c.sources = append(c.sources, s)
		return
	}
	key := s.path
	if key != "-" {
		if absolute, err := filepath.Abs(s.path); err == nil {
			key = absolute
		}
	}
	if i, again := c.seen[key]; again {
		c.sources[i].found = c.sources[i].found && s.found
		return
	}
	c.seen[key] = len(c.sources)
	c.sources = append(c.sources, s)
}

// excluded reports whether --exclude or the config passes a file over.
func (c *collector) excluded(file string) bool {
	if shown := display(file); slices.ContainsFunc(c.exclude, func(p files.Pattern) bool { return p.Match(shown) }) {
		return true
	}
	if c.config == nil || len(c.config.Exclude) == 0 {
		return false
	}
	relative := c.config.relative(file)
	return slices.ContainsFunc(c.config.Exclude, func(p files.Pattern) bool { return p.Match(relative) })
}

// walk adds the payload files below a directory. In a git work tree git itself
// says which files there are, because only it knows what is ignored.
func (c *collector) walk(dir string) error {
	listed, err := gitFiles(dir)
	if err != nil {
		c.note("git cannot list %s, so .gitignore is not obeyed there: %v", display(dir), err)
	}
	if listed == nil || err != nil {
		return c.walkPlain(dir)
	}
	prefix := prefixOf(dir)
	c.sources = slices.Grow(c.sources, len(listed))
	for _, file := range listed {
		if strings.Contains(file, "node_modules") && slices.Contains(strings.Split(file, "/"), "node_modules") {
			continue
		}
		if _, walked := input.ForName(file); walked && !strings.HasSuffix(file, "/") {
			c.find(prefix + file) // whether it is there, and a file, is seen when it is read
			continue
		}
		joined := filepath.Join(dir, filepath.FromSlash(file))
		info, err := os.Lstat(joined)
		// A repository inside this one, which git does not look into. For one
		// that is not checked out git lists the directory itself.
		if err == nil && info.IsDir() && joined != filepath.Clean(dir) {
			if err := c.walk(joined); err != nil {
				return err
			}
		}
	}
	return nil
}

// regular adds what is not known to be a regular file, if it is one. Whether a
// link leads anywhere is seen when it is read.
func (c *collector) regular(file string) error {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c.find(file)
	case err != nil:
		return plain(err)
	case info.Mode().IsRegular():
		c.find(file)
	}
	return nil
}

// walkPlain adds the payload files below a directory that git says nothing of,
// in the order of their paths.
func (c *collector) walkPlain(dir string) error {
	entries, err := os.ReadDir(dir)
	failures := []error{plain(err)}
	// ReadDir sorts by name. In the order of paths a directory stands where its
	// name and a slash do.
	if slices.ContainsFunc(entries, fs.DirEntry.IsDir) {
		slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(inPath(a), inPath(b)) })
	}
	prefix := prefixOf(dir)
	for _, entry := range entries {
		name := entry.Name()
		file := prefix + name
		_, walked := input.ForName(name)
		switch {
		case c.stopped:
			return nil
		case entry.IsDir():
			if name != ".git" && name != "node_modules" {
				failures = append(failures, c.walkPlain(file))
			}
		case !walked:
		case entry.Type().IsRegular():
			if !c.excluded(file) {
				c.add(source{path: file, found: true, regular: true})
			}
		default:
			failures = append(failures, c.regular(file))
		}
	}
	return errors.Join(failures...)
}

// prefixOf is what the paths of the files in a directory are shown to start with.
func prefixOf(dir string) string {
	prefix := display(dir)
	switch {
	case prefix == ".":
		return ""
	case strings.HasSuffix(prefix, "/"): // the root
		return prefix
	}
	return prefix + "/"
}

// inPath is the name of an entry as it stands in the paths that hold it.
func inPath(entry fs.DirEntry) string {
	if entry.IsDir() {
		return entry.Name() + "/"
	}
	return entry.Name()
}

// display is how a path is shown and compared: clean, with forward slashes.
func display(file string) string { return filepath.ToSlash(filepath.Clean(file)) }

// missing is the error of a path that does not exist.
func missing(name string) error {
	if _, err := os.Lstat(name); err == nil {
		return fmt.Errorf("%s is a link that leads nowhere", display(name))
	}
	if near := nearestPath(name); near != "" {
		return fmt.Errorf("%s: no such file or directory; did you mean %s?", display(name), display(near))
	}
	return fmt.Errorf("%s: no such file or directory", display(name))
}

// nearestPath returns the existing path that a missing one is nearest to.
func nearestPath(missing string) string {
	dir, name := filepath.Split(filepath.Clean(missing))
	entries, err := os.ReadDir(cmp.Or(dir, "."))
	if err != nil {
		return ""
	}
	// That two names end alike makes them no nearer.
	stem, extension := strings.TrimSuffix(name, filepath.Ext(name)), filepath.Ext(name)
	var stems, others []string
	for _, e := range entries {
		if other, ok := strings.CutSuffix(e.Name(), extension); ok {
			stems = append(stems, other)
		} else {
			others = append(others, e.Name())
		}
	}
	if near := patchlint.Nearest(stem, stems); near != "" {
		return dir + near + extension
	}
	if near := patchlint.Nearest(name, others); near != "" {
		return dir + near
	}
	return ""
}

// errNotRegular is the error of a pipe, device or directory that was come upon.
var errNotRegular = errors.New("no regular file")

// open opens a file; "-" is standard input. Regular says that the file is known
// to be no pipe or device, regularOnly that it must be none.
func open(name string, stdin io.Reader, regular, regularOnly bool) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(stdin), nil
	}
	f, err := openFile(name, regular, regularOnly)
	return f, plain(err)
}

// plain takes the name of the system call out of an error about a path.
func plain(err error) error {
	if err == nil {
		return nil
	}
	var failure *fs.PathError
	if errors.As(err, &failure) {
		return fmt.Errorf("%s: %w", display(failure.Path), failure.Err)
	}
	return err
}
