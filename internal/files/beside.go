package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/input"
)

// OpenBeside opens a file that the source refers to by name. Like the HTTP clients of
// editors, it looks next to the source first and then in the root of its repository. The
// file must be a JSON file inside that repository, or inside the directory of the source
// if there is no repository, because the author of the source must not choose which other
// files are read. If the file is excluded, OpenBeside returns its name and a nil file.
func (s *Source) OpenBeside(name string, excluded func(shown string) bool) (shown string, file io.ReadCloser, err error) {
	here := filepath.Dir(s.Name())
	absolute, err := filepath.Abs(here)
	if err != nil {
		return "", nil, err
	}
	root := absolute
	if repository := Repository(root); repository != "" {
		root = repository
	}
	top := root // as seen from here, so that files have the names that a walk gives them
	if up, err := filepath.Rel(absolute, root); err == nil {
		top = filepath.Join(here, up)
	}
	for _, candidate := range beside(here, top, name) {
		real, err := resolveJSON(root, candidate)
		switch shown = Display(candidate); {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return "", nil, err
		case excluded(shown):
			return shown, nil, nil
		}
		file, err := s.openReal(real)
		if errors.Is(err, errNotRegular) {
			err = errNotRegular
		}
		return shown, file, err
	}
	return "", nil, errors.New("no such file")
}

// beside returns the files that a name in a file of the directory here may be that of, in
// the order in which they are looked for.
func beside(here, root, name string) []string {
	name = filepath.FromSlash(strings.ReplaceAll(name, `\`, "/"))
	if filepath.IsAbs(name) {
		return []string{filepath.Clean(name)}
	}
	return slices.Compact([]string{filepath.Join(here, name), filepath.Join(root, name)})
}

// included returns the files that requests in a text of the directory here may include.
func included(text []byte, here, root string) (files []string) {
	for _, name := range input.Includes(text) {
		files = append(files, beside(here, root, name)...)
	}
	return files
}

// hasRequests reports whether a file has requests, by its name.
func hasRequests(name string) bool {
	format, _ := input.ForName(name)
	return format.Name == "http"
}

// resolveJSON follows the symbolic links in name. It returns an error unless the result
// is a JSON file inside root.
func resolveJSON(root, name string) (string, error) {
	outside := fmt.Errorf("it is outside of the directory %s", Display(filepath.Base(root)))
	absolute, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	if !Inside(root, absolute) {
		return "", outside
	}
	real, err := filepath.EvalSymlinks(absolute)
	if err != nil {
		return "", Plain(err)
	}
	realRoot, err := filepath.EvalSymlinks(root)
	switch {
	case err != nil:
		return "", Plain(err)
	case !Inside(realRoot, real):
		return "", outside
	}
	for _, path := range []string{absolute, real} {
		if extension := strings.ToLower(filepath.Ext(path)); extension != ".json" && extension != ".jsonc" {
			return "", errors.New("only .json files are read")
		}
	}
	return real, nil
}

// openReal opens a regular file whose name has no symbolic links. If the source is a
// staged file, openReal opens the staged content of the file.
func (s *Source) openReal(name string) (io.ReadCloser, error) {
	if s.virtual == nil || s.staged == nil {
		return withPlainError(openRegular(name))
	}
	relative, err := filepath.Rel(Repository(filepath.Dir(name)), name)
	if err == nil && !strings.ContainsAny(relative, "\r\n") {
		o := &objects{snapshot: s.staged.snapshot, names: []string{":" + filepath.ToSlash(relative)}}
		if err = o.load(); err == nil {
			file, err := o.open(0)
			if err == nil {
				return struct {
					io.Reader
					io.Closer
				}{file, o}, nil
			}
		}
		_ = o.Close()
	}
	return nil, errors.New("it is not staged")
}
