package main

import (
	"strings"
	"testing"

	"github.com/patchlint/patchlint/schema"
)

func TestMaxBytes(t *testing.T) {
	for text, want := range map[string]int64{
		"1": 1, "007": 7, "100b": 100, "512k": 512000, "512KB": 512000, "512Ki": 512 << 10, "1MB": 1000000, "1 mb": 1000000, "64MiB": 64 << 20, "64M": 64000000,
		"1g": 1000000000, "1GiB": 1 << 30, "2147483647": 1<<31 - 1,
		"": 0, "0": 0, "0MB": 0, "-1": 0, "+1": 0, "1.5M": 0, "1e6": 0, "1XB": 0, "1ib": 0, "MB": 0, "1 M B": 0, "1_000": 0, "2GiB": 0, "2147483648": 0, "3000MB": 0, "0x10": 0,
		"99999999999999999999": 0, "9223372036854775807GiB": 0, "9223372036854775G": 0, " 1": 0, "1T": 0, "1\n": 0,
	} {
		if got, err := maxBytes(text); got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
}

// TestThorough checks that --thorough reports what only the JSON Schema refuses.
func TestThorough(t *testing.T) {
	lint := func(want int, args ...string) string {
		t.Helper()
		const text = `{"iosEnrollmentAssignments": [{"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "the sales team"}}]}`
		var out, errs strings.Builder
		if code := run(append([]string{"lint", "-"}, args...), stdio{strings.NewReader(text), &out, &errs}); code != want {
			t.Errorf("%v: exit code %d, want %d: %s%s", args, code, want, &out, &errs)
		}
		return out.String()
	}
	lint(exitFindings, "--thorough") // compiles the JSON Schema
	model, err := schema.Open(schema.Beta)
	if err != nil {
		t.Fatal(err)
	}
	groupID := model.Type("groupAssignmentTarget").Property("groupId")
	groupID.GUID = false // blinds the walk
	defer func() { groupID.GUID = true }()
	lint(exitClean)
	if out := lint(exitFindings, "--thorough"); !strings.Contains(out, "the JSON Schema refuses this value") {
		t.Errorf("it prints %s", out)
	}
}
