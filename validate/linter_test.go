package validate_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// found lists the findings of a linter as rule:severity.
func found(l validate.Linter, src string) (list []string) {
	for _, d := range l.Lint([]byte(src)) {
		list = append(list, d.Rule+":"+d.Severity.String())
	}
	return list
}

// TestRulesOfPrograms checks what a program can do with the rules: add its own, even
// to the result of Rules, take one out, and put one in the place of another, which
// presents what that did.
func TestRulesOfPrograms(t *testing.T) {
	const src = `{"displayName": "a", "iosOnboarded": "true"}`
	own := func(id string) *validate.Rule {
		return &validate.Rule{Rule: patchlint.Rule{ID: id}, Visit: func(p *validate.Pass, v schema.Visit) {
			if v.Property != nil && v.Property.Name == "displayName" {
				p.ReportValue(v.Node, "found")
			}
		}}
	}
	one := validate.Linter{Rules: append(validate.Rules(), own("one"))}
	two := validate.Linter{Rules: append(validate.Rules(), own("two"))}
	milder := *validate.Lookup("wrong-type")
	milder.Severity = patchlint.Warning
	twice := *validate.Lookup("json-duplicate-name")
	twice.Severity = patchlint.Info
	for _, test := range []struct {
		name   string
		linter validate.Linter
		src    string
		want   string
	}{
		{"added", one, src, "[one:error wrong-type:error]"},
		{"added to another", two, src, "[two:error wrong-type:error]"},
		{"in the place of a rule", validate.Linter{Rules: []*validate.Rule{&milder}}, src, "[wrong-type:error]"},
		{"in the place of a rule of the text", validate.Linter{Type: "complianceManagementPartner", Rules: []*validate.Rule{&twice}}, `{"displayName": "a", "displayName": "b"}`, "[json-duplicate-name:error]"},
		{"of that id", validate.Linter{Rules: []*validate.Rule{{Rule: patchlint.Rule{ID: "wrong-type"}}}}, src, "[wrong-type:error]"},
		{"taken out", validate.Linter{Rules: []*validate.Rule{own("one")}}, src, "[one:error]"},
		{"set to another severity", validate.Linter{Rules: []*validate.Rule{&milder}, Severities: map[string]patchlint.Severity{"wrong-type": patchlint.Info}}, src, "[wrong-type:info]"},
	} {
		if got := found(test.linter, test.src); len(got) == 0 || test.want != fmt.Sprint(got) {
			t.Errorf("%s: %s, want %s", test.name, fmt.Sprint(got), test.want)
		}
	}
}

// TestRunOfPrograms holds the same of the rule about several payloads.
func TestRunOfPrograms(t *testing.T) {
	rule := *validate.Lookup("platform-claimed-twice")
	rule.Severity = 0
	for _, test := range []struct {
		linter validate.Linter
		want   string
	}{
		{validate.Linter{}, "[platform-claimed-twice:warning]"},
		{validate.Linter{Rules: []*validate.Rule{&rule}}, "[platform-claimed-twice:error]"},
		{validate.Linter{Rules: []*validate.Rule{}}, "[]"},
	} {
		var run validate.Run
		var got []string
		for _, name := range []string{"a", "b"} {
			doc, err := patchlint.Parse([]byte(`{"displayName": "`+name+`", "iosOnboarded": true}`), patchlint.JSON)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range run.Add(&test.linter, name+".json", doc) {
				got = append(got, d.Rule+":"+d.Severity.String())
			}
		}
		if fmt.Sprint(got) != test.want {
			t.Errorf("%s, want %s", fmt.Sprint(got), test.want)
		}
	}
}

// TestNoResource checks that a resource which a program has made of a type that no
// payload can be of is one that no payload is of.
func TestNoResource(t *testing.T) {
	model, err := schema.Open(schema.Beta)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := patchlint.Parse([]byte(`{"a": 1}`), patchlint.JSON)
	if err != nil {
		t.Fatal(err)
	}
	r := &schema.Resource{Model: model, Type: model.Type("deviceManagementPartnerTenantState")}
	var l validate.Linter
	if findings := l.LintAs(doc, r); len(findings) != 1 || findings[0].Rule != "unknown-property" {
		t.Error(findings)
	}
}

// TestRunAgainstItself adds a payload in which a name occurs twice: it does not
// contradict itself, and the first of its values is what others are held against.
func TestRunAgainstItself(t *testing.T) {
	var run validate.Run
	var l validate.Linter
	add := func(file, src string) (rules []string) {
		doc, _ := patchlint.Parse([]byte(src), patchlint.JSON)
		for _, d := range run.Add(&l, file, doc) {
			rules = append(rules, d.Rule)
		}
		return rules
	}
	twice := `{"displayName": "Contoso", "iosOnboarded": true, "iosOnboarded": false}`
	if got := add("a/1.json", twice); got != nil {
		t.Errorf("alone: %v", got)
	}
	if got := add("b/1.json", twice); got != nil {
		t.Errorf("in another directory: %v", got)
	}
	if diff := cmp.Diff([]string{"onboarding-mismatch"}, add(`a\2.json`, `{"displayName": "Contoso", "iosOnboarded": false}`)); diff != "" {
		t.Errorf("in the same directory (-want +got):\n%s", diff)
	}
}

// TestRunIsBounded adds more partners than are kept: those that are still kept are
// compared, and a new directory starts with none.
func TestRunIsBounded(t *testing.T) {
	var run validate.Run
	var l validate.Linter
	add := func(file, name string, onboarded bool) int {
		doc, err := patchlint.Parse(fmt.Appendf(nil, `{"displayName": %q, "iosOnboarded": false, "linuxOnboarded": %t}`, name, onboarded), patchlint.JSON)
		if err != nil {
			t.Fatal(err)
		}
		return len(run.Add(&l, file, doc))
	}
	for i := range 5000 {
		add("many/a.json", fmt.Sprint(i), false)
	}
	if add("many/b.json", "7", true) != 1 {
		t.Error("one of the first partners is no longer compared")
	}
	if add("new/a.json", "7", false) != 0 || add("new/b.json", "7", true) != 1 {
		t.Error("a new directory is not compared for itself")
	}
}
