//go:build unix

package files

import (
	"io"
	"io/fs"
	"os"
	"os/signal"
	"syscall"
)

// descriptor reads a file that is known to be a regular one. To open, read and
// close it takes three calls of the system and no memory, of which a walk over
// many small files takes half the time.
type descriptor int

func openRegular(name string) (io.ReadCloser, error) {
	for {
		fd, err := syscall.Open(name, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		switch err {
		case nil:
			return descriptor(fd), nil
		case syscall.EINTR:
		default:
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
	}
}

// page is the size of a read that a regular file falls short of only at its end.
const page = 4 << 10

func (f descriptor) Read(b []byte) (int, error) {
	for {
		n, err := syscall.Read(int(f), b)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return 0, err
		case n < min(len(b), page):
			return n, io.EOF
		default:
			return n, nil
		}
	}
}

// Size returns the size of the file, 0 where that is not known.
func (f descriptor) Size() int64 {
	var info syscall.Stat_t
	if syscall.Fstat(int(f), &info) != nil {
		return 0
	}
	return info.Size
}

func (f descriptor) Close() error { return syscall.Close(int(f)) }

// keepOwner gives a file the owner and group of another, where it may: whoever
// is not root keeps its own.
func keepOwner(name string, of fs.FileInfo) {
	if info, ok := of.Sys().(*syscall.Stat_t); ok {
		_ = os.Chown(name, int(info.Uid), int(info.Gid))
	}
}

// hangups are the signals that end a program whose terminal is gone.
var hangups = []os.Signal{syscall.SIGHUP}

// keepBrokenPipe has a write that nobody reads fail with syscall.EPIPE in place of
// ending the program.
func keepBrokenPipe() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }
