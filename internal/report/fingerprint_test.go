package report

import (
	"slices"
	"strings"
	"testing"
)

// TestFingerprintsHideSecrets checks that no fingerprint depends on the value of a
// credential, whatever the rule.
func TestFingerprintsHideSecrets(t *testing.T) {
	const src = `{"iosOnboarded": "Bearer SECRET", "password": "SECRET", "token": {"a": "SECRET"}, "ghp_SECRETSECRETSECRET": 1, "unknown": 2}`
	prints := func(secret string) []string {
		file := linted("a.json", strings.ReplaceAll(src, "SECRET", secret))
		if len(file.Findings) < 8 {
			t.Fatal(file.Findings)
		}
		return new(Fingerprints).Of(file)
	}
	a, b := prints("Xq8vR2pL9sT4wZ"), prints("Kd7mN3bV6cQ1yH")
	if !slices.Equal(a, b) {
		t.Errorf("%q\n%q", a, b)
	}
}
