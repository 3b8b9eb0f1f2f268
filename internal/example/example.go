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
	// Schema is a JSON Schema of a team's that they are checked with.
	Schema string
	// URLKey is the id in the URL that they are sent to, "" for any.
	URLKey string
	// Names is the text of a names file that they are checked against.
	Names string
}

// needs is complete when package validate is initialised.
var needs = make(map[string]Needs)

// Register says what the examples of a rule need.
func Register(rule string, n Needs) {
	if n != (Needs{}) {
		needs[rule] = n
	}
}

// Of returns what the examples of a rule need.
func Of(rule string) Needs { return needs[rule] }
