// Package files finds and opens the files to read, and writes files atomically.
//
// A Set turns arguments (files, directories, patterns) into Sources. It asks git what a
// .gitignore file ignores, and which files are changed or staged, in such a way that nothing
// in the repository can start a program. A file that git tracks is never ignored.
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

	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/spelling"
)

// Display returns the form of name for messages and comparisons: clean, with forward
// slashes. A file "-" is "./-", because "-" alone means standard input.
func Display(name string) string {
	if name = filepath.ToSlash(filepath.Clean(physical(name))); name != "-" {
		return name
	}
	return "./-"
}

// physical returns name, or the path of the same file if ".." follows a symbolic link in
// name: it means the parent of the link's target, and Clean would remove both.
func physical(name string) string {
	dir, file := name, ""
	if filepath.Base(name) != ".." {
		dir, file = filepath.Split(name)
	}
	if !strings.Contains(filepath.ToSlash(dir), "/..") {
		return name
	}
	meant, _ := os.Stat(dir)
	cleaned, _ := os.Stat(filepath.Clean(dir)) // nil if that fails, and then another directory
	followed, err := filepath.EvalSymlinks(dir)
	if err != nil || os.SameFile(meant, cleaned) {
		return name
	}
	return filepath.Join(followed, file)
}

// fromHere returns an absolute path as messages show it: relative to the current directory
// if it is in that.
func fromHere(name string) string {
	if here, err := Real("."); err == nil {
		if relative, err := filepath.Rel(here, name); err == nil && filepath.IsLocal(relative) {
			return named(relative)
		}
	}
	return Display(name)
}

// named returns an argument as messages show it.
func named(arg string) string {
	if name := Display(arg); name != "." {
		return name
	}
	return "the current directory"
}

// IsDirectory reports whether name is a directory or a link to one.
func IsDirectory(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// Plain returns an error about a path without the name of the system call, and the one of
// Missing if the path does not exist.
func Plain(err error) error {
	failure, ok := errors.AsType[*fs.PathError](err)
	switch {
	case !ok:
		return err
	case errors.Is(err, fs.ErrNotExist):
		return Missing(failure.Path)
	}
	return fmt.Errorf("%s: %w", Display(failure.Path), failure.Err)
}

// Real returns the absolute path of a file or directory as git names it: all symbolic
// links are followed, except that a file which is a link itself keeps its name. For a
// path that does not exist, the links of its nearest existing parent are followed.
func Real(name string) (string, error) {
	name = physical(name)
	if !filepath.IsAbs(name) {
		here, err := os.Getwd()
		if err != nil {
			return "", fmt.Errorf("the current directory: %w", withoutPath(err))
		}
		if !filepath.IsLocal(name) {
			// The name of the working directory may contain a link, and ".." is the
			// parent of the link's target.
			if followed, err := filepath.EvalSymlinks(here); err == nil {
				here = followed
			}
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

// Repository returns the root of the work tree that contains dir: the nearest directory,
// at or above it, with a .git entry. It returns "" if there is none. Bare repositories do
// not count, because anybody can commit a directory that looks like one.
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

// repositories returns the roots of all nested work trees that contain dir, innermost
// first.
func repositories(dir string) (roots []string) {
	for root := Repository(dir); root != ""; root = Repository(filepath.Dir(root)) {
		roots = append(roots, root)
		if filepath.Dir(root) == root {
			break
		}
	}
	return roots
}

// leavesRepository reports whether name is a symbolic link in a repository that points
// out of the repository or into its .git. Otherwise the author of a link could choose
// which files are read and fixed on the machine that checks the repository.
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
		return false // opening the file reports the error
	}
	roots := repositories(dir) // repositories may be nested
	return len(roots) > 0 && !slices.ContainsFunc(roots, func(root string) bool { return Inside(root, target) })
}

// Inside reports whether file is below root and not in a .git directory. It does not
// follow symbolic links.
func Inside(root, file string) bool {
	relative, ok := below(root, file)
	return ok && filepath.IsLocal(filepath.FromSlash(relative)) &&
		!slices.ContainsFunc(strings.Split(relative, "/"), func(name string) bool { return strings.EqualFold(name, ".git") })
}

// below returns the slash-separated path from dir to file, and whether file is below dir.
func below(dir, file string) (relative string, ok bool) {
	relative, err := filepath.Rel(dir, file)
	relative = filepath.ToSlash(relative)
	return relative, err == nil && relative != "." && relative != ".." && !strings.HasPrefix(relative, "../")
}

// RootNames finds paths relative to the root of the repository.
type RootNames struct {
	directories lazy.Memo // the path of each: "." for the root, "" outside a repository
}

// StdinName is the default name of standard input.
const StdinName = "<stdin>"

// Of returns the path of a file relative to the root of its repository, or name if it is
// in none or StdinName. Where its directory leads through a link, the repository of the
// link's target comes first, as in git.
func (r *RootNames) Of(name string) string {
	dir, file := filepath.Split(name)
	fromRoot := lazy.Get(&r.directories, dir, func() string {
		real, _ := Real(dir)
		named, _ := filepath.Abs(dir)
		for _, dir := range slices.Compact([]string{real, named}) {
			if root := Repository(dir); root != "" {
				relative, _ := filepath.Rel(root, dir) // root is a part of dir
				return filepath.ToSlash(relative)
			}
		}
		return ""
	})
	if fromRoot == "" || name == StdinName {
		return name
	}
	return path.Join(fromRoot, file)
}

// Missing returns the error for a path that does not exist, with a suggestion if a
// similar path does.
func Missing(name string) error {
	if name == "" {
		return errors.New("the path is empty; name a file or directory")
	}
	if _, err := os.Lstat(name); err == nil {
		return fmt.Errorf("%s is a broken symbolic link", Display(name))
	}
	if near := nearest(name); near != "" {
		return fmt.Errorf("%s: no such file or directory; did you mean %s?", Display(name), Display(near))
	}
	return fmt.Errorf("%s: no such file or directory", Display(name))
}

// nearest returns the existing path most similar to a missing one, or "".
func nearest(missing string) string {
	dir, name := filepath.Split(filepath.Clean(physical(missing)))
	entries, err := os.ReadDir(cmp.Or(dir, "."))
	if err != nil {
		return ""
	}
	// A common extension does not make two names more similar. ".git" is not an extension.
	extension := filepath.Ext(strings.TrimPrefix(name, "."))
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
