package patchlint

// Rule describes one thing that is checked. Everything said about a rule (the
// command's explanations, the documentation, report metadata) is rendered from
// it, and Bad and Good run as tests.
type Rule struct {
	// ID names the rule in kebab case, forever.
	ID string
	// Severity is the severity of its findings, unless a finding states another or
	// the user chooses one.
	Severity Severity
	// Summary is one line in lower case without a full stop: what is wrong.
	Summary string
	// Why is a paragraph of plain text: what happens if it stays, and how that
	// is known.
	Why string
	// Bad is a document with this fault and no other of the same severity.
	Bad string
	// Good is the same document without the fault.
	Good string
	// Since is the version of patchlint that first had the rule.
	Since string
	// Links are pages to read further.
	Links []string
}
