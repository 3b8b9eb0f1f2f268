// Package lazy computes values when they are first needed, so that they cost nothing when
// a program starts.
package lazy

import (
	"regexp"
	"sync"
)

// Expression is a regular expression that is compiled when it is first used.
type Expression struct {
	text     string
	once     sync.Once
	compiled *regexp.Regexp
}

// Regexp returns the Expression of a text, which must be valid. A package variable that it
// initializes is statically initialized by the compiler.
func Regexp(text string) *Expression { return &Expression{text: text} }

// Get returns the regular expression.
func (e *Expression) Get() *regexp.Regexp {
	e.once.Do(func() { e.compiled = regexp.MustCompile(e.text) })
	return e.compiled
}

// String returns the text of the expression.
func (e *Expression) String() string { return e.text }
