package patchlint

// Rule describes a check. The explanations of the command, the documentation and the
// metadata in reports are generated from it, and tests run Bad and Good.
type Rule struct {
	// ID is the name of the rule in kebab case. It never changes.
	ID string
	// Severity is the default severity of its findings. A finding may state another,
	// and the user may choose one.
	Severity Severity
	// Fixable reports whether some of its findings have a fix.
	Fixable bool
	// Summary describes the fault in one line, in lower case, without a period.
	Summary string
	// Why is a paragraph of plain text that explains what the fault causes and how
	// that is known.
	Why string
	// Bad is a document with this fault and no other fault of the same severity.
	Bad string
	// Good is the same document without the fault.
	Good string
	// Since is the version of patchlint that introduced the rule.
	Since string
	// Links lists URLs for further reading.
	Links []string
}
