package validate_test

import (
	"fmt"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// A finding points at bytes; the document says which line and column they are.
func ExampleLinter_LintDocument() {
	doc, _ := patchlint.Parse([]byte("{\n  \"partnerState\": \"Enabled\"\n}"), patchlint.JSON) // Faults has the error, too
	linter := validate.Linter{Type: "complianceManagementPartner", Rules: []*validate.Rule{validate.Lookup("enum-value")}}
	for _, finding := range linter.LintDocument(doc) {
		at := doc.Position(finding.Span.Start)
		fmt.Printf("%d:%d %s: %s\n", at.Line, at.Column, finding.Rule, finding.Message)
	}
	// Output:
	// 2:19 enum-value: invalid value "Enabled"; did you mean "enabled"?
}

// The safe fixes are those that leave alone what a payload means, and the id by
// which package diff pairs it.
func ExampleLinter_Fix() {
	src := []byte(`{"macOSOnboarded": "True", "id": "8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a"}`)
	model, err := schema.Open(schema.Beta)
	if err != nil {
		fmt.Println(err)
		return
	}
	partner, err := model.Resource("complianceManagementPartner")
	if err != nil {
		fmt.Println(err)
		return
	}
	linter := validate.Linter{Version: schema.Beta}
	fixed, made, _ := linter.Fix(src, patchlint.JSON, partner, false)
	fmt.Println(made, string(fixed))
	// Output:
	// 2 {"macOsOnboarded": true, "id": "8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a"}
}
