package files

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// packages is a directory that a walk skips unless git tracks a file in it.
const packages = "node_modules/"

// workTree is a git work tree that a walk is in.
type workTree struct {
	root  string    // "" outside all work trees, where git cannot tell what is ignored
	outer *workTree // the work tree that contains this one
	top   string    // the directory at which the walk starts, relative to root
	// listed is top or the only directory directly in it that is walked. It cannot be further
	// down, because git can fail for a path below an ignored directory.
	listed string

	asked   bool            // git has been asked for the rest
	git     *git            // nil if git cannot tell
	ignored map[string]bool // ignored paths, relative to root; a directory ends in a slash
	within  bool            // top is ignored itself, so that only packages are ignored in it
}

// listTimeout is the maximum duration of listing ignored files. Git can take very long
// for a pattern with many wildcards.
const listTimeout = 10 * time.Second

// ask asks git once which files it ignores.
func (t *workTree) ask(w *walker) {
	if t.asked {
		return
	}
	t.asked = true
	var err error
	if t.git, err = t.list(); err != nil {
		w.warn(0, "cannot tell which files .gitignore ignores in %s, so all are checked: %v", fromHere(t.root), err)
	}
}

func (t *workTree) list() (*git, error) {
	g, err := newGit(t.root)
	if err != nil {
		return nil, err
	}
	if t.within = t.top != "" && g.ignores(t.top); t.within {
		return g, nil
	}
	g.timeout = listTimeout
	out, err := g.output(nil, "ls-files", "-z", "--others", "--ignored", "--directory", "--exclude-per-directory=.gitignore", "--exclude="+packages, "--", ":(top,literal)"+t.listed)
	if err != nil {
		return nil, err
	}
	for outer := t.outer; outer.root != ""; outer = outer.outer {
		path, _ := below(outer.root, t.root)
		tracked, err := trackedAt(outer.root, path)
		if err != nil {
			return nil, err
		}
		if len(tracked) > 0 && tracked[0] != path { // it became a work tree later, and is not a submodule
			return nil, fmt.Errorf("files in it are tracked in %s", fromHere(outer.root))
		}
	}
	t.ignored = make(map[string]bool)
	for _, path := range splitNUL(out) {
		t.ignored[path] = true
	}
	return g, nil
}

// trackedAt returns the files and submodules at or below a path of a work tree that git tracks.
func trackedAt(root, path string) ([]string, error) {
	g, err := newGit(root)
	if err != nil {
		return nil, err
	}
	out, err := g.output(nil, "ls-files", "-z", "--", ":(literal)"+path)
	return splitNUL(out), err
}

// ignores reports whether git ignores an existing file or, with a slash at its end, a
// directory, and tracks nothing in it.
func (t *workTree) ignores(w *walker, path string) bool {
	t.ask(w)
	return t.ignored[path] || (t.git == nil || t.within) && (path == packages || strings.HasSuffix(path, "/"+packages))
}

// ignores reports whether a .gitignore file says that a path is ignored, tracked or not.
func (g *git) ignores(name string) bool {
	out, err := g.output([]byte(name+"\x00"), "check-ignore", "--no-index", "--verbose", "-z", "--stdin")
	fields := splitNUL(out) // the file with the last pattern that matches, its line, the pattern, and name
	return err == nil && len(fields) == 4 && path.Base(filepath.ToSlash(fields[0])) == ".gitignore" && !strings.HasPrefix(fields[2], "!")
}
