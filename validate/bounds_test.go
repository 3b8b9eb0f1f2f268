package validate_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/validate"
)

// TestLimit checks that above the limit one finding represents the others. It is as
// severe as the worst of them, whatever the settings, so that an error that is not listed
// still fails a run.
func TestLimit(t *testing.T) {
	unknown := func(n int) string { // a warning each
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `"@odata.x%d": 1, `, i)
		}
		return b.String()
	}
	wrong := func(n int) string { return `"iosEnrollmentAssignments": [` + strings.Repeat("0, ", n-1) + "0]" }
	skills := func(element string, n int) string {
		return `{"@odata.type": "#microsoft.graph.user", "skills": [` + strings.Repeat(element+", ", n-1) + element + `]}`
	}
	without := func(ids ...string) []*validate.Rule {
		return slices.DeleteFunc(slices.Clone(validate.Rules()), func(r *validate.Rule) bool { return slices.Contains(ids, r.ID) })
	}
	const partner = `"@odata.type": "#microsoft.graph.complianceManagementPartner"`
	for _, test := range []struct {
		name, src string
		dialect   patchlint.Dialect
		linter    validate.Linter
		listed    int
		worst     patchlint.Severity // of the others; 0 for none
	}{
		{name: "as many as are listed", src: `{` + partner + `, ` + wrong(1000) + `}`, listed: 1000},
		{name: "one more", src: `{` + partner + `, ` + wrong(1001) + `}`, listed: 1000, worst: patchlint.Error},
		{name: "only warnings", src: `{` + unknown(1500) + partner + `}`, listed: 1000, worst: patchlint.Warning},
		{name: "an error at the end", src: `{` + unknown(1500) + partner + `, ` + wrong(1) + `}`, listed: 1000, worst: patchlint.Error},
		{name: "without json-limit", src: `{` + partner + `, ` + wrong(5000) + `}`, linter: validate.Linter{Rules: without("json-limit")}, listed: 1000, worst: patchlint.Error},
		{name: "without the rule", src: `{` + partner + `, ` + wrong(5000) + `}`, linter: validate.Linter{Rules: without("wrong-type")}},
		{
			name: "another severity", src: `{` + partner + `, ` + wrong(5000) + `}`,
			linter: validate.Linter{Severities: map[string]patchlint.Severity{"wrong-type": patchlint.Info}}, listed: 1000, worst: patchlint.Info,
		},
		{name: "another limit", src: `{` + partner + `, ` + wrong(20) + `}`, linter: validate.Linter{Limit: 7}, listed: 7, worst: patchlint.Error},
		{name: "a higher limit", src: `{` + partner + `, ` + wrong(3000) + `}`, linter: validate.Linter{Limit: 3000}, listed: 3000},
		{
			name: "suppressed ones do not count", dialect: patchlint.JSONC, listed: 1,
			src: "{" + strings.ReplaceAll(unknown(1500), ", ", ", // patchlint-ignore control-information\n") + partner + ", " + wrong(1) + "}",
		},
		{
			name: "a comment after 1000 faults", listed: 1001, worst: patchlint.Error,
			src: `{` + partner + `, ` + strings.Repeat("\u00a0 ", 1001) + wrong(1) + " // patchlint-ignore wrong-type\n}",
		},
		{name: "elements", src: skills(`"{{x}}"`, 1500), listed: 1000, worst: patchlint.Warning},
		{name: "faults in elements", src: skills(`"\ud800"`, 1500), listed: 1000, worst: patchlint.Error},
		{name: "secrets", src: `{` + partner + `, "a": [` + strings.Repeat(`{"password": "abcdefgh1234"},`, 1500) + `0]}`, listed: 1000, worst: patchlint.Error},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, _ := patchlint.Parse([]byte(test.src), test.dialect)
			var got struct {
				Listed int
				Worst  patchlint.Severity
			}
			for _, d := range test.linter.LintDocument(doc, validate.Target{}) {
				if d.Rule == "json-limit" {
					got.Worst = d.Severity
				} else {
					got.Listed++
				}
			}
			want := got
			want.Listed, want.Worst = test.listed, test.worst
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLimitTogether checks the limit for the findings of several payloads together.
func TestLimitTogether(t *testing.T) {
	var run validate.Run
	var b strings.Builder
	for i := range 1500 {
		fmt.Fprintf(&b, `{"id": "%d", "method": "PATCH", "url": "/deviceManagement/complianceManagementPartners/%d", "body": {"iosOnboarded": true}},`, i, i)
	}
	doc, err := patchlint.Parse([]byte(`{"requests": [`+strings.TrimSuffix(b.String(), ",")+`]}`), patchlint.JSON)
	if err != nil {
		t.Fatal(err)
	}
	found := run.Add(new(validate.Linter), "a.json", doc, validate.Target{})
	if first := found[0]; len(found) != 1001 || first.Rule != "json-limit" || first.Severity != patchlint.Warning {
		t.Errorf("%d findings, the first %v", len(found), first)
	}
}

// TestFixMany checks that all fixes are made, not only those of listed findings.
func TestFixMany(t *testing.T) {
	for _, test := range []struct {
		name, src, want string
		fixes           int
	}{
		{"commas", `{"a":[` + strings.Repeat("[1,],", 30_000) + "0]}", `{"a":[` + strings.Repeat("[1],", 30_000) + "0]}", 30_000},
		{"spaces", `{"a":[` + strings.Repeat("\u200b1,", 3000) + "0]}", `{"a":[` + strings.Repeat(" 1,", 3000) + "0]}", 3000},
		{"names in an unknown property", `{"IosEnrollmentAssignments":[` + strings.Repeat(`{"Target":null},`, 100) + `{}]}`, `{"iosEnrollmentAssignments":[` + strings.Repeat(`{"target":null},`, 100) + `{}]}`, 101},
	} {
		fixed, made := new(validate.Linter).Fix([]byte(test.src), patchlint.JSON, validate.Target{Type: "complianceManagementPartner"}, false)
		if string(fixed) != test.want || made != test.fixes || !json.Valid(fixed) {
			t.Errorf("%s: %d fixes, %.60s", test.name, made, fixed)
		}
	}
}
