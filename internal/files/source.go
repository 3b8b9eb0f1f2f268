package files

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/input"
)

// Source is a file to read. It is kept small, because a run may have very many.
type Source struct {
	Path string // with forward slashes on every system; "-" is standard input
	// Found is true if a walk or a pattern found the file, and false if an argument
	// named it. A file that was found is skipped if its type is unknown.
	Found   bool
	regular bool // the directory entry says that it is a regular file
	*virtual
}

// virtual describes a source whose content does not come from its file: standard input,
// a staged file, or the text of an editor.
type virtual struct {
	open     func() (io.ReadCloser, error) // nil for standard input
	name     string                        // what to call standard input
	excluded bool                          // standard input is excluded by its name
	staged   *stage                        // of a staged file
}

// Edited returns a source with the text of an editor instead of the content of the file.
// It counts as found by a walk.
func Edited(name string, text []byte) Source {
	open := func() (io.ReadCloser, error) { return inMemory(text), nil }
	return Source{Path: filepath.ToSlash(name), Found: true, virtual: &virtual{open: open}}
}

// Name returns the name of the source for messages.
func (s *Source) Name() string {
	if s.Path == "-" {
		return s.virtual.name
	}
	return s.Path
}

// Regular reports whether the source is a regular file, which can be read again.
func (s *Source) Regular() bool {
	if s.virtual != nil || s.regular {
		return s.virtual == nil
	}
	info, err := os.Stat(s.Path)
	return err == nil && info.Mode().IsRegular()
}

// Excluded reports whether the source is standard input with a name that is excluded.
func (s *Source) Excluded() bool { return s.virtual != nil && s.virtual.excluded }

// Open opens the content of the source.
func (s *Source) Open(stdin io.Reader) (io.ReadCloser, error) {
	switch {
	case s.virtual != nil && s.open != nil:
		return s.open()
	case s.regular:
		return withPlainError(openKnown(s.Path))
	case s.Found: // the walk has checked links
		return withPlainError(openRegular(s.Path))
	}
	return Open(s.Path, stdin)
}

// content is a reader of a text with its Size, which need not be closed.
type content struct{ *io.SectionReader }

func (content) Close() error { return nil }

func inMemory(text []byte) content {
	return content{io.NewSectionReader(bytes.NewReader(text), 0, int64(len(text)))}
}

// errNotRegular is the error for a pipe, a device or a directory.
var errNotRegular = errors.New("not a regular file")

// Unavailable returns why a source that a walk found has no content, or "" if err, from
// opening it, is a failure to report. The file may have been removed, or be a broken
// link, a directory or a pipe; none of this applies to a source whose content does not come
// from its file. important is true if that is probably a mistake.
func (s *Source) Unavailable(err error) (reason string, important bool) {
	switch info, linkErr := os.Lstat(s.Path); {
	case !s.Found || s.virtual != nil || errors.Is(err, fs.ErrPermission):
	case errors.Is(err, errNotRegular):
		return fmt.Sprintf("%s is not a regular file", s.Name()), false
	case errors.Is(linkErr, fs.ErrNotExist):
		return fmt.Sprintf("%s is gone", s.Name()), false
	case linkErr == nil && info.Mode()&fs.ModeSymlink != 0:
		if _, err := os.Stat(s.Path); err != nil {
			return fmt.Sprintf("%s is a broken symbolic link", s.Name()), true
		}
	}
	return "", false
}

// Open opens a file that an argument names. "-" is standard input.
func Open(name string, stdin io.Reader) (io.ReadCloser, error) {
	switch {
	case name == "-":
		return io.NopCloser(stdin), nil
	case leavesRepository(name):
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("the symbolic link points outside the repository; name its target instead")}
	}
	return withPlainError(os.Open(name)) // waits for the writer of a pipe
}

// withPlainError converts the results of opening a file: the error becomes a Plain one.
func withPlainError(f *os.File, err error) (io.ReadCloser, error) {
	if err != nil {
		return nil, Plain(err)
	}
	return f, nil
}

// openRegular opens a regular file. For any other file it returns errNotRegular without
// opening it, because that could block on a pipe or trigger a device.
func openRegular(name string) (*os.File, error) {
	if _, err := statRegular(name); err != nil {
		return nil, err
	}
	return openKnown(name)
}

