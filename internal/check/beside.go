package check

import (
	"bytes"
	"cmp"
	"io"

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

// Open opens an included file, with the text of an editor if it is open there.
func (n includer) Open(name string) (shown string, file io.ReadCloser, err error) {
	shown, file, err = n.source.OpenBeside(name, n.Settings.Excludes)
	if file == nil || n.Edited == nil {
		return shown, file, err
	}
	if text, ok := n.Edited(shown); ok {
		file.Close()
		return shown, io.NopCloser(bytes.NewReader(text)), nil
	}
	return shown, file, nil
}

// applySeverities applies the severities of a linter to the notes of a payload. Their
// rule cannot be off.
func applySeverities(linter *validate.Linter, notes []patchlint.Diagnostic) []patchlint.Diagnostic {
	for i, d := range notes {
		notes[i].Severity = cmp.Or(linter.Severities[d.Rule], d.Severity)
	}
	return notes
}
