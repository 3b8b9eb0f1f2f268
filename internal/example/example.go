// Package example has what the examples of a few rules need beside their text.
package example

import "github.com/patchlint/patchlint"

// Needs is what the bad and the good example of a rule need. Most need nothing.
type Needs struct {
	// APIVersion is the version that they are for, "" for the default.
	APIVersion string
	Dialect    patchlint.Dialect
	// With is another document of the same run that they are compared with.
	With string
	// Schema is a JSON Schema of a team that they are checked with.
	Schema string
	// URLKey is the id in the URL that they are sent to, "" for any.
	URLKey string
	// Names is the text of a names file that they are checked against.
	Names string
}

// Of returns what the examples of the rule with an id need. Package validate, which has the
// rules, sets it.
var Of func(rule string) Needs

// Language returns the name of the dialect of the examples, "json" or "jsonc", which is
// also the extension of their files.
func (n Needs) Language() string {
	if n.Dialect == patchlint.JSONC {
		return "jsonc"
	}
	return "json"
}
