package command

import (
	"fmt"
	"path/filepath"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/compare"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/settings"
	"github.com/patchlint/patchlint/schema"
)

// session is the state that the comparisons of a run of diff or apply share.
type session struct {
	*Common
	console
	streams     Streams
	run         *settings.Run
	roots       files.RootNames
	printer     report.Printer // for findings
	flushReport func() error   // called before findings are printed
}

// sources are the documents of a comparison by side.
type sources = map[diff.Side]report.Source

// newSession reads the settings. Even with an error it returns a session to report it
// with.
func newSession(f *Common, streams Streams) (*session, error) {
	s := &session{Common: f, console: console{w: streams.Err, quiet: f.Quiet}, streams: streams, flushReport: func() error { return nil }}
	s.printer = report.New("text", streams.Err, report.Options{Color: useColor(f.Color, streams.Err), Width: columns(streams.Err)})
	var err error
	s.run, err = f.open(&s.console)
	return s, err
}

// printAll writes the findings about a comparison to standard error: the errors, and
// the warnings that --quiet or --verbose select.
func (s *session) printAll(c *report.Comparison) {
	for _, f := range c.Errors {
		s.found(f.Diagnostic)
	}
	warnings := c.Notable()
	switch {
	case s.Quiet:
		warnings = nil
	case s.Verbose:
		warnings = c.Warnings
	}
	for _, findings := range [][]diff.Finding{c.Errors, warnings} {
		if len(findings) > 0 && s.flushReport() != nil {
			return // closing the report returns the error
		}
		for _, file := range c.Findings(findings) {
			if err := s.printer.Print(file); err != nil {
				return
			}
		}
	}
}

// argumentName returns the name of a file argument for messages.
func argumentName(name string) string {
	if name == "-" {
		return files.StdinName
	}
	return files.Display(name)
}

// load reads a file that must hold one document.
func (s *session) load(name string) (report.Source, error) {
	source := report.Source{Name: argumentName(name)}
	if format, _ := input.ForName(name); format.Several() {
		return source, fmt.Errorf("%s: expected a file with one object; a file that ends in %s may contain several, so save the object as a .json file", source.Name, inert.Text(filepath.Ext(name)))
	}
	if files.IsDirectory(name) {
		return source, fmt.Errorf("%s is a directory; expected a file", source.Name)
	}
	err := s.read(files.Source{Path: name}, func(doc *patchlint.Document) { source.Document = doc })
	return source, err
}

// read calls take with each document of a file.
func (s *session) read(file files.Source, take func(*patchlint.Document)) error {
	from, err := file.Open(s.streams.In)
	if err != nil {
		return err
	}
	defer from.Close()
	reader := input.Reader{Limit: s.MaxBytes, Models: s.run.Models}
	for p, err := range reader.Read(file.Path, from, nil) {
		if err != nil {
			return files.Plain(err)
		}
		take(p.Document)
	}
	return nil
}

// comparison returns a new comparison and the resource that its objects belong to, or
// nil if unknown, which the comparison then reports.
func (s *session) comparison(docs sources, current *object) (*report.Comparison, *schema.Type) {
	name := docs[diff.Desired].Name
	of := s.run.Of(name)
	c := &report.Comparison{Sources: docs, Names: of.Linter.Names, Graph: of.Graph, Root: s.roots.Of}
	m := s.modelOf(name, docs[diff.Desired].Document)
	want := s.typeOf(docs[diff.Desired], m)
	var have *schema.Type
	if current.document == nil { // otherwise it may have many objects, which the scan of its directory has looked at
		have = s.typeOf(docs[diff.Current], m)
	}
	if have == nil && current.of != nil {
		have = m.Type(current.of.Name)
	}
	return c, compare.Resource(c, m, have, want)
}

// modelOf returns the model for the objects in a document of a file.
func (s *session) modelOf(name string, doc *patchlint.Document) *schema.Model {
	m, _ := s.run.Models.Open(recognize.Version(s.run.Of(name).Target.Version, doc)) // the flags and settings have only known versions
	return m
}

// typeOf returns the type of an object in a model, or nil if unknown.
func (s *session) typeOf(source report.Source, m *schema.Model) *schema.Type {
	r, _, err := s.run.Resource(source.Name, s.Type, m, source.Document)
	if err != nil {
		s.fail(err)
	}
	return r
}
