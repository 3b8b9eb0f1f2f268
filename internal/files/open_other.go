//go:build !unix

package files

import (
	"io"
	"os"
)

func openRegular(name string) (io.ReadCloser, error) { return os.Open(name) }
