package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
)

// OpenBeside opens a file that the source names, relative to the source or else to
// the root of its repository, as the editors' clients do. It must be a JSON file in
// that repository, or where there is none below the directory of the source: what
// else a text leads to is not for it to decide. One that is excluded is not opened.
func (s *Source) OpenBeside(name string, excluded func(shown string) bool) (shown string, file io.ReadCloser, err error) {
	here := filepath.Dir(s.Name())
	root, err := filepath.Abs(here)
	if err != nil {
		return "", nil, err
	}
	if repository := Repository(root); repository != "" {
		root = repository
	}
	name = filepath.FromSlash(strings.ReplaceAll(name, `\`, "/"))
	candidates := []string{filepath.Join(here, name), filepath.Join(root, name)}
	if filepath.IsAbs(name) {
		candidates = []string{filepath.Clean(name)}
	}
	for _, candidate := range candidates {
		real, err := within(root, candidate)
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

// within returns the file that a path leads to, if that is a JSON file below root.
func within(root, name string) (string, error) {
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

// openReal opens a regular file, without symbolic links in its name, in the state
// that the source is read in: what is staged of it, where the source is what is
// staged.
func (s *Source) openReal(name string) (io.ReadCloser, error) {
	if s.elsewhere == nil || s.blob == "" {
		return plainly(openRegular(name))
	}
	relative, err := filepath.Rel(Repository(filepath.Dir(name)), name)
	if err == nil && !strings.ContainsAny(relative, "\r\n") {
		if file, err := s.objects.open(":" + filepath.ToSlash(relative)); err == nil {
			return file, nil
		}
	}
	return nil, errors.New("it is not staged")
}
