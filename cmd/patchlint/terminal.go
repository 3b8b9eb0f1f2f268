package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/mattn/go-isatty"
	"golang.org/x/term"

	"github.com/patchlint/patchlint/internal/inert"
)

// terminal reports whether a stream is a terminal.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}

// columns returns how wide the terminal is that a stream leads to, 0 for none.
func columns(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			return width
		}
	}
	return 0
}

var colorChoices = []string{"auto", "always", "never"}

// useColor decides on colours for a stream by --color. Where that leaves it open,
// NO_COLOR (https://no-color.org) turns them off; else FORCE_COLOR
// (https://force-color.org), whatever its value, and CLICOLOR_FORCE
// (https://bixense.com/clicolors) turn them on; else a terminal has them that is
// not dumb.
func useColor(choice string, w io.Writer) (bool, error) {
	switch choice {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
		force := os.Getenv("CLICOLOR_FORCE")
		switch {
		case os.Getenv("NO_COLOR") != "":
			return false, nil
		case os.Getenv("FORCE_COLOR") != "", force != "" && force != "0":
			return true, nil
		}
		return os.Getenv("TERM") != "dumb" && terminal(w), nil
	}
	return false, usageError{fmt.Errorf("--color must be one of %s; found %s", strings.Join(colorChoices, ", "), inert.Quote(choice))}
}
