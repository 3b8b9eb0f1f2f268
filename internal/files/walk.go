package files

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/input"
)

// Set is the files that the arguments of a run name.
type Set struct {
	Excluded  func(name string) bool // may be nil
	StdinName string
	// NamedStdin says that StdinName was given, so that Excluded is asked about it.
	NamedStdin bool

	// When all files have been yielded, what could not be read of a directory, and
	// what is worth a word and changes nothing.
	Failures []error
	Notes    []string
	// Unchecked says of files that were found and are not yielded why.
	Unchecked []string

	objects []*objects
}

// found collects sources, each once.
type found struct {
	sources []Source
	seen    map[string]int // by path; nil where none can come twice
}

// foundBy returns one for the files of some arguments.
func foundBy(args []string) *found {
	if len(args) < 2 {
		return new(found)
	}
	return &found{seen: make(map[string]int)}
}

func (f *found) add(s Source) bool {
	if f.seen != nil {
		key := s.Path
		if absolute, err := filepath.Abs(s.Path); err == nil && key != "-" {
			key = absolute
		}
		if i, again := f.seen[key]; again {
			f.sources[i].Found = f.sources[i].Found && s.Found
			return true
		}
		f.seen[key] = len(f.sources)
	}
	f.sources = append(f.sources, s)
	return true
}

func (f *found) sorted() []Source {
	slices.SortFunc(f.sources, func(a, b Source) int { return strings.Compare(a.Name(), b.Name()) })
	return f.sources
}

// Each yields the files that arguments name, as Collect returns them. Those of one
// directory are yielded while it is walked; what cannot be read of it is then
// among the Failures.
func (c *Set) Each(args []string) (iter.Seq[Source], error) {
	if len(args) == 1 && args[0] != "-" && IsDirectory(args[0]) {
		return func(yield func(Source) bool) {
			if err := c.walk(args[0], yield); err != nil {
				c.Failures = append(c.Failures, err)
			}
		}, nil
	}
	sources, err := c.Collect(args)
	return slices.Values(sources), err
}

func (c *Set) note(format string, args ...any) {
	c.Notes = append(c.Notes, fmt.Sprintf(format, args...))
}

// Collect returns the files for the arguments, sorted by name, each once. The
// error names every argument that names nothing.
func (c *Set) Collect(args []string) ([]Source, error) {
	found := foundBy(args)
	var failures []error
	for _, arg := range args {
		failures = append(failures, c.argument(arg, found.add))
	}
	return found.sorted(), errors.Join(failures...)
}

func (c *Set) argument(arg string, yield func(Source) bool) error {
	if arg == "-" {
		name := filepath.ToSlash(c.StdinName)
		yield(Source{Path: "-", elsewhere: &elsewhere{name: name, excluded: c.NamedStdin && c.excluded(name)}})
		return nil
	}
	if arg == "" {
		return errors.New("an empty path names no file")
	}
	info, err := os.Stat(arg)
	switch {
	case err == nil && info.IsDir():
		return c.walk(arg, yield)
	case err == nil:
		if !c.excluded(arg) {
			yield(Source{Path: Display(arg)})
		} else {
			c.note("%s is excluded", Display(arg))
		}
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return Plain(err)
	case isPattern(arg):
		return c.glob(arg, yield)
	}
	return Missing(arg)
}

func isPattern(arg string) bool { return strings.ContainsAny(arg, "*?[{") }

// ErrPattern is the error of an argument that is not a valid pattern.
var ErrPattern = errors.New("pattern")

// checkPattern returns what is wrong with an argument that is a pattern.
func checkPattern(arg string) error {
	if _, err := ParsePattern(arg); err != nil {
		return fmt.Errorf("%w %s %w", ErrPattern, inert.Quote(arg), err)
	}
	return nil
}

