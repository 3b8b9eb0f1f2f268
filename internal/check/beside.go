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

// includer is the text of a file of requests. It implements input.Includer.
type includer struct {
	io.Reader
	*Checker
	source  *files.Source
	hasText *bool // set when text other than white space is read
}

// withIncludes makes the text of a file of requests an includer, and returns any other
// text unchanged.
func (c *Checker) withIncludes(s *files.Source, text io.Reader, filled *bool) io.Reader {
	if format, _ := input.ForName(s.Name()); format.Name != "http" {
		return text
	}
	return includer{text, c, s, filled}
}

func (n includer) Read(p []byte) (int, error) {
	read, err := n.Reader.Read(p)
	*n.hasText = *n.hasText || len(bytes.TrimSpace(p[:read])) > 0
	return read, err
}

// Open opens an included file, in the state that an editor has of it.
func (n includer) Open(name string) (shown string, file io.ReadCloser, err error) {
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

// applySeverities applies the severities of a linter to the notes of a payload. Their
// rule cannot be off.
func applySeverities(linter *validate.Linter, notes []patchlint.Diagnostic) []patchlint.Diagnostic {
	for i, d := range notes {
		notes[i].Severity = cmp.Or(linter.Severities[d.Rule], d.Severity)
	}
	return notes
}
