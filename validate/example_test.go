package validate_test

import (
	"fmt"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/validate"
)

// A finding has byte offsets, and the document converts them to line and column.
func ExampleLinter_LintDocument() {
	doc, _ := patchlint.Parse([]byte("{\n  \"partnerState\": \"Enabled\"\n}"), patchlint.JSON) // Faults has the error, too
	linter := validate.Linter{Rules: []*validate.Rule{validate.Lookup("enum-value")}}
	for _, finding := range linter.LintDocument(doc, validate.Target{Type: "complianceManagementPartner"}) {
		line, column := doc.Position(finding.Span.Start)
		fmt.Printf("%d:%d %s: %s\n", line, column, finding.Rule, finding.Message)
	}
	// Output:
	// 2:19 enum-value: invalid value "Enabled"; did you mean "enabled"?
}

// Safe fixes change neither the meaning of a payload nor the id by which package diff
// pairs it.
func ExampleLinter_Fix() {
	src := []byte(`{"macOSOnboarded": "True", "id": "8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a"}`)
	target := validate.Target{Type: "complianceManagementPartner"}
	fixed, made := new(validate.Linter).Fix(src, patchlint.JSON, target, false)
	fmt.Println(made, string(fixed))
	// Output:
	// 2 {"macOsOnboarded": true, "id": "8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a"}
}
