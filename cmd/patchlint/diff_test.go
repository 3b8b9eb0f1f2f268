package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLargePair holds that of large files, which are read and linted beside each
// other, everything is said that is said of small ones.
func TestLargePair(t *testing.T) {
	partner := func(assignments int, name string) string {
		var b strings.Builder
		fmt.Fprintf(&b, `{"displayName": %q, "partnerState": "enabled", "iosEnrollmentAssignments": [`, name)
		for i := range assignments {
			if i > 0 {
				b.WriteString(",\n")
			}
			fmt.Fprintf(&b, `{"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "0a4b7c1e-3f52-4c8d-9b60-%012x"}}`, i)
		}
		b.WriteString("]}\n")
		return b.String()
	}
	said := func(assignments int) (stdout, stderr string) {
		dir := t.TempDir()
		current, desired := filepath.Join(dir, "current.json"), filepath.Join(dir, "desired.json")
		for name, text := range map[string]string{current: partner(assignments, "A"), desired: partner(assignments, "CHANGEME")} {
			if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		var out, err bytes.Buffer
		if code := run([]string{"diff", "--color", "never", current, desired}, stdio{strings.NewReader(""), &out, &err}); code != exitClean {
			t.Fatalf("exit code %d: %s", code, err.String())
		}
		return out.String(), strings.ReplaceAll(err.String(), dir, "")
	}
	small, smallNotes := said(10)
	large, largeNotes := said(4 * largeFile / 100)
	if large != small || largeNotes != smallNotes {
		t.Errorf("of large files:\n%s%swant\n%s%s", large, largeNotes, small, smallNotes)
	}
	if !strings.Contains(smallNotes, "placeholder-value") {
		t.Errorf("the linter was not heard: %s", smallNotes)
	}
}
