package validate_test

import (
	"strings"
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// TestContextVersion checks that a payload is linted for the API version in its context,
// unless the target has one, and that no safe fix changes the version.
func TestContextVersion(t *testing.T) {
	const (
		v1      = `{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#`
		beta    = `{"@odata.context": "https://graph.microsoft.us/beta/$metadata#`
		partner = `deviceManagement/complianceManagementPartners/$entity", `
		domain  = `domains/$entity", `
	)
	for _, test := range []struct {
		src     string
		version schema.Version
		want    string
	}{
		{v1 + partner + `"linuxOnboarded": true}`, "", "version-property:error"},
		{v1 + partner + `"linuxOnboarded": true}`, schema.Beta, ""},
		{v1 + partner + `"iosOnboarded": true}`, "", ""},
		{beta + partner + `"linuxOnboarded": true}`, "", ""},
		{beta + partner + `"linuxOnboarded": true}`, schema.V1, "version-property:error"},
		{`{"linuxOnboarded": true}`, "", ""},
		{v1 + domain + `"model": "x"}`, "", ""},
		{v1 + domain + `"model": "x"}`, schema.Beta, "version-property:error"},
		{beta + domain + `"model": "x"}`, "", "version-property:error"},
		{`{"@odata.type": "#microsoft.graph.complianceManagementPartner", "@odata.context": "https://example.com/v1.0/$metadata#x", "linuxOnboarded": true}`, "", ""},
		{`{"@odata.type": "#microsoft.graph.complianceManagementPartner", "@odata.context": "/v1.0/$metadata#x", "linuxOnboarded": true}`, "", ""},
	} {
		target := validate.Target{Version: test.version}
		errors := func(src string) string {
			var list []string
			for _, f := range found(validate.Linter{}, src, target) {
				if !strings.HasPrefix(f, "response-annotation") {
					list = append(list, f)
				}
			}
			return strings.Join(list, " ")
		}
		if got := errors(test.src); got != test.want {
			t.Errorf("%s as %q: %s, want %s", test.src, test.version, got, test.want)
		}
		fixed, _ := new(validate.Linter).Fix([]byte(test.src), patchlint.JSON, target, false)
		if got := errors(string(fixed)); got != test.want {
			t.Errorf("%s as %q, fixed to %s: %s, want %s", test.src, test.version, fixed, got, test.want)
		}
	}
}
