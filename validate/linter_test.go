package validate_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// found lists the findings of a linter as rule:severity.
func found(l validate.Linter, src string, target validate.Target) (list []string) {
	for _, d := range l.Lint([]byte(src), target) {
		list = append(list, d.Rule+":"+d.Severity.String())
	}
	return list
}

// TestRulesOfPrograms checks that a program can add its own rules, even to the result of
// Rules, leave a rule out, and replace one with its own, which then reports the same
// findings.
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
		{"in the place of a rule of the text", validate.Linter{Rules: []*validate.Rule{&twice}}, `{"displayName": "a", "displayName": "b"}`, "[json-duplicate-name:error]"},
		{"of that id", validate.Linter{Rules: []*validate.Rule{{Rule: patchlint.Rule{ID: "wrong-type"}}}}, src, "[wrong-type:error]"},
		{"taken out", validate.Linter{Rules: []*validate.Rule{own("one")}}, src, "[one:error]"},
		{"set to another severity", validate.Linter{Rules: []*validate.Rule{&milder}, Severities: map[string]patchlint.Severity{"wrong-type": patchlint.Info}}, src, "[wrong-type:info]"},
	} {
		if got := found(test.linter, test.src, validate.Target{Type: "complianceManagementPartner"}); len(got) == 0 || test.want != fmt.Sprint(got) {
			t.Errorf("%s: %s, want %s", test.name, fmt.Sprint(got), test.want)
		}
	}
}

// TestUnread checks that a text that cannot be read to its end is an error, whatever
// rules and severities apply.
func TestUnread(t *testing.T) {
	mild := map[string]patchlint.Severity{"json-syntax": patchlint.Info, "json-limit": patchlint.Info, "json-encoding": patchlint.Info, "json-duplicate-name": patchlint.Info}
	for src, want := range map[string]string{
		`{"iosOnboarded": `:       "[json-syntax:error]",
		"":                        "[json-syntax:error]",
		strings.Repeat("[", 2000): "[json-limit:error]",
		"\xff\xfe{\x00}\x00":      "[json-encoding:error]",
		`{"id": "1", "id": "2"`:   "[json-syntax:error]",
		`{"id": "1", "id": "2"}`:  "[]",
		`{"iosOnboarded": true,}`: "[]",
	} {
		for _, l := range []validate.Linter{{Rules: []*validate.Rule{}}, {Rules: []*validate.Rule{}, Severities: mild}} {
			if got := fmt.Sprint(found(l, src, validate.Target{Type: "complianceManagementPartner"})); got != want {
				t.Errorf("%.30q: %s, want %s", src, got, want)
			}
		}
	}
	if got, want := fmt.Sprint(found(validate.Linter{Severities: mild}, `{"id": "1", "id": "2"`, validate.Target{})), "[json-duplicate-name:info json-syntax:error]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestRunOfPrograms checks the same as TestRulesOfPrograms for the rule about several
// payloads.
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
			for _, d := range run.Add(&test.linter, name+".json", doc, validate.Target{}) {
				got = append(got, d.Rule+":"+d.Severity.String())
			}
		}
		if fmt.Sprint(got) != test.want {
			t.Errorf("%s, want %s", fmt.Sprint(got), test.want)
		}
	}
}

// TestTargetUnknown checks that for a Target with an unknown version, an unknown type, or
// a type that no payload can have, the only finding says so, whatever rules apply.
func TestTargetUnknown(t *testing.T) {
	for _, target := range []validate.Target{
		{Version: "v3"}, {Version: "v3", Batch: true}, {Type: "partner"}, {Type: "deviceManagementPartnerTenantState"}, {Type: "entity"},
		{Version: schema.V1, Type: "deviceManagementConfigurationPolicy"},
	} {
		for _, l := range []validate.Linter{{}, {Rules: []*validate.Rule{}}} {
			if got := fmt.Sprint(found(l, `{"a": 1}`, target)); got != "[unknown-type:error]" {
				t.Errorf("%+v: %s", target, got)
			}
		}
	}
}

