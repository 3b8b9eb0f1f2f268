package command

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/mattn/go-isatty"
	"golang.org/x/term"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/internal/settings"
)

// console writes messages to standard error and collects failures for the reports.
type console struct {
	w        io.Writer
	quiet    bool // suppress notes
	failures []string
	untyped  bool // a payload of unknown type was skipped, reported or refused
}

// say writes a message, even if quiet.
func (c *console) say(text string) { Say(c.w, text) }

// Say writes an error or note to w.
func Say(w io.Writer, text string) { fmt.Fprintf(w, "patchlint: %s\n", inertLines(text)) }

// note writes a message that --quiet suppresses.
func (c *console) note(format string, args ...any) {
	if !c.quiet {
		c.say(fmt.Sprintf(format, args...))
	}
}

// reportSet writes the notes and warnings of a set of files, and returns the number of files
// that were left out with a warning.
func (c *console) reportSet(set *files.Set) (left int) {
	for _, text := range set.Notes {
		c.note("%s", text)
	}
	for _, text := range slices.Sorted(maps.Keys(set.Warnings)) {
		c.say(text)
		left += set.Warnings[text]
	}
	return left
}

// found remembers whether a finding asks the user to set the type of a file.
func (c *console) found(d patchlint.Diagnostic) {
	c.untyped = c.untyped || d.Rule == "unknown-type" && strings.HasSuffix(d.Message, recognize.SetType)
}

// noteTypes writes how to set the type of files, if any type is unknown.
func (c *console) noteTypes() {
	if c.untyped {
		c.note("if these files are payloads, set their type with --type, or with types: in %s", settings.Name)
	}
}

// fail writes an error and adds it to the failures.
func (c *console) fail(err error) {
	c.say(err.Error())
	c.addFailure(err)
}

// addFailure adds an error to the failures without writing it.
func (c *console) addFailure(err error) { c.failures = append(c.failures, messages(err)...) }

// messages returns the messages of the errors that err joins.
func messages(err error) (list []string) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []string{err.Error()}
	}
	for _, err := range joined.Unwrap() {
		list = append(list, messages(err)...)
	}
	return list
}

// inertLines makes a message, which may contain the name of a file, safe for a terminal
// and a log. It indents all lines but the first, and escapes a leading "::", which the
// runner of GitHub Actions obeys.
func inertLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		if lines[i] = inert.Show(lines[i]); i > 0 {
			lines[i] = escapeCommand(lines[i])
		}
	}
	return strings.Join(lines, "\n  ")
}

// escapeCommand escapes a colon at the start of a line, after white space, because the
// runner of GitHub Actions obeys lines that start with "::".
func escapeCommand(line string) string {
	start := len(line) - len(strings.TrimLeftFunc(line, unicode.IsSpace))
	if rest, ok := strings.CutPrefix(line[start:], ":"); ok {
		return line[:start] + `\u003a` + rest
	}
	return line
}

// inertDiff makes a diff safe for a terminal and a log. It keeps line ends and tabs.
func inertDiff(text []byte) []byte {
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		body := strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		parts := strings.Split(body, "\t")
		for i := range parts {
			parts[i] = inert.Show(parts[i])
		}
		b.WriteString(escapeCommand(strings.Join(parts, "\t")))
		b.WriteString(line[len(body):])
	}
	return []byte(b.String())
}

// commandLine returns the number of the first line that a terminal or a build service
// would obey, or 0.
func commandLine(text []byte) int {
	number := 0
	for line := range bytes.Lines(text) {
		number++
		line = bytes.TrimRight(line, "\r\n")
		for i, c := range line {
			if control := c < ' ' && c != '\t' || c == 0x7F || c == 0xC2 && i+1 < len(line) && line[i+1] < 0xA0; control || inert.Obeyed(line, i) {
				return number
			}
		}
		if bytes.HasPrefix(bytes.TrimSpace(line), []byte("::")) {
			return number
		}
	}
	return 0
}

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

// columns returns the width of the terminal that w writes to, or 0 if w is not a terminal.
func columns(w io.Writer) int {
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
// (https://no-color.org) disables them; otherwise FORCE_COLOR (https://force-color.org)
// enables them; otherwise they are used on a terminal that is not dumb.
func useColor(choice string, w io.Writer) bool {
	switch {
	case choice != "auto":
		return choice == "always"
	case os.Getenv("NO_COLOR") != "":
		return false
	case os.Getenv("FORCE_COLOR") != "":
		return true
	}
	return os.Getenv("TERM") != "dumb" && terminal(w)
}
