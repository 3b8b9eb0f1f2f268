package validate_test

import (
	"testing"

	"github.com/patchlint/patchlint/validate"
)

// TestRulesAreTheCallers checks that changing the returned list of rules has no effect on
// later calls.
func TestRulesAreTheCallers(t *testing.T) {
	rules := validate.Rules()
	clear(rules)
	_ = append(rules[:0], nil)
	again := validate.Rules()
	if again[0] == nil || validate.Lookup(again[0].ID) != again[0] {
		t.Fatal("the list is shared with another caller")
	}
	var l validate.Linter
	if len(l.Lint([]byte(`{"iosOnboarded": 1}`), validate.Target{})) == 0 {
		t.Error("nothing is found")
	}
}

// TestDocumentRules checks that secret-value is the only rule of this package with Document,
// because a Linter calls no other.
func TestDocumentRules(t *testing.T) {
	for _, r := range validate.Rules() {
		if has := r.Document != nil; has != (r.ID == "secret-value") {
			t.Errorf("%s has Document: %t", r.ID, has)
		}
	}
}