// TestTargetBatch checks that a text that is sent as a batch is linted as one, whatever
// it contains, without regard to the type and key in the Target.
func TestTargetBatch(t *testing.T) {
	target := validate.Target{Type: "complianceManagementPartner", Key: "42", Batch: true}
	for src, want := range map[string]string{
		`{"iosOnboarded": "true"}`: "[payload-shape:error]",
		`{"requests": [{"id": "1", "method": "PATCH", "url": "/users/43", "body": {"id": "43", "city": 1}}]}`: "[batch-header:error read-only-property:warning wrong-type:error]",
	} {
		if got := fmt.Sprint(found(validate.Linter{}, src, target)); got != want {
			t.Errorf("%s: %s, want %s", src, got, want)
		}
	}
}

// TestAssumedBatch checks that a batch that may be for another service is linted, but not
// changed.
func TestAssumedBatch(t *testing.T) {
	src := `{"requests": [{"id": 1, "method": "patch", "url": "/users/43", "headers": {"Content-Type": "application/json"}, "body": {"city": 1}}, {"id": "2", "method": "PATCH", "url": "/a/b", "headers": {"Content-Type": "application/json"}, "body": {"c": 1}}]}`
	var linter validate.Linter
	want := "[batch-id:error batch-method:warning wrong-type:error batch-url:warning]"
	if got := fmt.Sprint(found(linter, src, validate.Target{})); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, d := range linter.Lint([]byte(src), validate.Target{}) {
		if len(d.Fixes) > 0 {
			t.Errorf("%s has the fix %q", d.Rule, d.Fixes[0].Title)
		}
	}
	if fixed, made := linter.Fix([]byte(src), patchlint.JSON, validate.Target{}, true); made != 0 {
		t.Errorf("%d fixes made: %s", made, fixed)
	}
}

