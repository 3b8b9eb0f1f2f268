package patchlint

import (
	"cmp"
	"fmt"
)

// Severity says how severe a finding is. The zero value is not a severity.
type Severity uint8

const (
	Info    Severity = iota + 1 // worth knowing; nothing to do
	Warning                     // accepted as far as is known, and probably not what was meant
	Error                       // refused by the service, or harmful
)

// ParseSeverity returns the severity of that name, as String gives it.
func ParseSeverity(name string) (Severity, bool) {
	for s := Info; s <= Error; s++ {
		if s.String() == name {
			return s, true
		}
	}
	return 0, false
}

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

// Diagnostic is one finding about one place in one document.
type Diagnostic struct {
	// Rule is the id of the rule that speaks, for example "enum-value".
	Rule string
	// Severity is never zero in what a Linter returns.
	Severity Severity
	// Pointer names the value the finding is about; for a missing member, the
	// object that lacks it.
	Pointer Pointer
	// Span is where to point in the source: a member's name, a value, or the
	// opening brace of an object that lacks something.
	Span Span
	// Message is one sentence in lower case without a full stop. Text taken
	// from the document is quoted in it and holds no control characters.
	Message string
	// Suggestion is text that could replace the one at Span, or "".
	Suggestion string
	// Related are other places that explain the finding.
	Related []Related
	// Fixes are alternatives: at most one of them may be applied.
	Fixes []Fix
}

// Related is another place that belongs to a finding.
type Related struct {
	// File and Document say where the place is; both are zero for the document
	// that the finding is about.
	File     string
	Document *Document
	Pointer  Pointer
	Span     Span
	Message  string
}

// Fix is a change that removes a finding.
type Fix struct {
	// Title says what the fix does, as an imperative: `replace with "enabled"`.
	Title string
	// Safe fixes keep what the payload means, or give it the one meaning it
	// can have. The others are a guess for a person to confirm.
	Safe bool
	// Edits do not overlap and are in ascending order.
	Edits []Edit
}

// Edit replaces the bytes of a span.
type Edit struct {
	Span    Span
	NewText string
}

// MaxFindings is how many faults of its text, and how many other findings, are
// listed of one document. One more finding, json-limit, says that there are
// others.
const MaxFindings = 1000

// Size is the number of bytes that the texts of a finding take. A document of a few
// hundred kilobytes can have a thousand pointers that are each as long as itself.
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

// Compare orders findings by place, then rule, then message: the order in which every
// report prints the findings of a file.
func (d Diagnostic) Compare(e Diagnostic) int {
	return cmp.Or(
		cmp.Compare(d.Span.Start, e.Span.Start),
		cmp.Compare(d.Span.End, e.Span.End),
		cmp.Compare(d.Rule, e.Rule),
		cmp.Compare(d.Message, e.Message),
	)
}
