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

// neighbour opens the files that a file of requests names.
type neighbour struct {
	io.Reader
	*Checker
	source *files.Source
	filled *bool // set when there is some text
}

// beside makes the text of a source one that opens the files it names, if it may
// name any, and that tells whether it has any text.
func (c *Checker) beside(s *files.Source, text io.Reader, filled *bool) io.Reader {
	if format, _ := input.ForName(s.Name()); format.Name != "http" {
		return text
	}
	return neighbour{text, c, s, filled}
}

func (n neighbour) Read(p []byte) (int, error) {
	read, err := n.Reader.Read(p)
	*n.filled = *n.filled || len(bytes.TrimSpace(p[:read])) > 0
	return read, err
}

// Open opens a file that the source names.
func (n neighbour) Open(name string) (shown string, file io.ReadCloser, err error) {
	shown, file, err = n.source.OpenBeside(name, n.Excludes)
	if file == nil || n.Edited == nil {
		return shown, file, err
	}
	if text, ok := n.Edited(shown); ok {
		file.Close()
		return shown, io.NopCloser(bytes.NewReader(text)), nil
	}
	return shown, file, nil
}

// noted returns the notes of a payload with the severities of a linter. Their rule
// cannot be off.
func noted(linter *validate.Linter, notes []patchlint.Diagnostic) []patchlint.Diagnostic {
	for i, d := range notes {
		notes[i].Severity = cmp.Or(linter.Severities[d.Rule], d.Severity)
	}
	return notes
}