// glob adds the files that a pattern matches; "**" matches any directories.
func (c *Set) glob(pattern string, yield func(Source) bool) error {
	if err := checkPattern(pattern); err != nil {
		return err
	}
	matches, err := doublestar.FilepathGlob(pattern, doublestar.WithFilesOnly(), doublestar.WithFailOnIOErrors(), doublestar.WithNoFollow())
	if err != nil {
		return Plain(err)
	}
	if len(matches) == 0 {
		return fmt.Errorf("%s: no file matches", Display(pattern))
	}
	for _, match := range matches {
		c.find(Source{Path: Display(match), Found: true}, yield)
	}
	return nil
}

// find yields a file that nobody named, unless it is excluded. It returns false when
// no more are wanted.
func (c *Set) find(s Source, yield func(Source) bool) bool {
	switch {
	case c.excluded(s.Path):
	case !s.regular && leavesRepository(s.Path):
		c.Unchecked = append(c.Unchecked, fmt.Sprintf("skipped %s: the symbolic link leads out of the repository", s.Path))
	default:
		return yield(s)
	}
	return true
}

func (c *Set) excluded(name string) bool { return c.Excluded != nil && c.Excluded(name) }

// workTree is a directory with .git that a walk is in.
type workTree struct {
	root    string
	outer   *workTree // that it lies in
	read    bool
	index   []string
	unknown bool // the index cannot be read
}

// walk adds the payload files below a directory, in the order of their paths. In a
// work tree those that .gitignore files in it ignore are skipped, and everywhere
// those in a node_modules, unless git tracks them. The other files that git obeys,
// .git/info/exclude and core.excludesFile, are not obeyed: they are in no commit, so
// nobody reviews what they hide.
func (c *Set) walk(dir string, yield func(Source) bool) error {
	return walker{Set: c, yield: yield}.from(dir)
}

// Below returns the files that a walk through a directory comes upon in one below
// it, or in itself, and not in those below that.
func (c *Set) Below(top, dir string) ([]Source, error) {
	relative, err := filepath.Rel(top, dir)
	if err != nil || relative != "." && !filepath.IsLocal(relative) {
		return nil, fmt.Errorf("%s is not below %s", Display(dir), Display(top))
	}
	var found found
	w := walker{Set: c, yield: found.add, narrow: true}
	if relative != "." {
		w.toward = strings.Split(filepath.ToSlash(relative), "/")
	}
	err = w.from(top)
	return found.sorted(), err
}

func (w walker) from(dir string) error {
	real, err := Real(dir)
	if err != nil {
		return Plain(err)
	}
	d := directory{name: dir, real: real, prefix: prefixOf(dir)}
	// That the directory is ignored itself does not count: it was named.
	for _, root := range slices.Backward(repositories(filepath.Dir(real))) {
		if root != real { // the root of the file system is above itself
			d.tree = &workTree{root: root, outer: d.tree}
		}
	}
	if d.tree != nil {
		path, _ := below(d.tree.root, real)
		for element := range strings.SplitSeq(path, "/") {
			d.ignore = w.readIgnore(filepath.Join(d.tree.root, filepath.FromSlash(d.base)), d.base, d.ignore)
			d.base += element + "/"
		}
	}
	return w.walk(d)
}

type walker struct {
	*Set
	yield   func(Source) bool
	stopped bool // no more is wanted
	steps   int  // that patterns may still take, beside ignoreSteps
	tired   bool // of patterns that take too long to match

	narrow bool     // only one directory is looked for files in, and
	toward []string // these lead to it
}

// directory is one that a walk comes to.
type directory struct {
	name, real string // as it was named, and without links
	prefix     string // of its files, as they are shown
	tree       *workTree
	base       string // its path from the root of the work tree, with a slash at the end
	ignore     *ignoreFile
	ignored    bool // all but what git tracks in it
}

// ignoreSteps bound the work on patterns: so many, and so many more for each entry
// of a directory. Ordinary patterns take some hundred.
const ignoreSteps, ignoreStepsEach = 50_000_000, 50_000

