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
	// APIVersion is the version that Bad and Good are for, "" for the default.
	APIVersion string
	// Dialect is the dialect of Bad and Good.
	Dialect Dialect
	// With is another document of the same run that Bad and Good are held
	// against, "" for none.
	With string
	// Schema is a JSON Schema of a team's that Bad and Good are checked with, ""
	// for none.
	Schema string
	// URLKey is the id in the URL that Bad and Good are sent to, "" for any.
	URLKey string
	// Names is the text of a names file that Bad and Good are checked against, ""
	// for none.
	Names string
	// Since is the version of patchlint that first had the rule.
	Since string
	// Links are pages to read further.
	Links []string
}