// TestRunAgainstItself adds a payload in which a name occurs twice: it does not
// contradict itself, and others are compared with its first value.
func TestRunAgainstItself(t *testing.T) {
	var run validate.Run
	var l validate.Linter
	add := func(file, src string) (rules []string) {
		doc, _ := patchlint.Parse([]byte(src), patchlint.JSON)
		for _, d := range run.Add(&l, file, doc, validate.Target{}) {
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
// compared, and a new directory starts without any.
func TestRunIsBounded(t *testing.T) {
	var run validate.Run
	var l validate.Linter
	add := func(file, name string, onboarded bool) int {
		doc, err := patchlint.Parse(fmt.Appendf(nil, `{"displayName": %q, "iosOnboarded": false, "linuxOnboarded": %t}`, name, onboarded), patchlint.JSON)
		if err != nil {
			t.Fatal(err)
		}
		return len(run.Add(&l, file, doc, validate.Target{}))
	}
	for i := range 5000 {
		add("many/a.json", fmt.Sprint(i), false)
	}
	if add("many/b.json", "7", true) != 1 {
		t.Error("one of the first partners is no longer compared")
	}
	if add("new/a.json", "7", false) != 0 || add("new/b.json", "7", true) != 1 {
		t.Error("a new directory is not compared separately")
	}
}

// TestRunRetainsNothing adds a payload with many assignments: a Run compares collections
// without allocating their text.
func TestRunRetainsNothing(t *testing.T) {
	var run validate.Run
	var l validate.Linter
	assignment := `{"target": {"@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"}}`
	src := `{"displayName": "Contoso", "iosEnrollmentAssignments": [` + strings.Repeat(assignment+",", 20_000) + assignment + `]}`
	doc, err := patchlint.Parse([]byte(src), patchlint.JSON)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	run.Add(&l, "a.json", doc, validate.Target{})
	runtime.ReadMemStats(&after)
	if allocated := int(after.TotalAlloc - before.TotalAlloc); allocated > len(src)/4 && !raceEnabled {
		t.Errorf("%d bytes for %d", allocated, len(src))
	}
}

// TestUnreadNeverPasses checks that a text in an unsupported encoding is an error,
// whatever the severity of the rule.
func TestUnreadNeverPasses(t *testing.T) {
	linter := validate.Linter{Severities: map[string]patchlint.Severity{"json-encoding": patchlint.Warning}}
	for _, test := range []struct {
		src  string
		want patchlint.Severity
	}{
		{"\xff\xfe{\x00}", patchlint.Error},
		{"\xff\xfe\x00\x00{\x00\x00\x00}\x00\x00\x00", patchlint.Error},
		{"\xef\xbb\xbf{\"iosOnboarded\": true}", patchlint.Warning},
		{"{\"iosOnboarded\": true, \"displayName\": \"\xe9\"}", patchlint.Warning},
	} {
		found := linter.Lint([]byte(test.src), validate.Target{})
		at := slices.IndexFunc(found, func(d patchlint.Diagnostic) bool { return d.Rule == "json-encoding" })
		if at < 0 || found[at].Severity != test.want {
			t.Errorf("%q gets %v", test.src, found)
		}
	}
}

// TestRepeatedNames checks that no fix relies on a name that occurs twice, wherever it is:
// parsers differ in which member counts.
func TestRepeatedNames(t *testing.T) {
	const (
		sent     = `"id":"1","method":"PATCH","url":"/deviceManagement/complianceManagementPartners/8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a"`
		request  = sent + `,"headers":{"Content-Type":"application/json"}`
		body     = `"body":{"IosOnboarded":true,"id":"8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a","lastHeartbeatDateTime":"2026-01-31T08:00:00Z"}`
		requests = `"requests":[{` + request + "," + body + "}]"
		payload  = `"lastHeartbeatDateTime":"2026-01-31T08:00:00Z","androidOnboarded":true`
	)
	for _, test := range []struct {
		name, src string
		safe      bool
	}{
		{"nothing twice in a batch", "{" + requests + "}", true},
		{"two URLs", `{"requests":[{"url":"/users/1",` + request + "," + body + "}]}", false},
		{"two methods", `{"requests":[{"method":"POST",` + request + "," + body + "}]}", false},
		{"two bodies", `{"requests":[{"body":{},` + request + "," + body + "}]}", false},
		{"two lists of headers", `{"requests":[{"headers":{},` + request + "," + body + "}]}", false},
		{"two headers", `{"requests":[{` + sent + `,"headers":{"Content-Type":"text/plain","Content-Type":"application/json"},` + body + "}]}", false},
		{"two lists of headers, without a content type", `{"requests":[{` + sent + `,"headers":{"a":"b"},"headers":{},"body":{"iosOnboarded":true}}]}`, false},
		{"two lists of requests", `{"requests":[],` + requests + "}", false},
		{"nothing twice", "{" + payload + "}", true},
		{"the removed member", "{" + payload + `,"lastHeartbeatDateTime":null}`, false},
		{"another member", "{" + payload + `,"displayName":"a","displayName":"b"}`, false},
		{"a member inside", "{" + payload + `,"iosEnrollmentAssignments":[{"target":{},"target":{}}]}`, false},
		{"the faults are not all listed", "{" + payload + `,"displayName":"` + strings.Repeat(`\ud800`, 1000) + `","iosEnrollmentAssignments":[],"iosEnrollmentAssignments":[]}`, false},
		{"a byte order mark", "\ufeff" + `{"androidOnboarded":true,"androidOnboarded":true}`, true},
	} {
		fixes, safe := 0, false
		for _, d := range new(validate.Linter).Lint([]byte(test.src), validate.Target{}) {
			for _, fix := range d.Fixes {
				fixes++
				safe = safe || fix.Safe
			}
		}
		if safe != test.safe || fixes == 0 {
			t.Errorf("%s: one of %d fixes is safe: %v", test.name, fixes, safe)
		}
	}
}
