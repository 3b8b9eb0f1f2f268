package command

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/inert"
)

// console is where a run speaks to people, and remembers what could not be done.
type console struct {
	w        io.Writer
	terse    bool // no notes
	failures []string
}

// say says something in any case.
func (c *console) say(text string) { Say(c.w, text) }

// Say writes an error or note to a stream.
func Say(w io.Writer, text string) { fmt.Fprintf(w, "patchlint: %s\n", inertLines(text)) }

// note says something that changes nothing, unless --quiet.
func (c *console) note(format string, args ...any) {
	if !c.terse {
		c.say(fmt.Sprintf(format, args...))
	}
}

// tell says what is worth a word about the files that were looked for: about those that
// are not checked in any case.
func (c *console) tell(set *files.Set) {
	for _, text := range set.Notes {
		c.note("%s", text)
	}
	for _, text := range set.Warnings {
		c.say(text)
	}
}

// complain says what could not be done, and has the reports say it, too.
func (c *console) complain(err error) {
	c.say(err.Error())
	c.failed(err)
}

// failed has the reports say what could not be done.
func (c *console) failed(err error) { c.failures = append(c.failures, sentences(err)...) }

// sentences are what an error says, one for each of those it joins.
func sentences(err error) (list []string) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []string{err.Error()}
	}
	for _, err := range joined.Unwrap() {
		list = append(list, sentences(err)...)
	}
	return list
}

// inertLines makes the text of an error or note fit for a terminal and a log:
// it may hold the name of a file. Its lines after the first are indented, and
// none starts with "::", which GitHub's runner obeys.
func inertLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		if lines[i] = inert.Show(lines[i]); i > 0 {
			lines[i] = uncommanded(lines[i])
		}
	}
	return strings.Join(lines, "\n  ")
}

// uncommanded escapes a colon at the start of a line, where GitHub's runner obeys two
// of them, white space before them aside.
func uncommanded(line string) string {
	start := len(line) - len(strings.TrimLeftFunc(line, unicode.IsSpace))
	if rest, ok := strings.CutPrefix(line[start:], ":"); ok {
		return line[:start] + `\u003a` + rest
	}
	return line
}

// inertDiff returns a diff in which nothing is acted on where it is shown. Every line
// stays a line, and a tab a tab.
func inertDiff(text []byte) []byte {
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		body := strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		parts := strings.Split(body, "\t")
		for i := range parts {
			parts[i] = inert.Show(parts[i])
		}
		b.WriteString(uncommanded(strings.Join(parts, "\t")))
		b.WriteString(line[len(body):])
	}
	return []byte(b.String())
}

// commandLine returns the number of the first line of a text that a terminal or
// a build service would obey, or 0.
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
