package patchlint

import (
	"cmp"
	"fmt"
)

// Severity is how severe a finding is. The zero value is not a valid severity.
type Severity uint8

const (
	Info    Severity = iota + 1 // worth knowing; requires no action
	Warning                     // probably accepted by the service, and probably not intended
	Error                       // refused by the service, or harmful
)

// String returns "info", "warning" or "error".
func (s Severity) String() string {
	switch s {
	case Info:
		return "info"
	case Warning:
		return "warning"
	case Error:
		return "error"
	}
	return fmt.Sprintf("Severity(%d)", uint8(s))
}

// Diagnostic is a finding about one place in a document.
type Diagnostic struct {
	// Rule is the id of the rule that reports the finding, for example "enum-value".
	Rule string
	// Severity is never zero in a finding that a Linter returns.
	Severity Severity
	// Pointer locates the value that the finding is about; for a missing member,
	// the object that lacks it.
	Pointer Pointer
	// Span is the part of the source to highlight: the name of a member, a value,
	// or the opening brace of an object that lacks a member.
	Span Span
	// Message is one sentence in lower case, without a period. It quotes text
	// from the document without control characters.
	Message string
	// Suggestion is text that could replace the text at Span, or "".
	Suggestion string
	// Related lists other places that help explain the finding.
	Related []Related
	// Fixes lists alternatives; at most one of them may be applied.
	Fixes []Fix
}

// Related is another place that helps explain a finding.
type Related struct {
	// File and Document identify the document that Span refers to; both are zero
	// if it is the document that the finding is about.
	File     string
	Document *Document
	Pointer  Pointer
	Span     Span
	Message  string
}

// Fix is a change to the source that resolves a finding.
type Fix struct {
	// Title describes the fix in the imperative: `replace with "enabled"`.
	Title string
	// Safe reports whether the fix preserves the meaning of the payload, or gives
	// it the only meaning it can have. Any other fix is a guess that a person
	// must confirm.
	Safe bool
	// Edits do not overlap and are in ascending order.
	Edits []Edit
}

// Edit replaces the bytes of a span.
type Edit struct {
	Span    Span
	NewText string
}

// Size returns the total length in bytes of the texts of the finding. Callers that
// collect findings limit it, because a document of a few hundred kilobytes can have a
// thousand pointers that are each as long as the document.
func (d *Diagnostic) Size() int {
	n := len(d.Pointer) + len(d.Message) + len(d.Suggestion)
	for _, r := range d.Related {
		n += len(r.Pointer) + len(r.Message)
	}
	for _, f := range d.Fixes {
		n += len(f.Title)
		for _, e := range f.Edits {
			n += len(e.NewText)
		}
	}
	return n
}

// Compare orders findings by span, then rule, then message, which is the order in
// which every report prints the findings of a file.
func (d Diagnostic) Compare(e Diagnostic) int {
	return cmp.Or(
		cmp.Compare(d.Span.Start, e.Span.Start),
		cmp.Compare(d.Span.End, e.Span.End),
		cmp.Compare(d.Rule, e.Rule),
		cmp.Compare(d.Message, e.Message),
	)
}
