//go:build !unix

package main

import (
	"io"
	"os"
)

func openFile(name string, _ bool) (io.ReadCloser, error) { return os.Open(name) }
