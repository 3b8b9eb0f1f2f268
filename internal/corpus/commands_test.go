package corpus

import (
	"strings"
	"testing"
)

// TestSigns checks that every grammar takes one of the Commands, and that what it
// takes has its sign: Obeyed looks for that first.
func TestSigns(t *testing.T) {
	for _, s := range services {
		taken := 0
		for _, command := range Commands {
			for _, line := range strings.Split(command, "\n") {
				if !s.grammar.MatchString(line) {
					continue
				}
				taken++
				if Obeyed(line) == "" || !strings.Contains(line, s.marker) {
					t.Errorf("%s: %q has no %q", s.name, line, s.marker)
				}
			}
		}
		if taken == 0 {
			t.Errorf("no command for %s with the sign %q", s.name, s.marker)
		}
	}
}
