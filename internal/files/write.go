package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
)

// temporaries are the files and directories that a run has made and has to
// remove, whatever ends it. While one is made, named or removed the lock is held.
var temporaries struct {
	sync.Mutex
	names map[string]bool
}

// temporarily makes a file or directory that is removed when a signal ends the
// run. Until one is made, signals end the program as they do any other.
func temporarily(make func() (name string, err error)) error {
	cleanUpOnSignal()
	temporaries.Lock()
	defer temporaries.Unlock()
	name, err := make()
	if err != nil {
		return err
	}
	if temporaries.names == nil {
		temporaries.names = map[string]bool{}
	}
	temporaries.names[name] = true
	return nil
}

// noLonger ends that with what becomes of it.
func noLonger(name string, end func() error) error {
	temporaries.Lock()
	defer temporaries.Unlock()
	delete(temporaries.names, name)
	return end()
}

// makeTemporaryDirectory makes a directory and has fill put files into it.
func makeTemporaryDirectory(fill func(dir string) error) error {
	return temporarily(func() (string, error) {
		dir, err := os.MkdirTemp("", "patchlint-*.tmp")
		if err != nil {
			return "", Plain(err)
		}
		if err = fill(dir); err != nil {
			_ = os.RemoveAll(dir)
		}
		return dir, err
	})
}

func removeTemporary(name string) {
	_ = noLonger(name, func() error { return os.RemoveAll(name) })
}

// cleanUpOnSignal has a signal that ends the program first remove what it has not
// finished writing. The exit code is the one that shells show for the signal. To
// write where nobody reads becomes an error, syscall.EPIPE, in place of a signal.
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
		temporaries.Lock() // for good: nothing is made or named any more
		for name := range temporaries.names {
			_ = os.RemoveAll(name)
		}
		number, _ := s.(syscall.Signal)
		os.Exit(128 + int(number))
	}()
})

// Writing is a file that is being written. It takes its name when it is whole.
type Writing struct {
	*os.File
	name   string
	target string // "" for a device or a pipe, which is written to as it is
	done   bool
}

// Create opens a file to write to: one beside the target that takes its name in
// the end, or the target itself where it is a device or a pipe. A symbolic link
// keeps pointing to its file.
func Create(name string) (*Writing, error) {
	w := &Writing{name: name, target: name}
	if resolved, err := filepath.EvalSymlinks(name); err == nil {
		w.target = resolved
	}
	info, err := os.Stat(w.target)
	switch {
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("%s is a directory", Display(name))
	case err == nil && !info.Mode().IsRegular():
		w.target = ""
		w.File, err = os.OpenFile(name, os.O_WRONLY, 0)
		return w, w.named(err)
	}
	return w, w.named(w.beside(0o666))
}

// Write writes a file as Create does.
func Write(name string, data []byte) error {
	w, err := Create(name)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return w.End(err)
}

// beside makes the file next to its target. Its name is short, because that of the
// target may be as long as names can be.
func (w *Writing) beside(mode fs.FileMode) error {
	return temporarily(func() (name string, err error) {
		// Runs that were killed may have left theirs, and in a container all have
		// the same number.
		for i := 0; ; i++ {
			name = filepath.Join(filepath.Dir(w.target), fmt.Sprintf(".patchlint-%d-%d.tmp", os.Getpid(), i))
			if w.File, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode); !errors.Is(err, fs.ErrExist) {
				return name, err
			}
		}
	})
}

// named is an error about the temporary file as one about the target.
func (w *Writing) named(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", Display(w.name), reason(err))
}

// reason is an error without the names of files.
func reason(err error) error {
	var path *fs.PathError
	var rename *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &rename):
		return rename.Err
	}
	return err
}

// End closes the file and, unless err says that it is not whole, gives it its name.
// It returns err, or what else went wrong; after the first call it does nothing.
func (w *Writing) End(err error) error { return w.named(w.end(err)) }

func (w *Writing) end(err error) error {
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
	return noLonger(w.File.Name(), func() error {
		if err == nil {
			err = os.Rename(w.File.Name(), w.target)
		}
		if err != nil {
			_ = os.Remove(w.File.Name())
		}
		return err
	})
}

// errAbandoned is why a file that is abandoned is not whole.
var errAbandoned = errors.New("abandoned")

// Abandon removes a file that is not whole. After End it does nothing.
func (w *Writing) Abandon() { _ = w.End(errAbandoned) }

// Replaces reports whether the file will take the place of another.
func (w *Writing) Replaces(name string) bool {
	if filepath.Base(w.target) != filepath.Base(name) {
		return false // most files; the target of a device or a pipe is ""
	}
	written, err := os.Stat(w.target)
	read, readErr := os.Stat(name)
	return err == nil && readErr == nil && os.SameFile(written, read)
}

// Replace puts data in place of a file's content. Whatever happens, the file is
// whole, old or new: data is written beside it and takes its name when it is on
// the disk. The mode stays, and a symbolic link keeps pointing to the file.
func Replace(name string, data []byte) (err error) {
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return Plain(err)
	}
	info, err := os.Stat(target)
	if err != nil {
		return Plain(err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: cannot be fixed: it is not a regular file", Display(name))
	}
	if info.Mode().Perm()&0o222 == 0 {
		return fmt.Errorf("%s: cannot be fixed: it is read-only", Display(name))
	}
	w := &Writing{name: name, target: target}
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s: cannot be fixed: %w", Display(name), reason(err))
		}
	}()
	if err = w.beside(0o600); err != nil {
		return err
	}
	_, err = w.Write(data)
	if err == nil {
		if err = w.Chmod(info.Mode().Perm()); errors.Is(err, errors.ErrUnsupported) {
			err = nil
		}
	}
	if err == nil {
		keepOwner(w.File.Name(), info)
		err = w.Sync()
	}
	return w.end(err)
}
