package bench

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestDocument holds that docs/performance.md has its figures from the programs
// that measure: both blocks are filled, with date and command, and the prose
// around them states none.
func TestDocument(t *testing.T) {
	src, err := os.ReadFile("../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	prose := string(src)
	for _, name := range []string{"ratios", "process"} {
		before, rest, ok := strings.Cut(prose, "<!-- "+name+" -->\n")
		block, after, closed := strings.Cut(rest, "<!-- /"+name+" -->\n")
		if !ok || !closed {
			t.Fatalf("there is no block %s", name)
		}
		if !regexp.MustCompile(`(?m)^\d{4}-\d\d-\d\d; go1\..*` + "`.*" + name + ".*`$").MatchString(block) {
			t.Errorf("the block %s does not say where it is from", name)
		}
		prose = before + after
	}
	if figures := regexp.MustCompile(`\d+(?:\.\d+)?\s*(?:[nµm]?s|[kMG]B|%|times)\b`).FindAllString(prose, -1); figures != nil {
		t.Errorf("figures by hand: %q", figures)
	}
}
