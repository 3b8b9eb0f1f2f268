package diff_test

import (
	"flag"
	"runtime/debug"
	"strconv"

	"github.com/patchlint/patchlint/internal/corpus"
)

// Random tests draw the same values in every run, so a test that fails does so because
// of a change. -rapid.seed=0 draws others, and -rapid.checks=1000 more of them.
func init() {
	flag.Set("rapid.seed", "1")
	flag.Set("rapid.checks", strconv.Itoa(corpus.Size(25, 500)))
	debug.SetGCPercent(400) // the tests allocate much and hold little
}
