package diff_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/schema"
)

// TestRefusalIsBounded checks that a refusal lists no more than what anybody
// reads, and says that there is more.
func TestRefusalIsBounded(t *testing.T) {
	model, err := schema.Open(schema.Beta)
	if err != nil {
		t.Fatal(err)
	}
	resource, err := model.Resource("complianceManagementPartner")
	if err != nil {
		t.Fatal(err)
	}
	current, _ := patchlint.Parse([]byte(`{"id": "x"}`), patchlint.JSON)
	desired, _ := patchlint.Parse([]byte(`{"iosEnrollmentAssignments": [`+strings.Repeat("0,", 5000)+`0]}`), patchlint.JSON)
	_, err = diff.Compute(resource, current, desired, diff.Options{})
	var refusal *diff.Refusal
	if !errors.As(err, &refusal) {
		t.Fatal(err)
	}
	if last := refusal.Findings[len(refusal.Findings)-1]; len(refusal.Findings) != 1001 || last.Rule != "json-limit" || last.Severity != patchlint.Error {
		t.Errorf("%d findings, the last %v", len(refusal.Findings), last)
	}
}
