package bounds

import (
	"strings"
	"testing"
)

// TestIndent checks that the size of indented text is in proportion to the text.
func TestIndent(t *testing.T) {
	const depth, n = 1000, 50_000
	deep := strings.Repeat(`{"a":`, depth) + "[" + strings.Repeat(`"{[,\\\"",`, n) + "0]" + strings.Repeat("}", depth)
	for text, want := range map[string]string{
		`{"a":["{,\"",0],"b":{}}`: "{\n  \"a\": [\n    \"{,\\\"\",\n    0\n  ],\n  \"b\": {}\n}",
		deep:                      deep,
	} {
		if got, err := Indent([]byte(text)); string(got) != want || err != nil {
			t.Errorf("%.80q becomes %d bytes, %.80q, %v", text, len(got), got, err)
		}
	}
	if got, err := Indent([]byte("{")); err == nil {
		t.Errorf("%q", got)
	}
}
