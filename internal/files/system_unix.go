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
