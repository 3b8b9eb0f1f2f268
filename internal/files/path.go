// Package files finds the files to read, opens them, and writes files so that each
// is whole or not there.
//
// A Set turns arguments (files, directories, patterns) into Sources. It walks a
// directory without running git: it reads the index and the .gitignore files
// itself, and these never hide a tracked file. For what changed since a revision,
// and for what is staged, it runs git on a copy of the repository's refs with a
// configuration of its own, so that nothing in the tree can start a program.
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

	"github.com/patchlint/patchlint/internal/spelling"
)

// Display is how a path is shown and compared: clean, with forward slashes.
func Display(name string) string { return filepath.ToSlash(filepath.Clean(name)) }

// IsDirectory reports whether a path leads to a directory.
func IsDirectory(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// Plain takes the name of the system call out of an error about a path.
func Plain(err error) error {
	if err == nil {
		return nil
	}
	var failure *fs.PathError
	if errors.As(err, &failure) {
		return fmt.Errorf("%s: %w", Display(failure.Path), failure.Err)
	}
	return err
}

// Real returns the absolute path of a file with the links to its directory
// followed, and the path of a directory with all links followed: how git names
// it. A file that does not exist is named from the nearest directory that does.
func Real(name string) (string, error) {
	if !filepath.IsAbs(name) {
		// The name of the working directory may lead through a link, and ".."
		// is the parent of where that leads.
		here, err := os.Getwd()
		if err == nil {
			here, err = filepath.EvalSymlinks(here)
		}
		if err != nil {
			return "", err
		}
		name = filepath.Join(here, name)
	}
	dir, rest := filepath.Clean(name), ""
	if !IsDirectory(dir) {
		dir, rest = filepath.Dir(dir), filepath.Base(dir)
	}
	for {
		if followed, err := filepath.EvalSymlinks(dir); err == nil {
			return filepath.Join(followed, rest), nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return filepath.Join(dir, rest), nil
		}
		dir, rest = parent, filepath.Join(filepath.Base(dir), rest)
	}
}

// Repository returns the nearest directory at or above dir that holds .git, the
// root of a work tree, or "". A directory that only looks like a repository
// without a work tree, which anybody can commit, is none.
func Repository(dir string) string {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// repositories returns the roots of all work trees that a directory is in, the
// innermost first.
func repositories(dir string) (roots []string) {
	for root := Repository(dir); root != ""; root = Repository(filepath.Dir(root)) {
		roots = append(roots, root)
		if filepath.Dir(root) == root {
			break
		}
	}
	return roots
}

// leavesRepository reports whether a file is a symbolic link in a repository that
// leads out of it, or into its .git. The author of such a link must not choose
// which files are read and fixed where the repository is checked.
func leavesRepository(name string) bool {
	if info, err := os.Lstat(name); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return false
	}
	dir, err := Real(filepath.Dir(name))
	if err != nil {
		return false
	}
	target, err := filepath.EvalSymlinks(filepath.Join(dir, filepath.Base(name)))
	if err != nil {
		return false // to read it says why
	}
	roots := repositories(dir) // one may be in another
	return len(roots) > 0 && !slices.ContainsFunc(roots, func(root string) bool { return Inside(root, target) })
}

// Inside reports whether a path is below the root of a work tree, and not in a .git
// there. Both are taken as they are written: links are for the caller to follow.
func Inside(root, file string) bool {
	relative, ok := below(root, file)
	return ok && filepath.IsLocal(filepath.FromSlash(relative)) &&
		!slices.ContainsFunc(strings.Split(relative, "/"), func(name string) bool { return strings.EqualFold(name, ".git") })
}

// below returns the path from a directory to what is in it.
func below(dir, file string) (relative string, ok bool) {
	relative, err := filepath.Rel(dir, file)
	relative = filepath.ToSlash(relative)
	return relative, err == nil && relative != "." && relative != ".." && !strings.HasPrefix(relative, "../")
}

// RootNames finds the path of a file from the root of its repository. It keeps
// the path of each directory; "" for none, and "." for the root.
type RootNames map[string]string

// Of returns the path of a file from the root of its repository, and outside of
// one shown.
func (r RootNames) Of(name, shown string) string {
	if name == "-" {
		return shown
	}
	dir, file := filepath.Split(name)
	fromRoot, known := r[dir]
	if !known {
		fromRoot = fromRepository(dir)
		r[dir] = fromRoot
	}
	if fromRoot == "" {
		return shown
	}
	return path.Join(fromRoot, file)
}

// fromRepository returns the path of a directory from the root of its repository, ""
// where it is in none. Git knows the files behind a link by the path behind it, unless
// that path is outside of every repository.
func fromRepository(dir string) string {
	real, _ := Real(dir)
	named, _ := filepath.Abs(dir)
	for _, dir := range []string{real, named} {
		if root := Repository(dir); root != "" {
			relative, err := filepath.Rel(root, dir)
			if err == nil {
				return filepath.ToSlash(relative)
			}
		}
	}
	return ""
}

// Missing is the error of a path that does not exist.
func Missing(name string) error {
	if _, err := os.Lstat(name); err == nil {
		return fmt.Errorf("%s is a link that leads nowhere", Display(name))
	}
	if near := nearest(name); near != "" {
		return fmt.Errorf("%s: no such file or directory; did you mean %s?", Display(name), Display(near))
	}
	return fmt.Errorf("%s: no such file or directory", Display(name))
}

// nearest returns the existing path that a missing one is nearest to.
func nearest(missing string) string {
	dir, name := filepath.Split(filepath.Clean(missing))
	entries, err := os.ReadDir(cmp.Or(dir, "."))
	if err != nil {
		return ""
	}
	// That two names end alike makes them no nearer.
	extension := filepath.Ext(name)
	var stems []string
	for _, e := range entries {
		stems = append(stems, strings.TrimSuffix(e.Name(), extension))
	}
	near := spelling.Nearest(strings.TrimSuffix(name, extension), stems)
	if i := slices.Index(stems, near); i >= 0 {
		return dir + entries[i].Name()
	}
	return ""
}
