package command

import "testing"

// TestDiffIsInert checks that a terminal or build service acts on nothing in a diff,
// and that the diff keeps its lines.
func TestDiffIsInert(t *testing.T) {
	for text, want := range map[string]string{
		" ::stop-commands::x\n":               " \\u003a:stop-commands::x\n",
		"\u00a0\t ::error::x\n":               "\u00a0\t \\u003a:error::x\n",
		"+::error::x\r\n":                     "+::error::x\r\n",
		"-x ##vso[task.x]y ##[error]z\n":      "-x #\\u0023vso[task.x]y #\\u0023[error]z\n",
		" \x1b]0;x\a \u009b31m \u202e \xff\n": ` \u001b]0;x\u0007 \u009b31m \u202e \xff` + "\n",
		" a\rb\n":                             ` a\rb` + "\n",
		"\t\"é\": 1":                          "\t\"é\": 1",
	} {
		if got := string(inertDiff([]byte(text))); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
