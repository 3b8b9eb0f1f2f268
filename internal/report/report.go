// Package report prints findings. Each format is a small file with a Printer;
// none knows flags, files or exit codes.
package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
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
	Part     string
	Document *patchlint.Document
	Findings []patchlint.Diagnostic
}

// other returns the file that a related place is in.
func (f *File) other(r patchlint.Related) (name string, doc *patchlint.Document) {
	if r.Document == nil {
		return f.Name, f.Document
	}
	return r.File, r.Document
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

// Options are what the formats share.
type Options struct {
	Tool  Tool
	Color bool // ANSI colours, where the format has any
	Brief bool // one line for each finding, where the format has more
}

// Printer writes one report: File for every payload with findings, in order,
// and Close once at the end, also after a failure.
type Printer interface {
	File(*File) error
	Close(Summary) error
}

type format struct {
	name string
	new  func(io.Writer, Options) Printer
}

var formats = []format{textFormat, jsonFormat}

// Names lists the formats.
func Names() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// New returns a Printer of the named format, one of Names.
func New(name string, w io.Writer, options Options) (Printer, error) {
	if i := slices.IndexFunc(formats, func(f format) bool { return f.name == name }); i >= 0 {
		return formats[i].new(w, options), nil
	}
	return nil, fmt.Errorf("no format %s; there are %s", patchlint.Quote(name), strings.Join(Names(), ", "))
}
