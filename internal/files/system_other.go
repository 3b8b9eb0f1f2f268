//go:build !unix

package files

import (
	"io/fs"
	"os"
)

// keepOwner has nothing to do where files have no owner by number.
func keepOwner(string, fs.FileInfo) {}

// hangups are the signals that end a program whose terminal is gone: none here.
var hangups []os.Signal

// keepBrokenPipe has nothing to do where no signal ends a program that writes where
// nobody reads.
func keepBrokenPipe() {}
