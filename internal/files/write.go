package files

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"

	"github.com/patchlint/patchlint/internal/lazy"
)

// temporaries are the files to remove however the run ends. The lock is held while one is
// created, renamed or removed.
var temporaries = struct {
	sync.Mutex
	names map[string]bool
}{names: make(map[string]bool)}

// cleanUpOnSignal installs a handler that removes the temporaries before a signal ends
// the program, with the exit code that shells use for the signal. Writing to a closed
// pipe then returns syscall.EPIPE instead of raising a signal.
var cleanUpOnSignal = sync.OnceFunc(func() {
	keepBrokenPipe()
	caught := make(chan os.Signal, 1)
	for _, s := range append([]os.Signal{os.Interrupt, syscall.SIGTERM}, hangups...) {
		if !signal.Ignored(s) { // by nohup, for example
			signal.Notify(caught, s)
		}
	}
	go func() {
		s := <-caught
		temporaries.Lock() // never unlocked, so that nothing more is created or renamed
		for name := range temporaries.names {
			_ = os.Remove(name)
		}
		number, _ := s.(syscall.Signal)
		os.Exit(128 + int(number))
	}()
})

// AtomicFile is a file that is written under a temporary name and renamed when it is
// complete.
type AtomicFile struct {
	*os.File
	name   string
	target string // "" for a file that is written to directly
	done   bool
}

// Create opens a file for writing. It creates a temporary file next to it, which Finish
// renames. A device or a pipe is written directly, and so is an open file that is named by
// its descriptor, such as /dev/stderr; it is continued where its last writer stopped. A
// symbolic link is kept, and its target is replaced or created. A file that is replaced
// keeps its mode.
func Create(name string) (*AtomicFile, error) {
	if fd := descriptor(name); fd >= 0 {
		file, err := duplicate(fd)
		w := &AtomicFile{File: file, name: name}
		return w, w.nameError(err)
	}
	w := &AtomicFile{name: name, target: followed(name)}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && info.Mode().IsRegular():
		err = w.create(info)
	case err != nil:
	case info.IsDir():
		return nil, fmt.Errorf("%s is a directory", Display(name))
	default:
		w.target = ""
		w.File, err = os.OpenFile(name, os.O_WRONLY|os.O_TRUNC, 0)
	}
	return w, w.nameError(err)
}

// descriptor returns the descriptor of this program that a name such as /dev/stderr or
// /dev/fd/3 means, or -1 for the name of a file.
func descriptor(name string) int {
	all, _ := os.Stat("/dev/fd") // nil if that fails, and then the same as no file
	for name := range links(name) {
		dir, base := filepath.Split(name)
		at, _ := os.Stat(dir)
		if fd, err := strconv.Atoi(base); err == nil && os.SameFile(at, all) {
			return fd
		}
	}
	return -1
}

// followed returns name with symbolic links followed, even to a file that does not exist.
func followed(name string) string {
	for name = range links(name) {
		if resolved, err := filepath.EvalSymlinks(name); err == nil {
			return resolved
		}
	}
	return name
}

// links yields name and, while that is a symbolic link, the name that it points to.
func links(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for range 255 { // as many as filepath.EvalSymlinks follows
			if !yield(name) {
				return
			}
			link, err := os.Readlink(name)
			if err != nil {
				return
			}
			if !filepath.IsAbs(link) {
				dir, _ := filepath.EvalSymlinks(filepath.Dir(name)) // it exists, as name does
				link = filepath.Join(dir, link)
			}
			name = link
		}
	}
}

// Write writes data to a file as Create does. A file is synced before it takes its name, so
// that no crash leaves it empty.
func Write(name string, data []byte) error {
	w, err := Create(name)
	if err != nil {
		return err
	}
	return w.nameError(w.write(data))
}

// write writes data to the open file and finishes it.
func (w *AtomicFile) write(data []byte) error {
	_, err := w.Write(data)
	if err == nil && w.target != "" {
		err = w.Sync()
	}
	return w.finish(err)
}

// create creates the temporary file next to the target, with the mode and owner of the file
// that it will replace; info is nil for a new file. Its name is short, because that of
// the target may already have the maximum length.
func (w *AtomicFile) create(info fs.FileInfo) error {
	mode := fs.FileMode(0o666)
	if info != nil {
		mode = 0o600
		if info.Mode().Perm()&0o222 == 0 {
			return errors.New("it is read-only")
		}
	}
	if err := w.open(mode); err != nil || info == nil {
		return err
	}
	keepOwner(w.File.Name(), info)
	if err := w.Chmod(info.Mode().Perm()); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return w.finish(err)
	}
	return nil
}

