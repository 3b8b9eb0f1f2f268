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

// hangups are the signals that end a program whose terminal is gone.
var hangups = []os.Signal{syscall.SIGHUP}

// keepBrokenPipe has a write that nobody reads fail with syscall.EPIPE in place of
// ending the program.
func keepBrokenPipe() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }
