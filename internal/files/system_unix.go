//go:build unix

package files

import (
	"io/fs"
	"os"
	"os/signal"
	"syscall"
)

// nonblocking is the flag for opening a file without waiting for another program.
const nonblocking = syscall.O_NONBLOCK

// duplicate opens the file of a descriptor again, to write where its last writer stopped.
func duplicate(fd int) (*os.File, error) {
	fd, err := syscall.Dup(fd)
	if err != nil {
		return nil, err
	}
	syscall.CloseOnExec(fd)
	return os.NewFile(uintptr(fd), ""), nil
}

// keepOwner tries to give a file the owner and group of another. Only root may.
func keepOwner(name string, of fs.FileInfo) {
	if info, ok := of.Sys().(*syscall.Stat_t); ok {
		_ = os.Chown(name, int(info.Uid), int(info.Gid))
	}
}

// hangups are the signals sent when the terminal is closed.
var hangups = []os.Signal{syscall.SIGHUP}

// keepBrokenPipe makes a write to a closed pipe fail with syscall.EPIPE instead of
// ending the program.
func keepBrokenPipe() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }
