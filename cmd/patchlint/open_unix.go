//go:build unix

package main

import (
	"io"
	"io/fs"
	"syscall"
)

// file reads a file by its descriptor: with no more calls of the system than
// open, read and close, and without memory.
type file int

// regularFile is a file that is no pipe or device: a short read is its end.
type regularFile struct{ file }

func (f regularFile) Read(b []byte) (int, error) {
	n, err := f.file.Read(b)
	if err == nil && n < len(b) {
		err = io.EOF
	}
	return n, err
}

// openFile opens a file, of which the caller may know that it is a regular one.
func openFile(name string, regular bool) (io.ReadCloser, error) {
	for {
		fd, err := syscall.Open(name, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		switch err {
		case nil:
			if regular {
				return regularFile{file(fd)}, nil
			}
			return file(fd), nil
		case syscall.EINTR:
		default:
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
	}
}

func (f file) Read(b []byte) (int, error) {
	for {
		n, err := syscall.Read(int(f), b)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return 0, err
		case n == 0 && len(b) > 0:
			return 0, io.EOF
		default:
			return n, nil
		}
	}
}

func (f file) Close() error { return syscall.Close(int(f)) }
