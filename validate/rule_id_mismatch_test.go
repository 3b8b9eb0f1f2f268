package validate_test

import (
	"slices"
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/validate"
)

// TestIDMismatchKeys checks that an id is compared with the key in the URL only if the
// key is certainly the id.
func TestIDMismatchKeys(t *testing.T) {
	const one, other = "8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a", "0b7e1d52-64c3-4f0e-8a94-2c5d1e6f7a80"
	for _, test := range []struct {
		typeName, key, id string
		differ            bool
	}{
		{"complianceManagementPartner", one, other, true},
		{"complianceManagementPartner", "42", "43", true},
		{"complianceManagementPartner", "{partnerId}", one, false},
		{"complianceManagementPartner", "<id>", one, false},
		{"user", one, other, true},
		{"user", one, "8AD1EB04-EB04-8AD1-04EB-D18A04EBD18A", false},
		{"user", "adele@contoso.com", one, false},
		{"user", "{user-id}", one, false},
		{"mailFolder", "inbox", "AAMkAGVmMDEzMTM4LTZmYWUtNDdkNC1hMDZkLTcxOGQ4ZjQ4Y2YxYwAuAAAAAAD", false},
	} {
		doc, _ := patchlint.Parse([]byte(`{"id": "`+test.id+`", "displayName": "x"}`), patchlint.JSON)
		target := validate.Target{Type: test.typeName, Key: test.key}
		got := slices.ContainsFunc(new(validate.Linter).LintDocument(doc, target), func(d patchlint.Diagnostic) bool { return d.Rule == "id-mismatch" })
		if got != test.differ {
			t.Errorf("%s %s with id %s: %v, want %v", test.typeName, test.key, test.id, got, test.differ)
		}
	}
}
