// Package report prints findings and plans. Each format is a small file that writes
// to an output; none knows flags, files, exit codes, or what becomes of an error.
//
// A report shows no credential that internal/secret finds, and no text in it is
// obeyed by a terminal or build service. Fingerprints, which tell findings apart
// from run to run, hash nothing of a credential.
package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/validate"
)

// File is what was found in one payload.
type File struct {
	// Name is how the user knows the file, with forward slashes.
	Name string
	// Root is the path from the root of the repository, for fingerprints that
	// hold wherever the command is run.
	Root string
	// Record is the index of the payload in a file of several, from 0.
	Record int
	// Part tells the payloads of one file apart, for fingerprints; "" in a file
	// of one.
	Part string
	// Document may be nil where nothing was found.
	Document *patchlint.Document
	Findings []patchlint.Diagnostic
	// Chosen are the severities that the user has chosen, by rule.
	Chosen map[string]patchlint.Severity
	// Names has the names of the objects that the payload refers to by id; nil means
	// the names in the Options.
	Names *validate.Names
	// Prints are the fingerprints of the Findings, where these are what is left of
	// more; nil says that they are all, and tell theirs.
	Prints []string
}

// Minor reports whether a finding is of interest only to those who ask for all: an
// info that offers no fix, by a rule whose severity the user has not chosen. Every
// saved response has some.
func (f *File) Minor(d patchlint.Diagnostic) bool {
	return d.Severity == patchlint.Info && len(d.Fixes) == 0 && f.Chosen[d.Rule] == 0
}

// other returns the file that a related place is in.
func (f *File) other(r patchlint.Related) (name string, doc *patchlint.Document) {
	if r.Document == nil {
		return f.Name, f.Document
	}
	return r.File, r.Document
}

// Applicable returns the fixes of a finding that a program may be given to
// apply: those that hold no secret, because a mask would be applied as well.
func (f *File) Applicable(d patchlint.Diagnostic) []patchlint.Fix {
	shows := func(e patchlint.Edit) bool { return secret.Mask(f.Document, e.NewText) != e.NewText }
	return slices.DeleteFunc(slices.Clone(d.Fixes), func(fix patchlint.Fix) bool { return slices.ContainsFunc(fix.Edits, shows) })
}

// Summary counts what a run did.
type Summary struct {
	Files      int `json:"files"`   // checked
	Skipped    int `json:"skipped"` // seen, and of no known type
	Errors     int `json:"errors"`
	Warnings   int `json:"warnings"`
	Infos      int `json:"infos"`
	Suppressed int `json:"suppressed"` // findings of a baseline
	Fixed      int `json:"fixed"`
	// Failures say in a sentence each what could not be done. With any, what was
	// found is not all there is.
	Failures []string `json:"failures"`
}

// Add counts the findings of one payload.
func (s *Summary) Add(findings []patchlint.Diagnostic) {
	for _, f := range findings {
		switch f.Severity {
		case patchlint.Error:
			s.Errors++
		case patchlint.Warning:
			s.Warnings++
		case patchlint.Info:
			s.Infos++
		}
	}
}

// Tool says who prints.
type Tool struct {
	Name       string `json:"name"`
	Version    string `json:"version"`
	APIVersion string `json:"apiVersion"`
}

// Options are what the formats share. The zero value will do for all of them.
type Options struct {
	Tool  Tool
	Color bool // ANSI colours, where the format has any
	Brief bool // one line for each finding, where the format has more
	// Width is how many columns the reader's screen has, 0 where that is not known,
	// for formats that cut what does not fit.
	Width int
	// NoMinor leaves out minor findings, and counts those of a rule that do not fail
	// the run after the first few of a payload, where the format is for people.
	NoMinor bool
	// Statistics asks for how often each rule speaks in place of the findings, where
	// the format is for people.
	Statistics bool
	// FailOn is the severity from which on a finding fails a run, for formats
	// that tell what passed from what failed; zero means Error.
	FailOn patchlint.Severity
	// Root returns the Root of another file by its Name, for places that a
	// finding relates to; nil leaves the name as it is.
	Root func(name string) string
	// Summary takes Markdown for people, beside the report, where the format
	// knows a place for that; nil for none. SummaryUsed is how many bytes of
	// that place are taken already.
	Summary     io.Writer
	SummaryUsed int
	// Names are the names of the objects that payloads refer to by id; nil for none.
	// Formats for programs leave the ids as they are.
	Names *validate.Names
	// Graph is the host of Microsoft Graph in URLs; "" for that of the global
	// service.
	Graph string
	// Note is told what the reader of a report should know and the format has no
	// prominent place for; it may be nil.
	Note func(text string)
}

// failing is the severity from which on a finding fails the run.
func (o Options) failing() patchlint.Severity { return cmp.Or(o.FailOn, patchlint.Error) }

// format is a format for findings.
type format struct {
	name string
	new  func(*output, Options) printer
	// ids says that messages name objects by their ids only, as programs do.
	ids bool
}

// printer is what a format writes a report with; see Printer.
type printer interface {
	file(*File)
	close(Summary)
}

var formats = []format{textFormat, jsonFormat, sarifFormat, githubFormat, gitlabFormat, junitFormat, rdjsonFormat, azureFormat}

// Names lists the formats.
func Names() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// project is where patchlint is at home.
const project = "https://github.com/patchlint/patchlint"

// RulePage is the page that explains a rule.
func RulePage(id string) string { return project + "/blob/main/docs/rules.md#" + id }

// Count is a number with the noun that it counts.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Printer writes one report.
type Printer struct {
	printer
	out   *output
	names *validate.Names
	ids   bool
}

// New returns a Printer of the named format, one of Names.
func New(name string, w io.Writer, options Options) (Printer, error) {
	i := slices.IndexFunc(formats, func(f format) bool { return f.name == name })
	if i < 0 {
		return Printer{}, fmt.Errorf("unknown format %s; must be one of %s", inert.Quote(name), strings.Join(Names(), ", "))
	}
	out := newOutput(w)
	return Printer{formats[i].new(out, options), out, options.Names, formats[i].ids}, nil
}

// File reports of a payload that was checked, even if nothing was found. Payloads
// come in order, those of one file one after the other, and nothing of them is kept.
func (p Printer) File(f *File) error {
	if names := cmp.Or(f.Names, p.names); !p.ids && names != nil && len(f.Findings) > 0 {
		f = f.Named(names)
	}
	p.file(f)
	return p.out.flush()
}

// Close ends the report, also after a failure.
func (p Printer) Close(s Summary) error {
	p.close(s)
	return p.out.flush()
}
