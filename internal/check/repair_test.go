package check

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/settings"
)

// TestFixableTypes checks that a text with an invalid payload has no types, so that no fix
// may make one invalid, and that a type which is not certain has no name.
func TestFixableTypes(t *testing.T) {
	t.Chdir(t.TempDir())
	run, err := settings.Open("")
	if err != nil {
		t.Fatal(err)
	}
	c := Checker{Settings: run, Reader: input.Reader{Limit: 1 << 20, Models: run.Models, Version: run.Target.Version}}
	const partner = "complianceManagementPartner"
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"a.json", `{"iosOnboarded": true}`, []string{partner}},
		{"a.json", `{"iosOnboarded": true`, nil},
		{"a.json", `{"iosOnboarded": true,}`, nil},
		{"a.json", `{"iosOnboarded": true, "iosOnboarded": true}`, []string{partner}},
		{"a.ndjson", `{"iosOnboarded": true}` + "\n" + `{"macOsOnboarded": true}`, []string{partner, partner}},
		{"a.ndjson", `{"iosOnboarded": true}` + "\n" + `{"macOsOnboarded": tru}`, nil},
		{"a.json", `{"requests": [{"id": "1", "method": "PATCH", "url": "/users/1", "body": {"accountEnabled": true}}]}`, []string{""}},
		{"a.json", `{"a": 1,}`, []string{}},
		{"a.http", "POST https://graph.microsoft.com/beta/$batch\n\n" + `{"requests": [{"id": "1", "method": "POST", "url": "/x"}]}`, []string{"a batch"}},
	} {
		_, got := c.NewFile(&files.Source{Path: test.name, Found: true}).Fixable([]byte(test.text))
		if d := cmp.Diff(test.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", test.text, d)
		}
	}
}
