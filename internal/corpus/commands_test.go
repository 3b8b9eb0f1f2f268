package corpus

import (
	"strings"
	"testing"
)

// TestMarkers checks that every grammar matches one of the Commands, and that every line
// that it matches has its marker, which Obeyed looks for first.
func TestMarkers(t *testing.T) {
	for _, s := range services {
		matched := 0
		for _, command := range Commands {
			for _, line := range strings.Split(command, "\n") {
				if !s.grammar.MatchString(line) {
					continue
				}
				matched++
				if Obeyed(line) == "" || !strings.Contains(line, s.marker) {
					t.Errorf("%s: %q has no %q", s.name, line, s.marker)
				}
			}
		}
		if matched == 0 {
			t.Errorf("no command for %s with the marker %q", s.name, s.marker)
		}
	}
}