func (w *walker) walk(d directory) error {
	entries, err := os.ReadDir(d.name)
	failures := []error{Plain(err)}
	w.enter(&d, entries)
	// ReadDir sorts by name. In the order of paths a directory is where its name
	// and a slash would be.
	if slices.ContainsFunc(entries, fs.DirEntry.IsDir) {
		slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(inPath(a), inPath(b)) })
	}
	w.steps += ignoreStepsEach * len(entries)
	toward := w.toward
	w.toward = toward[min(1, len(toward)):]
	for _, entry := range entries {
		name := entry.Name()
		switch {
		case w.stopped:
			return nil
		case entry.IsDir():
			if name == ".git" || w.narrow && (len(toward) == 0 || name != toward[0]) {
				break
			}
			ignored := name == "node_modules" || w.ignored(&d, name, true)
			if ignored && !d.tracks(w, name) {
				break
			}
			below := directory{
				name: d.prefix + name, real: filepath.Join(d.real, name), prefix: d.prefix + name + "/",
				tree: d.tree, base: d.base + name + "/", ignore: d.ignore, ignored: ignored,
			}
			failures = append(failures, w.walk(below))
		case len(toward) == 0:
			if _, walked := input.ForName(name); walked && (!w.ignored(&d, name, false) || d.tracks(w, name)) {
				w.stopped = !w.find(Source{Path: d.prefix + name, Found: true, regular: entry.Type().IsRegular()}, w.yield)
			}
		}
	}
	return errors.Join(failures...)
}

// enter sees to .git and .gitignore in a directory.
func (w *walker) enter(d *directory, entries []fs.DirEntry) {
	has := func(name string) bool {
		_, found := slices.BinarySearchFunc(entries, name, func(e fs.DirEntry, name string) int { return strings.Compare(e.Name(), name) })
		return found
	}
	if has(".git") {
		d.tree = &workTree{root: d.real, outer: d.tree}
		d.base, d.ignore, d.ignored = "", nil, false
	}
	if d.tree != nil && !d.ignored && has(".gitignore") {
		d.ignore = w.readIgnore(d.name, d.base, d.ignore)
	}
}

// ignored reports whether an entry of a directory is ignored, tracked or not.
func (w *walker) ignored(d *directory, name string, dir bool) bool {
	switch {
	case d.ignored:
		return true
	case d.ignore == nil:
		return false
	case w.steps+ignoreSteps < 0:
		if !w.tired {
			w.tired = true
			w.note(".gitignore files are not obeyed from %s on: their patterns take too long to match", d.prefix+name)
		}
		return false
	}
	return w.ignores(d.ignore, d.base+name, dir)
}

// tracks reports whether git tracks an entry of a directory, or what is in it, in
// the work tree that it is in or one around that.
func (d *directory) tracks(w *walker, name string) bool {
	file := filepath.Join(d.real, name)
	for t := d.tree; t != nil; t = t.outer {
		if !t.read {
			t.read = true
			r, err := openRepository(t.root)
			if err == nil {
				t.index, err = readIndex(indexOf(r))
			}
			if t.unknown = err != nil; t.unknown {
				w.note("which files git tracks in %s is not known, so .gitignore is not obeyed there: %v", Display(t.root), err)
			}
		}
		if path, ok := below(t.root, file); t.unknown || ok && tracks(t.index, path) {
			return true
		}
	}
	return false
}

// prefixOf is what the paths of the files in a directory are shown to start with.
func prefixOf(dir string) string {
	prefix := Display(dir)
	switch {
	case prefix == ".":
		return ""
	case strings.HasSuffix(prefix, "/"): // the root
		return prefix
	}
	return prefix + "/"
}

// inPath is the name of an entry as it is in the paths that lead through it.
func inPath(entry fs.DirEntry) string {
	if entry.IsDir() {
		return entry.Name() + "/"
	}
	return entry.Name()
}
