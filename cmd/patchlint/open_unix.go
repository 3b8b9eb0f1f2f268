//go:build unix

package main

import (
	"io"
	"io/fs"
	"os"
	"syscall"
)

// file reads a file by its descriptor: with no more calls of the system than
// open, read and close, and without memory.
type file int

// regularFile is a file that is no pipe or device. Where it gives less than was
// asked for and less than a page, that is its end; more may be all that a file
// system gives at a time.
type regularFile struct{ file }

const page = 4 << 10

func (f regularFile) Read(b []byte) (int, error) {
	n, err := f.file.Read(b)
	if err == nil && n < min(len(b), page) {
		err = io.EOF
	}
	return n, err
}

// openFile opens a file, of which the caller may know that it is a regular one.
// With regularOnly any other is an error, and a pipe is not waited for.
func openFile(name string, regular, regularOnly bool) (io.ReadCloser, error) {
	flags := syscall.O_RDONLY | syscall.O_CLOEXEC
	if regularOnly && !regular {
		flags |= syscall.O_NONBLOCK
	}
	for {
		fd, err := syscall.Open(name, flags, 0)
		switch err {
		case nil:
			if regularOnly && !regular {
				var info syscall.Stat_t
				if err := syscall.Fstat(fd, &info); err != nil || info.Mode&syscall.S_IFMT != syscall.S_IFREG {
					_ = syscall.Close(fd)
					return nil, &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
				}
				regular = true
			}
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

// Size returns the size of the file, 0 where that is not known.
func (f file) Size() int64 {
	var info syscall.Stat_t
	if err := syscall.Fstat(int(f), &info); err != nil || info.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return 0
	}
	return info.Size
}

func (f file) Close() error { return syscall.Close(int(f)) }

// keepOwner gives a file the owner and group of another, where it may: whoever
// is not root keeps its own.
func keepOwner(name string, of fs.FileInfo) {
	if info, ok := of.Sys().(*syscall.Stat_t); ok {
		_ = os.Chown(name, int(info.Uid), int(info.Gid))
	}
}
