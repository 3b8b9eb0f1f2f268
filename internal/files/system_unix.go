//go:build unix

package files

import (
	"io/fs"
	"os"
	"os/signal"
	"syscall"
)

// keepOwner gives a file the owner and group of another, where it may; only root
// can.
func keepOwner(name string, of fs.FileInfo) {
	if info, ok := of.Sys().(*syscall.Stat_t); ok {
		_ = os.Chown(name, int(info.Uid), int(info.Gid))
	}
}

// openFound is os.Open for a file that its directory calls regular. The runtime asks the
// system in five calls whether it could wait for such a file, and it cannot: for many small
// files these take as long as reading them.
func openFound(name string) (*os.File, error) {
	for {
		fd, err := syscall.Open(name, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		switch err {
		case nil:
			return os.NewFile(uintptr(fd), name), nil
		case syscall.EINTR:
		default:
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
	}
}

// hangups are the signals that end a program whose terminal is gone.
var hangups = []os.Signal{syscall.SIGHUP}

// keepBrokenPipe has a write that nobody reads fail with syscall.EPIPE in place of
// ending the program.
func keepBrokenPipe() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }
