package settings

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/lazy"
)

// Name is the name of a settings file.
const Name = ".patchlint.yaml"

// misnamed matches the names that users may give the file by mistake.
var misnamed = lazy.Regexp(`(?i)^(\.?patchlint\.ya?ml|\.patchlint(rc)?(\.(ya?ml|jsonc?|toml))?|\.?patchlint\.config\.\w+)$`)

// find returns the path of the settings file for dir, or "" if none applies. It
// searches dir and its parents up to the root of the repository. Without a repository it
// searches only dir, because the owner of its parents is unknown. A file with a similar
// name is an error, because it would be ignored.
func find(dir string) (string, error) {
	for root := cmp.Or(files.Repository(dir), dir); ; dir = filepath.Dir(dir) {
		if err := checkMisnamed(dir); err != nil {
			return "", err
		}
		file := filepath.Join(dir, Name)
		if _, err := os.Lstat(file); err == nil {
			return file, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if dir == root {
			return "", nil
		}
	}
}

// checkMisnamed returns an error if a directory has a file whose name is similar to Name.
func checkMisnamed(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrPermission) {
		return nil // a directory can be entered without permission to list it
	}
	for _, entry := range entries {
		if name := entry.Name(); name != Name && strings.Contains(strings.ToLower(name), "patchlint") && misnamed.Get().MatchString(name) && !entry.IsDir() {
			return &fs.PathError{Op: "open", Path: filepath.Join(dir, name), Err: fmt.Errorf("this file would be ignored; rename it to %s", Name)}
		}
	}
	return err
}

// load reads a settings file, given by its real path. shown is its name in messages. A
// symbolic link must lead to a file in the same repository or, without one, in the same
// directory; otherwise it could be used to show the content of other files. Patterns and
// paths are relative to the directory of the link.
func load(file, shown string) (*Settings, error) {
	dir := filepath.Dir(file)
	target, err := filepath.EvalSymlinks(file)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: the symbolic link is broken", shown)
	case target != file && !within(target, dir):
		return nil, fmt.Errorf("%s: the symbolic link must lead to a file in the same repository", shown)
	}
	src, err := files.ReadRegular(target, shown, maxSize)
	if err != nil {
		return nil, err
	}
	s, err := Parse(src)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", shown, err)
	}
	s.Dir = dir
	return s, nil
}

// within reports whether a file is in the work tree that contains dir or, without one, in
// dir.
func within(file, dir string) bool {
	root, err := filepath.EvalSymlinks(cmp.Or(files.Repository(dir), dir))
	return err == nil && files.Inside(root, file)
}
