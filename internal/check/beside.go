package check

import (
	"bytes"
	"cmp"
	"io"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/validate"
)

// includer is the text of a file that may include others. It implements input.Includer.
type includer struct {
	io.Reader
	*Checker
	source *files.Source
}

// Size returns the size of the file, or 0 if unknown.
func (n includer) Size() int64 { return input.SizeOf(n.Reader) }

// Open opens an included file, with the text that it has in an editor or that Repair would
// write.
func (n includer) Open(name string) (shown string, file io.ReadCloser, err error) {
	shown, file, err = n.source.OpenBeside(name, n.Settings.Excludes)
	if text, ok := n.edited(shown); ok && file != nil {
		file.Close()
		file = io.NopCloser(bytes.NewReader(text))
	}
	return shown, file, err
}

func (c *Checker) edited(name string) (text []byte, ok bool) {
	if r := c.Repairs[name]; r != nil {
		return r.Text, r.Text != nil
	}
	if c.Edited != nil {
		return c.Edited(name)
	}
	return nil, false
}

// applySeverities applies the severities of a linter to the notes of a payload, and drops
// those of rules that it does not apply.
func applySeverities(linter *validate.Linter, notes []patchlint.Diagnostic) []patchlint.Diagnostic {
	notes = slices.DeleteFunc(notes, func(d patchlint.Diagnostic) bool { return !linter.Applies(d.Rule) })
	for i, d := range notes {
		notes[i].Severity = cmp.Or(linter.Severities[d.Rule], d.Severity)
	}
	return notes
}