// open creates the temporary file. If a signal ends the run, it is removed; signals are
// handled from the first one on.
func (w *AtomicFile) open(mode fs.FileMode) (err error) {
	cleanUpOnSignal()
	temporaries.Lock()
	defer temporaries.Unlock()
	// A killed run may have left its file, and in a container all runs may have the same
	// process id.
	for i := 0; ; i++ {
		name := filepath.Join(filepath.Dir(w.target), fmt.Sprintf(".patchlint-%d-%d.tmp", os.Getpid(), i))
		w.File, err = os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
		if err == nil {
			temporaries.names[name] = true
		}
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
}

// createTemporary creates a file for reading and writing, to be removed with Abandon.
func createTemporary() (*AtomicFile, error) {
	w := &AtomicFile{target: filepath.Join(os.TempDir(), "patchlint")} // a name that it never takes
	if err := w.open(0o600); err != nil {
		return nil, Plain(err)
	}
	return w, nil
}

// nameError replaces the name of the temporary file in an error with that of the file.
func (w *AtomicFile) nameError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", Display(w.name), withoutPath(err))
}

// withoutPath returns the cause of an error, which names neither the system call nor the
// file. The error must come directly from a system call: any other error would lose its
// own text.
func withoutPath(err error) error { return cmp.Or(errors.Unwrap(err), err) }

// Finish closes the file and gives it its name or, if err is not nil, removes it. It
// returns err or the first error of its own. Later calls do nothing.
func (w *AtomicFile) Finish(err error) error { return w.nameError(w.finish(err)) }

func (w *AtomicFile) finish(err error) error {
	if w.done {
		return nil
	}
	w.done = true
	if closeErr := w.File.Close(); err == nil {
		err = closeErr
	}
	if w.target == "" {
		return err
	}
	temporaries.Lock()
	defer temporaries.Unlock()
	delete(temporaries.names, w.File.Name())
	if err == nil {
		err = os.Rename(w.File.Name(), w.target)
	}
	if err != nil {
		_ = os.Remove(w.File.Name())
	}
	return err
}

// Abandon removes the file, unless Finish was called.
func (w *AtomicFile) Abandon() { _ = w.Finish(errors.New("abandoned")) }

// Replaces reports whether the file will replace the named file, which may be a link to it.
func (w *AtomicFile) Replaces(name string) bool {
	written, err := os.Stat(w.target) // again each time, because a fix replaces it, too
	if err != nil {
		return false // the usual case: a new file
	}
	read, err := os.Stat(name)
	return err == nil && os.SameFile(written, read)
}

// ReplacesAny reports whether the file will replace one.
func (w *AtomicFile) ReplacesAny() bool {
	_, err := os.Lstat(w.target)
	return err == nil
}

// Target returns the path without links of the file that Create writes.
func Target(name string) string {
	real, _ := Real(followed(name)) // fails only without a current directory
	return real
}

// Groups returns the sources that are regular files, grouped by file: one may have several
// names, because of symbolic links. A name that is not a link itself comes first.
func Groups(sources []Source) (groups [][]Source) {
	of := make(map[string]int) // by path without links
	var directories lazy.Memo  // with links followed
	for _, s := range sources {
		if !s.Regular() {
			continue
		}
		var target string
		if s.regular {
			dir, name := filepath.Split(s.Path)
			target = filepath.Join(lazy.Get(&directories, dir, func() string { return Target(dir) }), name)
		} else {
			target = Target(s.Path)
		}
		i, known := of[target]
		if !known {
			i, of[target] = len(groups), len(groups)
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], s)
	}
	isLink := func(s Source) int {
		if info, err := os.Lstat(s.Path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return 1
		}
		return 0
	}
	for _, group := range groups {
		slices.SortStableFunc(group, func(a, b Source) int { return isLink(a) - isLink(b) })
	}
	return groups
}

// Replace is like Write, but only for a regular file that exists. A file named by its
// descriptor is replaced, too, because writing to the descriptor would not truncate it.
func Replace(name string, data []byte) error {
	w := &AtomicFile{name: name}
	info, err := statRegular(name)
	if err == nil {
		w.target, err = filepath.EvalSymlinks(name)
	}
	if err == nil {
		err = w.create(info)
	}
	if err == nil {
		err = w.write(data)
	}
	if err != nil {
		return fmt.Errorf("cannot fix %w", w.nameError(err))
	}
	return nil
}
