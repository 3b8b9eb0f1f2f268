package bench

import (
	"bytes"
	"encoding/json"
	"testing"

	v5 "github.com/santhosh-tekuri/jsonschema/v5"
	v6 "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// typical is a clean payload of about 1 KB: every property that may be set, one
// assignment for most platforms.
var typical = []byte(`{
  "@odata.type": "#microsoft.graph.complianceManagementPartner",
  "displayName": "Contoso MTD",
  "macOsOnboarded": true,
  "androidOnboarded": true,
  "iosOnboarded": true,
  "linuxOnboarded": false,
  "macOsEnrollmentAssignments": [
    {"target": {"@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"}}
  ],
  "androidEnrollmentAssignments": [
    {"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"}},
    {"target": {"@odata.type": "#microsoft.graph.exclusionGroupAssignmentTarget", "groupId": "6b1f0d3a-91c2-4e57-8a3d-5c7e9f102b4d"}}
  ],
  "iosEnrollmentAssignments": [
    {"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "c2d4e6f8-1a3b-4c5d-8e7f-90a1b2c3d4e5",
      "deviceAndAppManagementAssignmentFilterId": "5b2c1f0e-7d34-4a55-9c1b-2f6f0e9a8d71", "deviceAndAppManagementAssignmentFilterType": "include"}}
  ],
  "linuxEnrollmentAssignments": []
}
`)

func jsonSchema(b *testing.B) []byte {
	model, err := schema.Open(schema.Beta)
	if err != nil {
		b.Fatal(err)
	}
	resource, err := model.Resource("complianceManagementPartner")
	if err != nil {
		b.Fatal(err)
	}
	return resource.JSONSchema()
}

// BenchmarkTypical times one clean payload, from bytes to verdict. A schema is
// compiled before the clock starts.
func BenchmarkTypical(b *testing.B) {
	b.Run("patchlint", func(b *testing.B) {
		linter := validate.Linter{Type: "complianceManagementPartner"}
		if found := linter.Lint(typical); len(found) > 0 {
			b.Fatal(found)
		}
		measure(b, func() bool { return len(linter.Lint(typical)) == 0 })
	})
	b.Run("jsonschema-v5", func(b *testing.B) {
		s, err := v5.CompileString("schema.json", string(jsonSchema(b)))
		if err != nil {
			b.Fatal(err)
		}
		measure(b, func() bool {
			decoder := json.NewDecoder(bytes.NewReader(typical))
			decoder.UseNumber()
			var value any
			return decoder.Decode(&value) == nil && s.Validate(value) == nil
		})
	})
	b.Run("jsonschema-v6", func(b *testing.B) {
		document, err := v6.UnmarshalJSON(bytes.NewReader(jsonSchema(b)))
		if err != nil {
			b.Fatal(err)
		}
		compiler := v6.NewCompiler()
		if err := compiler.AddResource("schema.json", document); err != nil {
			b.Fatal(err)
		}
		s, err := compiler.Compile("schema.json")
		if err != nil {
			b.Fatal(err)
		}
		measure(b, func() bool {
			value, err := v6.UnmarshalJSON(bytes.NewReader(typical))
			return err == nil && s.Validate(value) == nil
		})
	})
}

func measure(b *testing.B, clean func() bool) {
	b.SetBytes(int64(len(typical)))
	b.ReportAllocs()
	for b.Loop() {
		if !clean() {
			b.Fatal("refused")
		}
	}
}
