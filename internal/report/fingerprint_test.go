package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/patchlint/patchlint"
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
	a, b := prints("Xq8vR2pL9sT4wZ"), prints("Kd7mN3bV6cQ1yHt5")
	if !slices.Equal(a, b) {
		t.Errorf("%q\n%q", a, b)
	}
}

// TestFingerprints checks what a fingerprint depends on.
func TestFingerprints(t *testing.T) {
	const src = `{"iosEnrollmentAssignments": [{"x": 1}]}`
	print := func(src string, change func(*File)) string {
		f := linted("a.json", src)
		change(f)
		i := slices.IndexFunc(f.Findings, func(d patchlint.Diagnostic) bool { return d.Rule == "unknown-property" })
		return new(Fingerprints).Of(f)[i]
	}
	want := print(src, func(*File) {})
	for _, test := range []struct {
		what, src string
		change    func(*File)
		same      bool
	}{
		{"the working directory", src, func(f *File) { f.Name = "../a.json" }, true},
		{"the path in the repository", src, func(f *File) { f.Root = "b/a.json" }, false},
		{"the part of the file", src, func(f *File) { f.Part = "PATCH /users/1" }, false},
		{"the index of the element", strings.Replace(src, "[", "[{}, ", 1), func(*File) {}, true},
		{"the name of the member", strings.Replace(src, `"x"`, `"y"`, 1), func(*File) {}, false},
		{"the value", strings.Replace(src, "1", "2", 1), func(*File) {}, false},
		{"white space", strings.Replace(src, "1", " 1\n", 1), func(*File) {}, true},
	} {
		if got := print(test.src, test.change); (got == want) != test.same {
			t.Errorf("%s: the fingerprint is the same: %v, want %v", test.what, got == want, test.same)
		}
	}
	nested := func(name string) string {
		return print(strings.Replace(src, "1", `{"`+name+`": "`+strings.Repeat("x", large)+`"}`, 1), func(*File) {})
	}
	if nested("a") == nested("b") {
		t.Error("the fingerprint does not depend on the names in a large value")
	}
}
