package validate_test

import (
	"strings"
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// shownBy returns the name of the type that a text shows, or "".
func shownBy(t *testing.T, src []byte, version schema.Version) string {
	m, err := schema.Open(version)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := patchlint.Parse(src, patchlint.JSON)
	if r := recognize.Payload(m, doc.Root()); err == nil && r != nil {
		return r.Short()
	}
	return ""
}

// keepsType checks that the safe fixes of a text do not change the type that it shows.
func keepsType(t *testing.T, src []byte, version schema.Version) (fixed string, fixes int) {
	out, fixes := new(validate.Linter).Fix(src, patchlint.JSON, validate.Target{Version: version}, false)
	if before, after := shownBy(t, src, version), shownBy(t, out, version); before != "" && after != before {
		t.Errorf("shows %s, and %q after %d fixes\n%s\n%s", before, after, fixes, src, out)
	}
	return string(out), fixes
}

// TestFixKeepsType checks that a file that is certainly a payload still shows the same
// type after the safe fixes. Otherwise it would no longer be checked.
func TestFixKeepsType(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine, which the race detector slows down")
	}
	const at = `"@odata.context": "https://graph.microsoft.com/beta/$metadata#`
	for _, test := range []struct{ src, want string }{
		{at + `groups/$entity", "displayName": 5`, `"@odata.type": "#microsoft.graph.group", "displayName": 5`},
		{at + `microsoft.graph.group", "displayName": 5`, `"@odata.type": "#microsoft.graph.group", "displayName": 5`},
		{at + `deviceManagement/deviceConfigurations/microsoft.graph.windows10GeneralConfiguration/$entity", "x": 1`, `"@odata.type": "#microsoft.graph.windows10GeneralConfiguration", "x": 1`},
		{`"partnerState": "on", ` + at + `deviceManagement/complianceManagementPartners/$entity"`, `"partnerState": "on", "@odata.type": "#microsoft.graph.complianceManagementPartner"`},
		{at + `deviceManagement/complianceManagementPartners/$entity", "iosOnboarded": 5`, `"iosOnboarded": 5`},
		{`"@odata.type": "#microsoft.graph.group", ` + at + `groups/$entity"`, `"@odata.type": "#microsoft.graph.group"`},
		{`"id": "1", ` + at + `groups/$entity"`, `"id": "1", ` + at + `groups/$entity"`},
		{at + `groups/$entity", "value": {"displayName": 5}`, ""},
		{at + `deviceManagement/complianceManagementPartners/$entity", "value": {"displayName": 5}`, ""},
		{at + `deviceManagement/complianceManagementPartners", "value": [{"displayName": 5}]`, ""},
		{at + `groups/$entity", ` + at + `groups/$entity", "displayName": 5`, ""},
		{at + `groups/$entity", "odata.type": "#microsoft.graph.group"`, ""},
	} {
		if got, _ := keepsType(t, []byte("{"+test.src+"}"), ""); test.want != "" && got != "{"+test.want+"}" {
			t.Errorf("%s: %s", test.src, got)
		}
	}
	const batch = `{"requests": [{"id": "1", "method": "PATCH", "url": "/groups/1", "body": {` + at + `groups/$entity", "displayName": "x"}, "headers": {"Content-Type": "application/json"}}]}`
	if got, _ := keepsType(t, []byte(batch), ""); strings.Contains(got, "@odata") {
		t.Errorf("the URL tells the type: %s", got)
	}
	payloads, err := corpus.Payloads("../testdata/payload")
	if err != nil {
		t.Fatal(err)
	}
	made, n := 0, 0
	for _, p := range payloads {
		version := schema.Version(p.Version)
		keepsType(t, p.Source, version)
		for m := range corpus.Mutations(p.Source) {
			if n++; corpus.Sampled(n) {
				_, fixes := keepsType(t, m.Source(), version)
				made += fixes
			}
		}
	}
	if made == 0 {
		t.Error("nothing was fixed")
	}
}

// TestFixKeepsVersion checks that the safe fixes keep a context that determines the API
// version.
func TestFixKeepsVersion(t *testing.T) {
	const context = `odata.context": "https://graph.microsoft.com/v1.0/$metadata#deviceManagement/deviceConfigurations('1')/`
	for _, src := range []string{
		`{"@` + context + `$entity", "displayName": "x"}`,
		`{"assignments@` + context + `assignments", "assignments": []}`,
		`{"networkProxyServer": {"r@` + context + `networkProxyServer/r/$entity", "r": null}}`,
	} {
		target := validate.Target{Type: "windows10GeneralConfiguration"}
		if out, _ := new(validate.Linter).Fix([]byte(src), patchlint.JSON, target, false); !strings.Contains(string(out), "v1.0") {
			t.Errorf("%s becomes %s", src, out)
		}
	}
}
