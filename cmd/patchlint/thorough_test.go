package main

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint/internal/report"
)

// TestThorough holds that the quick path changes no byte of what lint writes, in
// any format, over all payloads of testdata.
func TestThorough(t *testing.T) {
	t.Setenv("GITHUB_STEP_SUMMARY", "")
	t.Chdir("../../testdata/payload")
	for _, format := range report.Names() {
		said := func(flags ...string) (code int, text string) {
			var out, errs bytes.Buffer
			args := append([]string{"lint", "--verbose", "--color", "never", "--format", format}, flags...)
			code = run(append(args, "."), stdio{bytes.NewReader(nil), &out, &errs})
			return code, out.String() + errs.String()
		}
		code, want := said("--thorough")
		gotCode, got := said()
		if diff := cmp.Diff(want, got); diff != "" || code != gotCode {
			t.Errorf("--format %s: exit code %d, and %d without --thorough (-with +without):\n%s", format, code, gotCode, diff)
		}
		if code != exitFindings || len(want) < 1000 {
			t.Errorf("--format %s: exit code %d, and little is written:\n%s", format, code, want)
		}
	}
}
