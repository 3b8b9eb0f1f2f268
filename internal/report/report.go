// Package report prints findings and plans. Each format is a small file that writes
// to an output; none knows flags, files or exit codes, or handles errors.
//
// A report shows no credential that internal/secret finds, and no text that a terminal
// or build service obeys. Fingerprints, which identify findings from run to run, hash
// no credentials.
package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// File holds the findings of one payload.
type File struct {
	Name     string              // the path as the user knows it, with forward slashes
	Root     string              // the path from the root of the repository, whatever the working directory
	Record   int                 // the index of the payload in its file
	Part     string              // identifies the payload in its file, for fingerprints; "" if it is the only one
	Document *patchlint.Document // may be nil without findings
	Findings []patchlint.Diagnostic
	Chosen   map[string]patchlint.Severity // the severities that the user has chosen, by rule
	Names    *validate.Names               // the names of objects by id, which formats for programs do not use; may be nil
	// Prints are the fingerprints of the Findings if some findings of the payload were
	// removed; nil if Findings is complete, so that they can be computed.
	Prints []string
}

// Minor reports whether a finding is an info without a fix whose severity the user has
// not chosen. Every saved response has some.
func (f *File) Minor(d patchlint.Diagnostic) bool {
	return d.Severity == patchlint.Info && len(d.Fixes) == 0 && f.Chosen[d.Rule] == 0
}

// relatedFile returns the name and document of a related location.
func (f *File) relatedFile(r patchlint.Related) (name string, doc *patchlint.Document) {
	if r.Document == nil {
		return f.Name, f.Document
	}
	return r.File, r.Document
}

// Applicable returns the fixes of a finding that a program can apply: those without a
// secret, which would be replaced by its mask.
func (f *File) Applicable(d patchlint.Diagnostic) []patchlint.Fix {
	shows := func(e patchlint.Edit) bool { return secret.Mask(f.Document, e.NewText) != e.NewText }
	return slices.DeleteFunc(slices.Clone(d.Fixes), func(fix patchlint.Fix) bool { return slices.ContainsFunc(fix.Edits, shows) })
}

// Summary counts what a run did.
type Summary struct {
	Files   int `json:"files"`   // checked
	Skipped int `json:"skipped"` // because of an unknown type or for another reason
	// SkippedRequests counts requests whose body was not checked. SkippedRecords counts
	// records of unknown type in files that were checked.
	SkippedRequests int `json:"skippedRequests"`
	SkippedRecords  int `json:"skippedRecords"`
	Errors          int `json:"errors"`
	Warnings        int `json:"warnings"`
	Infos           int `json:"infos"`
	Suppressed      int `json:"suppressed"` // findings of a baseline
	Fixed           int `json:"fixed"`
	// Failures are sentences that describe failures. If there are any, findings may be
	// missing.
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

// Fails reports whether there are findings of a severity or above.
func (s *Summary) Fails(failOn patchlint.Severity) bool {
	counts := [...]int{patchlint.Error: s.Errors, patchlint.Warning: s.Warnings, patchlint.Info: s.Infos}
	return slices.Max(counts[failOn:]) > 0
}

// Options are the options of all formats. Each format ignores those that do not concern
// it, and the zero value is valid for all.
type Options struct {
	Version    string // of patchlint
	APIVersion schema.Version
	Color      bool // write ANSI colors
	Brief      bool // write one line for each finding
	Width      int  // the width of the screen in columns, or 0 if unknown
	// NoMinor makes formats for people leave out minor findings and, after the first
	// few of a rule and payload, findings that do not fail the run, which are counted.
	NoMinor bool
	// Statistics makes formats for people count findings by rule instead of listing
	// them.
	Statistics bool
	// FailOn is the lowest severity that fails the run; zero means Error.
	FailOn patchlint.Severity
	// Root returns the Root of another file, which a finding relates to, by its Name;
	// nil leaves the name as it is.
	Root func(name string) string
	// Summary is where the github format writes Markdown for the job summary; nil means
	// nowhere. SummaryUsed is the number of bytes that the summary already has.
	Summary     io.Writer
	SummaryUsed int
	Note        func(text string) // called with a sentence for the user of an incomplete report; may be nil
}

// formats are the formats for findings.
var formats = []struct {
	name  string
	new   func(*output, Options) Printer
	names bool // whether messages have the names of objects before their ids
}{
	{"text", newText, true},
	{"json", newJSON, false},
	{"sarif", newSARIF, false},
	{"github", newGitHub, true},
	{"gitlab", newGitLab, true},
	{"junit", newJUnit, true},
	{"rdjson", newRDJSON, false},
	{"azure", newAzure, true},
}

// FormatNames returns the names of the formats.
func FormatNames() (names []string) {
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// project is the URL of the project.
const project = "https://github.com/patchlint/patchlint"

// RulePage returns the URL of the page about a rule.
func RulePage(id string) string { return project + "/blob/main/docs/rules.md#" + id }

// Count returns a number with its noun.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Printer writes a report of findings. It is given the payloads that were checked, even
// those without findings, and the payloads of a file one after the other.
type Printer = Reporter[*File, Summary]

// New returns a Printer of the named format, one of FormatNames.
func New(name string, w io.Writer, options Options) Printer {
	f := formats[slices.Index(FormatNames(), name)]
	options.FailOn = cmp.Or(options.FailOn, patchlint.Error)
	p := f.new(newOutput(w), options)
	if print := p.print; f.names {
		p.print = func(file *File) { print(file.Named()) }
	}
	return p
}
