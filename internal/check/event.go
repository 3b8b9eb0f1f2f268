package check

import (
	"cmp"
	"strconv"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/span"
	"github.com/patchlint/patchlint/validate"
)

// Event is a payload that was checked.
type Event struct {
	Source   *files.Source
	Record   int    // the index of the payload in the file
	Part     string // the part of the file that the payload is, without credentials
	Name     string // the file that contains the payload, if it is not Source
	Type     string // the type it was checked as, "" if unknown
	ours     bool   // certainly meant for Graph, so that its file may be changed
	Findings []patchlint.Diagnostic
	// Document is the payload with positions in the file. It is nil if there are no
	// findings and CrossFile is false.
	Document  *patchlint.Document
	CrossFile bool // the payload is to be passed to Join
	Linter    *validate.Linter
	Target    validate.Target // what is known about the payload apart from its content
	Payload   *input.Payload  // to be released; nil if it has been
	Unchecked []input.Skip    // the requests in a batch whose body is not checked
}

// Result is the outcome of checking a file.
type Result struct {
	Checked         bool // whether the file has a payload
	Err             error
	Ignored         string       // why the file is neither checked nor counted as skipped
	Important       bool         // report Ignored even if not verbose
	TooLarge        bool         // the type is unknown, but only the start was read
	Reason          Reason       // for skipping the file if it has no payload
	Fixes           int          // applied or, with DryRun, applicable
	Change          []byte       // the diff with DryRun, or the fixed standard input
	SkippedRequests []input.Skip // in a file of requests
	SkippedRecords  int          // in a file that also has payloads
}

// Reason is why a file has no payload.
type Reason int

const (
	NoType Reason = iota
	NoUpdate
	NoContent
)

func (r Reason) String() string {
	return [...]string{
		NoType:    "its type is unknown",
		NoUpdate:  "none of its requests updates a known resource",
		NoContent: "it is empty",
	}[r]
}

// FileName returns the name of the file that contains the payload.
func (e Event) FileName() string { return cmp.Or(e.Name, e.Source.Name()) }

// PlaceEdits makes the edits of the findings relative to the file.
func (e Event) PlaceEdits() {
	for _, d := range e.Findings {
		for _, f := range d.Fixes {
			for i := range f.Edits {
				f.Edits[i].Span = span.InFile(e.Document, f.Edits[i].Span)
			}
		}
	}
}

// Description returns the type that the payload was checked as, and where it is in the
// file.
func (e Event) Description() string {
	text := e.Type
	if text == "" {
		text = "of unknown type"
	}
	format, _ := input.ForName(e.Source.Name())
	switch {
	case e.Name != "":
		text += ", sent by " + e.Source.Name()
	case e.Part != "":
		text = e.Part + ": " + text
	case format.Lines:
		text = "record " + strconv.Itoa(e.Record) + ": " + text
	}
	return text
}
