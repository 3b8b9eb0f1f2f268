//go:build !unix

package files

import (
	"errors"
	"io/fs"
	"os"
)

// nonblocking is 0: opening a file does not wait on these systems.
const nonblocking = 0

// duplicate fails on systems where descriptors have no names.
func duplicate(int) (*os.File, error) { return nil, errors.ErrUnsupported }

// keepOwner does nothing on systems without numeric owners.
func keepOwner(string, fs.FileInfo) {}

// hangups are the signals sent when the terminal is closed: none on this system.
var hangups []os.Signal

// keepBrokenPipe does nothing on systems without SIGPIPE.
func keepBrokenPipe() {}
