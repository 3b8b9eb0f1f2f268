//go:build unix

package files

import (
	"io/fs"
	"os"
	"syscall"
)

// keepOwner gives a file the owner and group of another, where it may: whoever
// is not root keeps its own.
func keepOwner(name string, of fs.FileInfo) {
	if info, ok := of.Sys().(*syscall.Stat_t); ok {
		_ = os.Chown(name, int(info.Uid), int(info.Gid))
	}
}
