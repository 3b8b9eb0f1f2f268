package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/validate"
)

// skip is a request that is not checked. Of one that is notable that is said in any
// case.
type skip struct {
	request, reason string
	notable         bool
}

// neighbour opens the files that a file of requests names.
type neighbour struct {
	io.Reader
	*checker
	source *files.Source
}

// beside makes the text of a source one that opens the files it names, if it may
// name any.
func (c *checker) beside(s *files.Source, text io.Reader) io.Reader {
	if format, _ := input.ForName(s.Name()); format.Name != "http" {
		return text
	}
	return neighbour{text, c, s}
}

// Open opens a file that the source names, relative to the source or else to the
// root of its repository, as the editors' clients do. It must be a JSON file in that
// repository, or where there is none below the directory of the source: what else
// a text leads to is not for it to decide.
func (n neighbour) Open(name string) (shown string, file io.ReadCloser, err error) {
	here := filepath.Dir(n.source.Name())
	if n.source.Path == "-" && n.source.Name() == noName {
		here = "."
	}
	root, err := filepath.Abs(here)
	if err != nil {
		return "", nil, err
	}
	inRepository := files.Repository(root)
	if inRepository != "" {
		root = inRepository
	}
	name = filepath.FromSlash(strings.ReplaceAll(name, `\`, "/"))
	candidates := []string{filepath.Join(here, name), filepath.Join(root, name)}
	if filepath.IsAbs(name) {
		candidates = []string{filepath.Clean(name)}
	}
	for _, candidate := range candidates {
		var real string
		if real, err = within(root, candidate); errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return "", nil, err
		}
		shown = files.Display(candidate)
		if n.excludes(n.config)(shown) {
			return shown, nil, nil
		}
		file, err = n.source.OpenBeside(real)
		if errors.Is(err, files.ErrNotRegular) {
			err = files.ErrNotRegular
		}
		return shown, file, err
	}
	return "", nil, errors.New("no such file")
}

// within returns the file that a path leads to, if that is a JSON file below root.
func within(root, name string) (string, error) {
	outside := fmt.Errorf("it is outside of the directory %s", files.Display(filepath.Base(root)))
	absolute, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	below := func(root, name string) bool {
		relative, err := filepath.Rel(root, name)
		return err == nil && filepath.IsLocal(relative) && !slices.Contains(strings.Split(filepath.ToSlash(relative), "/"), ".git")
	}
	if !below(root, absolute) {
		return "", outside
	}
	real, err := filepath.EvalSymlinks(absolute)
	if err != nil {
		return "", files.Plain(err)
	}
	realRoot, err := filepath.EvalSymlinks(root)
	switch {
	case err != nil:
		return "", files.Plain(err)
	case !below(realRoot, real):
		return "", outside
	}
	for _, path := range []string{absolute, real} {
		if extension := strings.ToLower(filepath.Ext(path)); extension != ".json" && extension != ".jsonc" {
			return "", errors.New("only .json files are read")
		}
	}
	return real, nil
}

// noted returns the notes of a payload with the severities of a linter. Their rule
// cannot be off.
func noted(linter *validate.Linter, notes []patchlint.Diagnostic) []patchlint.Diagnostic {
	for i, d := range notes {
		notes[i].Severity = cmp.Or(linter.Severities[d.Rule], d.Severity)
	}
	return notes
}

// finding is where a finding is, in all files.
type finding struct {
	file, rule string
	offset     int
}

// unreported returns the findings of a payload that are to be reported: those of a
// body that several requests send, or that is linted by itself, too, once.
func (t *tally) unreported(e event) []patchlint.Diagnostic {
	if format, _ := input.ForName(e.inFile()); format.Several || len(e.found) == 0 {
		return e.found
	}
	if t.reported == nil {
		t.reported = make(map[finding]bool)
	}
	place := func(d patchlint.Diagnostic) finding { return finding{e.inFile(), d.Rule, d.Span.Start} }
	found := slices.DeleteFunc(e.found, func(d patchlint.Diagnostic) bool {
		asBody, known := t.reported[place(d)]
		return known && (asBody || e.name != "")
	})
	for _, d := range found {
		t.reported[place(d)] = e.name != ""
	}
	return found
}
