package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/validate"
)

// TestFingerprintsHideSecrets checks that no fingerprint depends on the value of a
// credential, whatever the rule.
func TestFingerprintsHideSecrets(t *testing.T) {
	for src, findings := range map[string]int{
		`{"iosOnboarded": "Bearer SECRET", "password": "SECRET", "token": {"a": "SECRET"}, "ghp_SECRETSECRETSECRET": 1, "unknown": 2}`: 8,
		`{"iosOnboarded": true, "password": "SECRET", "unknown": `:                                                                     2, // the text breaks off
		`{"@odata.type": "#microsoft.graph.nope", "ghp_SECRETSECRETSECRET": 1, "pad": "` + strings.Repeat("x", 5000) + `"}`:            2,
		`{"@odata.type": "#microsoft.graph.nope", "password": "SECRET"}`:                                                               2,
	} {
		prints := func(secret string) []string {
			file := linted("a.json", strings.ReplaceAll(src, "SECRET", secret))
			if len(file.Findings) < findings {
				t.Fatal(file.Findings)
			}
			return new(Fingerprints).Of(file)
		}
		a, b := prints("Xq8vR2pL9sT4wZ"), prints("Kd7mN3bV6cQ1yHt5")
		if !slices.Equal(a, b) {
			t.Errorf("%s\n%q\n%q", src, a, b)
		}
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

// TestFingerprintsOfUnchecked checks that the fingerprint of a finding changes with
// everything that is not checked because of it, and with nothing else.
// TestFingerprintsLinear checks that findings about a document that are printed one by one, as
// those about the objects of a list, do not each hash all of it.
func TestFingerprintsLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine, which the race detector slows down")
	}
	corpus.Linear(t, 1000, func(n int) {
		f := linted("a.json", `{"value": [`+strings.Repeat(`{"id": "1", "displayName": "a"}, `, n)+`{}]}`)
		f.Findings = []patchlint.Diagnostic{{Rule: "payload-shape"}}
		for range n {
			new(Fingerprints).Of(f)
		}
	})
}

func TestFingerprintsOfUnchecked(t *testing.T) {
	const (
		target   = `{"iosOnboarded": true, "iosEnrollmentAssignments": [{"target": {"NAME": "TYPE", "groupId": "VALUE"}}]}`
		requests = `{"requests": [{"id": "1", "method": "PATCH", "url": "/deviceManagement/complianceManagementPartners/8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a", "headers": {"Content-Type": "application/json"}, "body": {"iosOnboarded": true}}, {"id": "2", "method": "PATCH", "url": "/unknown/1", "headers": {"Content-Type": "application/json"}, "body": {"a": "VALUE"}}]}`
	)
	for _, test := range []struct {
		rule, src, old, new string
		same                bool
	}{
		{"json-syntax", "{\n\"iosOnboarded\": true,\n\"a\": 1", "1", "2", false},
		{"json-syntax", "{\n\"iosOnboarded\": true,\n\"a\": 1", "\n", "\r\n", true},
		{"unknown-type", `{"@odata.type": "#microsoft.graph.nope", "a": 1}`, "1", "2", false},
		{"unknown-type", `{"@odata.type": "#microsoft.graph.nope", "a": 1}`, ": 1", ":1\n", true},
		{"unknown-type", `{"@Odata.Type": "#microsoft.graph.nope", "a": 1}`, "1", "2", false},
		{"payload-shape", `{"value": [], "a": 1}`, "1", "2", false},
		{"json-limit", `{"iosOnboarded": "` + strings.Repeat(`\ud800`, 1001) + `", "a": 1}`, "1}", "2}", false},
		{"odata-type", strings.NewReplacer("NAME", "@odata.type", "TYPE", "#microsoft.graph.nope").Replace(target), "VALUE", "other", false},
		{"odata-type", strings.NewReplacer("NAME", "@odata.type", "TYPE", "#microsoft.graph.nope").Replace(target), "[", "[{}, ", true},
		{"odata-type", strings.NewReplacer("NAME", "a", "TYPE", "b").Replace(target), "VALUE", "other", false},
		{"odata-type", strings.NewReplacer("NAME", "a", "TYPE", "b").Replace(target), "[", "[{}, ", true},
		{"control-information", strings.NewReplacer("NAME", "@type", "TYPE", "#microsoft.graph.groupAssignmentTarget").Replace(target), "VALUE", "other", false},
		{"odata-type", strings.NewReplacer("NAME", "@odata.type", `"TYPE"`, "{}").Replace(target), "VALUE", "other", false},
		{"batch-method", strings.Replace(requests, "PATCH", "", 1), "true", "false", false},
		{"payload-shape", strings.Replace(requests, `"body": {"iosOnboarded": true}`, `"b": 1`, 1), "VALUE", "other", true},
		{"unknown-type", "{\n  \"@odata.type\": \"#microsoft.graph.nope\", // why\n  \"a\": 1,\n}", "\n", "\r\n", true},
		{"unknown-type", "{\n  \"@odata.type\": \"#microsoft.graph.nope\", // why\n  \"a\": 1,\n}", "why", "how", true},
		{"unknown-type", "{\n  \"@odata.type\": \"#microsoft.graph.nope\", // why\n  \"a\": 1,\n}", "1", "2", false},
		{"batch-url", requests, "VALUE", "other", false},
		{"batch-url", requests, "true", "false", true},
	} {
		print := func(src string) string {
			f := linted(map[bool]string{true: "a.jsonc", false: "a.json"}[strings.Contains(src, "//")], src)
			f.Findings = new(validate.Linter).LintDocument(f.Document, validate.Target{})
			i := slices.IndexFunc(f.Findings, func(d patchlint.Diagnostic) bool { return d.Rule == test.rule })
			if i < 0 {
				t.Fatalf("%s: no finding of %s", src, test.rule)
			}
			return new(Fingerprints).Of(f)[i]
		}
		changed := strings.ReplaceAll(test.src, test.old, test.new)
		if same := print(test.src) == print(changed); same != test.same || changed == test.src {
			t.Errorf("%s and %.300s have the same fingerprint: %v", test.rule, changed, same)
		}
	}
}