func statRegular(name string) (fs.FileInfo, error) {
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		err = &fs.PathError{Op: "open", Path: name, Err: fmt.Errorf("a directory, %w", errNotRegular)}
	case err == nil && !info.Mode().IsRegular():
		err = &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
	}
	return info, err
}

// openKnown opens a file that was a regular one just now. It does not block if a pipe has
// taken its place. The flag also saves the four system calls with which package os checks
// whether the file can be polled.
func openKnown(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_RDONLY|nonblocking, 0)
}

// ReadRegular reads a regular file of at most limit bytes, a multiple of 1 MiB. shown is its
// name in errors.
func ReadRegular(name, shown string, limit int64) ([]byte, error) {
	var text bytes.Buffer
	var size int64
	f, err := openRegular(name)
	if err == nil {
		defer f.Close()
		if size = input.SizeOf(f); size <= limit {
			text.Grow(int(size) + bytes.MinRead)                  // or ReadFrom copies the text
			size, err = text.ReadFrom(io.LimitReader(f, limit+1)) // the file may have grown
		}
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", shown, withoutPath(err))
	case size > limit:
		return nil, fmt.Errorf("%s:1:1: larger than %d MiB", shown, limit>>20)
	}
	return text.Bytes(), nil
}

// OpenBeside opens a file that the source refers to by name. Like the HTTP clients of
// editors, it looks next to the source first and then in the root of its repository. The
// file must be a JSON file inside that repository, or inside the directory of the source
// if there is no repository, because the author of the source must not choose which other
// files are read. If the file is excluded, OpenBeside returns its name and a nil file.
func (s *Source) OpenBeside(name string, excluded func(name string, dir bool) bool) (shown string, file io.ReadCloser, err error) {
	here := filepath.Dir(s.Name())
	absolute, err := filepath.Abs(here)
	if err != nil {
		return "", nil, err
	}
	root := cmp.Or(Repository(absolute), absolute)
	up, _ := filepath.Rel(absolute, root) // root is a part of absolute
	top := filepath.Join(here, up)        // as seen from here, so that files have the names that a walk gives them
	for _, candidate := range beside(here, top, name) {
		real, err := resolveJSON(root, candidate)
		switch shown = Display(candidate); {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return "", nil, err
		case excluded(shown, false):
			return shown, nil, nil
		}
		file, err := s.openReal(real)
		return shown, file, err
	}
	return "", nil, errors.New("no such file")
}

// beside returns the files that a name in a file of the directory here may refer to, in
// the order in which they are tried.
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

// isBody reports whether requests may include a file of this name.
func isBody(name string) bool {
	extension := strings.ToLower(filepath.Ext(name))
	return extension == ".json" || extension == ".jsonc"
}

// resolveJSON follows the symbolic links in name. It returns an error unless the result
// is a JSON file inside root.
func resolveJSON(root, name string) (string, error) {
	outside := fmt.Errorf("it is outside the directory %s", Display(filepath.Base(root)))
	absolute, err := filepath.Abs(name)
	realRoot, rootErr := filepath.EvalSymlinks(root)
	switch {
	case err != nil || rootErr != nil:
		return "", withoutPath(cmp.Or(err, rootErr))
	case !Inside(root, absolute):
		return "", outside
	}
	real, err := filepath.EvalSymlinks(absolute)
	switch {
	case err != nil:
		return "", withoutPath(err)
	case !Inside(realRoot, real):
		return "", outside
	}
	for _, path := range []string{absolute, real} {
		if !isBody(path) {
			return "", errors.New("only .json files are read")
		}
	}
	return real, nil
}

// openReal opens a regular file whose name has no symbolic links. If the source is a
// staged file, openReal opens the staged content of the file.
func (s *Source) openReal(name string) (io.ReadCloser, error) {
	if s.virtual == nil || s.staged == nil {
		f, err := openRegular(name)
		if err != nil {
			return nil, withoutPath(err)
		}
		return f, nil
	}
	if path, inside := below(s.staged.root, name); inside && !strings.ContainsAny(path, "\r\n") {
		var beside store
		defer beside.Close()
		o := &object{name: ":0:" + path, path: name}
		if beside.load(s.staged.git, []*object{o}, s.staged.limit) == nil && o.content != nil {
			text, err := io.ReadAll(o.content)
			return inMemory(text), err
		}
	}
	return nil, errors.New("it is not staged")
}
