package command

import (
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

// obeysCommands reports whether the reader of a stream may act on its content: a
// terminal on escape sequences, or the log of a build service on commands.
func obeysCommands(w io.Writer) bool {
	if terminal(w) {
		return true
	}
	for _, name := range []string{"CI", "GITHUB_ACTIONS", "TF_BUILD", "GITLAB_CI", "TEAMCITY_VERSION"} {
		if value := os.Getenv(name); value != "" && !strings.EqualFold(value, "false") {
			return true
		}
	}
	return false
}

// Columns returns the width of the terminal that w writes to, or 0 if there is none.
func Columns(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			return width
		}
	}
	return 0
}

// ColorChoices are the values of --color.
var ColorChoices = []string{"auto", "always", "never"}

// useColor reports whether to use colors on a stream. With --color auto, NO_COLOR
// (https://no-color.org) disables them; otherwise FORCE_COLOR (https://force-color.org),
// with any value, and CLICOLOR_FORCE (https://bixense.com/clicolors) enable them;
// otherwise they are used on a terminal that is not dumb.
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
	return false, Usagef("--color must be one of %s; found %s", strings.Join(ColorChoices, ", "), inert.Quote(choice))
}
