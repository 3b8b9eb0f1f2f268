package patchlint_test

import (
	"fmt"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// One call turns bytes into findings.
func Example() {
	body := []byte(`{"iosOnboarded": "true", "partnerState": "active"}`)

	var linter validate.Linter // with every rule
	target := validate.Target{Version: schema.Beta, Type: "complianceManagementPartner"}
	for _, finding := range linter.Lint(body, target) {
		if finding.Severity == patchlint.Error {
			fmt.Println(finding.Pointer, finding.Message)
		}
	}
	// Output:
	// /iosOnboarded "iosOnboarded" takes true or false, not the string "true"
	// /partnerState invalid value "active"; must be one of unknown, unavailable, enabled, terminated, rejected, unresponsive
}

// Rules are values: choose the ones to apply, and set their severities.
func Example_chooseRules() {
	linter := validate.Linter{
		Rules:      []*validate.Rule{validate.Lookup("enum-value"), validate.Lookup("placeholder-value")},
		Severities: map[string]patchlint.Severity{"placeholder-value": patchlint.Error},
	}
	for _, finding := range linter.Lint([]byte(`{"iosOnboarded": true, "partnerState": "enabled", "displayName": "TODO"}`), validate.Target{}) {
		fmt.Println(finding.Severity, finding.Rule)
	}
	// Output:
	// error placeholder-value
}

// A rule of your own is a description and a function that is called for every visited
// value of a payload.
func Example_ownRule() {
	named := &validate.Rule{
		Rule: patchlint.Rule{
			ID: "contoso-name", Severity: patchlint.Warning,
			Summary: "the partner's name does not start with the region",
		},
		Visit: func(p *validate.Pass, v schema.Visit) {
			if v.Property != nil && v.Node.Name() == "displayName" && !strings.HasPrefix(v.Node.Text(), "EU ") {
				p.ReportValue(v.Node, "%q does not start with the region", v.Node.Text())
			}
		},
	}
	linter := validate.Linter{Rules: append([]*validate.Rule{named}, validate.Rules()...)}

	src := []byte("{\n  \"iosOnboarded\": true,\n  \"displayName\": \"Contoso MTD\"\n}")
	doc, err := patchlint.Parse(src, patchlint.JSON)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, finding := range linter.LintDocument(doc, validate.Target{}) {
		if finding.Rule == named.ID {
			line, column := doc.Position(finding.Span.Start)
			fmt.Printf("%d:%d: %s [%s]\n", line, column, finding.Message, finding.Rule)
		}
	}
	// Output:
	// 3:18: "Contoso MTD" does not start with the region [contoso-name]
}

// A document knows the position of every value.
func ExampleDocument_Find() {
	doc, err := patchlint.Parse([]byte(`{"a": [1, {"b": "c"}]}`), patchlint.JSON)
	if err != nil {
		fmt.Println(err)
		return
	}
	n := doc.Find("/a/1/b")
	fmt.Println(n.Kind(), n.Text(), n.Span(), n.Pointer())
	// Output:
	// a string c {16 19} /a/1/b
}
