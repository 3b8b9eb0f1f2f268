// Package lazy computes values when they are first needed, so that they cost nothing when
// a program starts.
package lazy

import (
	"regexp"
	"sync"
)

// Regexp returns a function that compiles the expression on its first call and returns
// it. The expression must be valid.
func Regexp(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
