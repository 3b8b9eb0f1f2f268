package main

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/compare"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/settings"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// session is what the comparisons of one run share.
type session struct {
	*pairFlags
	console
	streams  stdio
	settings *settings.Run
	color    bool // on standard output
	printer  report.Printer
	model    *schema.Model
	typ      *schema.Resource // of --type, or nil
	read     []string         // files of directories that hold an object
	roots    files.RootNames
	linters  settings.Linters
	before   func() error // to be done before something is said
}

// newSession reads the settings. Beside an error there is a session that can
// report it.
func newSession(f *pairFlags, streams stdio) (*session, error) {
	s := &session{pairFlags: f, console: console{w: streams.err, terse: f.quiet}, streams: streams, roots: files.RootNames{}, before: func() error { return nil }}
	var err error
	if err := f.checkEmpty(); err != nil {
		return s, err
	}
	if s.settings, err = f.openSettings(); err != nil {
		return s, err
	}
	if f.verbose {
		s.note("%s", s.settings.InForce())
	}
	version := cmp.Or(schema.Version(f.apiVersion), s.settings.APIVersion)
	if err = addMetadata(s.settings, f.metadata, cmp.Or(version, schema.Beta)); err != nil {
		return s, err
	}
	if s.model, err = s.settings.Models.Open(version); err != nil {
		return s, usageError{fmt.Errorf("--api-version: %w", err)}
	}
	s.linters = settings.Linters{Run: s.settings, Base: validate.Linter{Models: s.settings.Models}}
	if err = s.settings.AddNames(f.names); err != nil {
		return s, err
	}
	s.noteContinued(s.settings.Continued())
	if f.typeName != "" {
		if s.typ, err = s.model.Resource(f.typeName); err != nil {
			return s, usageError{fmt.Errorf("--type: %w", err)}
		}
	}
	if s.maxBytes, err = maxBytes(f.maxBytesText); err != nil {
		return s, err
	}
	if s.color, err = useColor(f.color, streams.out); err != nil {
		return s, err
	}
	color, err := useColor(f.color, streams.err)
	if err != nil {
		return s, err
	}
	s.printer, err = report.New("text", streams.err, report.Options{Color: color, Width: columns(streams.err)})
	return s, err
}

// print writes findings to standard error.
func (s *session) print(c *report.Comparison, findings []diff.Finding) {
	if len(findings) > 0 && s.before() != nil {
		return // the report says so when it is closed
	}
	for _, file := range c.Findings(findings) {
		if err := s.printer.File(file); err != nil {
			return
		}
	}
}

// printAll writes the findings about a comparison to standard error: those for which
// it is refused, and the others that are asked for.
func (s *session) printAll(c *report.Comparison) {
	s.print(c, c.Errors)
	switch {
	case s.verbose && !s.quiet:
		s.print(c, c.Warnings)
	case !s.quiet:
		s.print(c, c.Notable())
	}
}

// load reads the one document of a file.
func (s *session) load(name string) (report.Source, error) {
	source := report.Source{Name: files.Display(name)}
	if name == "-" {
		source.Name = noName
	}
	if format, _ := input.ForName(name); format.Several {
		return source, fmt.Errorf("%s: two objects are compared, each the only one in its file; a %s file may hold several", source.Name, format.Name)
	}
	if files.IsDirectory(name) {
		return source, fmt.Errorf("%s is a directory, and here a file is needed", source.Name)
	}
	return s.only(source.Name, name)
}

// only reads the one document of a file that is shown by a name.
func (s *session) only(shown, name string) (report.Source, error) {
	source := report.Source{Name: shown}
	for doc, err := range s.documents(files.Source{Path: name}) {
		if err != nil {
			return source, err
		}
		source.Document = doc
	}
	return source, nil
}

// documents yields the documents of a file.
func (s *session) documents(file files.Source) iter.Seq2[*patchlint.Document, error] {
	return func(yield func(*patchlint.Document, error) bool) {
		from, err := file.Open(s.streams.in)
		switch {
		case errors.Is(err, os.ErrNotExist) && !file.Found:
			err = files.Missing(file.Path)
		case err == nil:
			defer from.Close()
		}
		if err != nil {
			yield(nil, err)
			return
		}
		reader := input.Reader{Limit: s.maxBytes, Models: s.settings.Models}
		for p, err := range reader.Read(file.Path, from) {
			if err != nil {
				yield(nil, files.Plain(err))
				return
			}
			if !yield(p.Document, nil) {
				return
			}
		}
	}
}

// compare computes the plan for one pair.
func (s *session) compare(sources map[diff.Side]report.Source, o diff.Options) *report.Comparison {
	c := s.comparison(sources)
	if resource := s.resource(c, o.Object); resource != nil {
		linter, _ := s.linters.Of(sources[diff.Desired].Name)
		compare.Fill(c, resource, linter, o)
	}
	s.root(c)
	return c
}

// comparison returns one that is in the environment of its desired object.
func (s *session) comparison(sources map[diff.Side]report.Source) *report.Comparison {
	e := s.settings.Environment(sources[diff.Desired].Name)
	return &report.Comparison{Sources: sources, Names: e.Names, Graph: e.Graph}
}

// modelOf returns the model for the objects of a file.
func (s *session) modelOf(name string) *schema.Model {
	if s.apiVersion == "" {
		if m, err := s.settings.Models.Open(cmp.Or(s.settings.Environment(name).APIVersion, s.model.Version)); err == nil {
			return m
		}
	}
	return s.model
}

// root finds out where the sources of findings are in their repository.
func (s *session) root(c *report.Comparison) {
	for _, f := range slices.Concat(c.Errors, c.Warnings) {
		if from := c.Sources[f.Side]; from.Root == "" && from.Name != noName {
			from.Root = s.roots.Of(from.Name, from.Name)
			c.Sources[f.Side] = from
		}
	}
}

// checkPointers notes a --ignore or --send that names no property of any type
// that is compared.
func (s *session) checkPointers(list []patchlint.Pointer) {
	for _, text := range compare.NoProperty(s.model, s.typ, list) {
		s.note("%s", text)
	}
}

// typeOf tells what an object is in a model: what --type says, else the settings for
// its file, else what it shows; nil for nothing.
func (s *session) typeOf(source report.Source, m *schema.Model) *schema.Resource {
	r, err := s.settings.TypeOf(source.Name, m)
	if s.typ != nil {
		r, err = m.Resource(s.typeName)
	}
	switch {
	case err != nil:
		s.complain(err)
		return nil
	case r != nil:
		return r
	}
	return m.DetectDocument(source.Document)
}

// resource tells what the objects are. The one of current is object, if that is
// given.
func (s *session) resource(c *report.Comparison, object patchlint.Node) *schema.Resource {
	m := s.modelOf(c.Sources[diff.Desired].Name)
	have, want := s.typeOf(c.Sources[diff.Current], m), s.typeOf(c.Sources[diff.Desired], m)
	if have == nil {
		have = m.Detect(object) // a $batch response or a mixed list does not show it
	}
	return compare.Resource(c, m, have, want)
}
