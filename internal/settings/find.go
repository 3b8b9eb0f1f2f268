package settings

import (
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

// misnamed are names by which people of other tools would call the file.
var misnamed = lazy.Regexp(`(?i)^(\.?patchlint\.ya?ml|\.patchlint(rc)?(\.(ya?ml|jsonc?|toml))?|\.?patchlint\.config\.\w+)$`)

// find returns the path of the settings file for a directory: in it or, inside a
// repository with the given root, the nearest above up to that root; "" for none.
// Without a repository, whose root is "", no other directory is searched: who
// owns them is unknown. A file by a similar name is an error, because it would be
// ignored.
func find(dir, root string) (string, error) {
	for {
		if err := similar(dir); err != nil {
			return "", err
		}
		file := filepath.Join(dir, Name)
		if _, err := os.Lstat(file); err == nil {
			return file, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		parent := filepath.Dir(dir)
		if root == "" || dir == root || parent == dir {
			return "", nil
		}
		dir = parent
	}
}

// similar returns an error for a file whose name is nearly that of the settings.
func similar(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrPermission) {
		return nil // a directory may be entered by those who may not list it
	}
	for _, entry := range entries {
		if name := entry.Name(); name != Name && strings.Contains(strings.ToLower(name), "patchlint") && misnamed.Get().MatchString(name) && !entry.IsDir() {
			return &fs.PathError{Op: "open", Path: filepath.Join(dir, name), Err: fmt.Errorf("this file would be ignored; settings are named %s", Name)}
		}
	}
	return err
}

// load reads a settings file that is in a repository with the given root, "" for
// none. Shown is how messages call it. A symbolic link is followed to a file that
// is in the same repository, or without one in the same directory: a link that
// leads anywhere else could be meant to show what is there. Patterns and paths
// are relative to the directory of the link.
func load(file, shown, root string) (*Settings, error) {
	dir, err := filepath.EvalSymlinks(filepath.Dir(file))
	if err != nil {
		return nil, err
	}
	target, err := filepath.EvalSymlinks(file)
	if err != nil {
		if info, statErr := os.Lstat(file); statErr == nil && info.Mode()&fs.ModeSymlink != 0 {
			return nil, fmt.Errorf("%s: the symbolic link leads to no file", shown)
		}
		return nil, err
	}
	if target != filepath.Join(dir, filepath.Base(file)) && !within(target, dir, root) {
		return nil, fmt.Errorf("%s: the symbolic link must lead to a file in the same repository", shown)
	}
	src, err := readRegular(target, shown, maxSize)
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

// readRegular reads a regular file of at most so many bytes, which an error names as
// shown.
func readRegular(file, shown string, most int64) ([]byte, error) {
	src, err := files.ReadRegular(file, most)
	var failure *fs.PathError
	if errors.As(err, &failure) {
		err = failure.Err
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shown, err)
	}
	return src, nil
}

// within reports whether a file is in the work tree of a repository, or without
// one in a directory.
func within(file, dir, root string) bool {
	if root == "" {
		root = dir
	}
	root, err := filepath.EvalSymlinks(root)
	return err == nil && files.Inside(root, file)
}
