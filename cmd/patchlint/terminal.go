package main

import (
	"fmt"
	"io"
	"os"

	"github.com/mattn/go-isatty"

	"github.com/patchlint/patchlint/internal/inert"
)

// terminal reports whether a stream is a terminal.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}

// useColor decides on colours for a stream by --color. NO_COLOR
// (https://no-color.org) and TERM=dumb turn them off unless --color=always
// asks for them.
func useColor(choice string, w io.Writer) (bool, error) {
	switch choice {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
		return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && terminal(w), nil
	}
	return false, usageError{fmt.Errorf("--color takes auto, always or never, not %s", inert.Quote(choice))}
}
