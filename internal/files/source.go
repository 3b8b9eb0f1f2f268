package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Source is one file to read. There may be very many.
type Source struct {
	Path string // with forward slashes, which every system takes; "-" is standard input
	// Found says that a walk or a pattern came upon the file: nobody named it,
	// so it is skipped when it shows no known type.
	Found   bool
	regular bool // its directory says that it is a regular file
	*elsewhere
}

// elsewhere is where the content of a source comes from, when that is not its
// file.
type elsewhere struct {
	name     string // of standard input
	excluded bool   // it is skipped, and goes to standard output where that takes its place
	blob     string // the object in git, and
	objects  *objects
	text     []byte // of a file as an editor has it; nil for others
}

// Edited returns the source of a file that a walk would come upon, with the text
// that an editor has of it.
func Edited(name string, text []byte) Source {
	if text == nil {
		text = []byte{}
	}
	return Source{Path: filepath.ToSlash(name), Found: true, elsewhere: &elsewhere{text: text}}
}

// Name is how the source is shown.
func (s *Source) Name() string {
	if s.Path == "-" {
		return s.elsewhere.name
	}
	return s.Path
}

// Excluded reports whether it is standard input under a name that is excluded.
func (s *Source) Excluded() bool { return s.elsewhere != nil && s.elsewhere.excluded }

// Open opens what is to be read of a source.
func (s *Source) Open(stdin io.Reader) (io.ReadCloser, error) {
	switch {
	case s.elsewhere == nil:
	case s.blob != "":
		return s.objects.open(s.blob)
	case s.text != nil:
		return content{bytes.NewReader(s.text)}, nil
	}
	switch {
	case s.regular:
		return plainly(os.Open(s.Path))
	case s.Found: // where links are seen to
		return plainly(openRegular(s.Path))
	}
	return Open(s.Path, stdin)
}

// content is text in memory. Its Size tells how much there is.
type content struct{ *bytes.Reader }

func (content) Close() error { return nil }

// errNotRegular is the error of a pipe, device or directory that a walk found.
var errNotRegular = errors.New("not a regular file")

// Absent returns why there is nothing to read of a source that a walk found, "" if
// err is a failure. It may be gone from its directory, a link that leads nowhere
// or in a circle, a directory or a pipe. Notable says that it may not be meant.
func (s *Source) Absent(err error) (why string, notable bool) {
	switch {
	case !s.Found:
	case errors.Is(err, errNotRegular):
		return fmt.Sprintf("%s is not a regular file", s.Name()), false
	case errors.Is(err, fs.ErrPermission):
	default:
		info, linkErr := os.Lstat(s.Path)
		if linkErr == nil && info.Mode()&fs.ModeSymlink != 0 {
			if _, err := os.Stat(s.Path); err != nil {
				return fmt.Sprintf("%s is a link that leads nowhere", s.Name()), true
			}
		}
		if errors.Is(linkErr, fs.ErrNotExist) {
			return fmt.Sprintf("%s is gone", s.Name()), false
		}
	}
	return "", false
}

// Open opens a file that was named; "-" is standard input.
func Open(name string, stdin io.Reader) (io.ReadCloser, error) {
	switch {
	case name == "-":
		return io.NopCloser(stdin), nil
	case leavesRepository(name):
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("the symbolic link leads out of the repository; name the file it leads to")}
	}
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Missing(name)
	}
	return plainly(f, err)
}

// plainly returns what opens a file, with Plain errors.
func plainly(f *os.File, err error) (io.ReadCloser, error) {
	if err != nil {
		return nil, Plain(err)
	}
	return f, nil
}

// openRegular opens a regular file. Any other is an error, so that no pipe is
// waited for and no device is touched: some act when they are opened.
func openRegular(name string) (*os.File, error) {
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
	}
	if err != nil {
		return nil, err
	}
	return os.Open(name)
}

// ReadRegular reads a regular file of at most so many bytes, a multiple of 1024. The
// error is an *fs.PathError.
func ReadRegular(name string, most int64) ([]byte, error) {
	f, err := openRegular(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := ReadAtMost(f, most)
	if errors.Is(err, ErrTooLarge) {
		size := fmt.Sprintf("%d KiB", most>>10)
		if most >= 1<<20 {
			size = fmt.Sprintf("%d MiB", most>>20)
		}
		return nil, &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("larger than %s", size)}
	}
	return text, err
}

// ErrTooLarge is the error of ReadAtMost about more bytes than that.
var ErrTooLarge = errors.New("too large")

// ReadAtMost reads at most so many bytes. Of a regular file that has more it reads
// none.
func ReadAtMost(from io.Reader, most int64) ([]byte, error) {
	var size int64 // 0 where it is not known
	if f, ok := from.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			size = info.Size()
		}
	}
	if size > most {
		return nil, ErrTooLarge
	}
	text := bytes.NewBuffer(make([]byte, 0, size+bytes.MinRead))
	n, err := text.ReadFrom(io.LimitReader(from, most+1))
	if n > most {
		return nil, ErrTooLarge
	}
	return text.Bytes(), err
}
