// Package lazy makes what is rarely needed when it is first needed, so that it
// costs nothing at the start of a program.
package lazy

import (
	"regexp"
	"sync"
)

// Expression is a regular expression that is compiled when it is first asked for.
type Expression struct {
	text string
	made sync.Once
	of   *regexp.Regexp
}

// Regexp returns an Expression, which must be valid. The compiler lays out those of
// package variables, so that nothing is done for them at the start.
func Regexp(text string) *Expression { return &Expression{text: text} }

// Get returns the regular expression.
func (e *Expression) Get() *regexp.Regexp {
	e.made.Do(func() { e.of = regexp.MustCompile(e.text) })
	return e.of
}

// String returns the text of the expression.
func (e *Expression) String() string { return e.text }
