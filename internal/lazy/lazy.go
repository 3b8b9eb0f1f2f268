// Package lazy makes what is rarely needed when it is first needed, so that it
// costs nothing at the start of a program.
package lazy

import (
	"regexp"
	"sync"
)

// Regexp returns a function that returns the regular expression, compiled at the
// first call. The expression must be valid.
func Regexp(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
