package validate_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/example"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/conform"
	"github.com/patchlint/patchlint/validate"
)

// checkThorough checks that Thorough changes no finding, and that linting does not change
// the document.
func checkThorough(t testing.TB, l setting, src []byte, dialect patchlint.Dialect) {
	t.Helper()
	doc, _ := patchlint.Parse(src, dialect)
	plain := l.LintDocument(doc, l.target)
	l.Thorough = conform.Check
	if diff := cmp.Diff(plain, l.LintDocument(doc, l.target)); diff != "" {
		t.Fatalf("with the second judge (-without +with):\n%s\n%s", diff, src)
	}
}

type setting struct {
	validate.Linter
	target validate.Target
}

// settings are the settings with which the walk and the JSON Schema must agree.
func settings() []setting {
	return []setting{
		{},
		{target: validate.Target{Version: schema.V1}},
		{target: validate.Target{Type: "complianceManagementPartner", Key: "8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a"}},
		{Linter: validate.Linter{Placeholders: []string{"contoso mtd", "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"}}},
		{Linter: validate.Linter{Rules: validate.Rules()[5:30], Severities: map[string]patchlint.Severity{"read-only-property": patchlint.Error}}},
	}
}

func TestThorough(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine, which the race detector slows down")
	}
	payloads, err := corpus.Payloads("../testdata/payload")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for n, p := range payloads {
		for i, l := range settings() {
			if (n+i)%corpus.Size(len(settings()), 1) == 0 {
				checkThorough(t, l, p.Source, patchlint.Dialect((i+1)%2)) // FuzzThorough checks the other dialect
			}
		}
		for m := range corpus.Mutations(p.Source) {
			if seen++; corpus.Sampled(seen) {
				checkThorough(t, settings()[seen%len(settings())], m.Source(), patchlint.JSON)
			}
		}
	}
	for _, rule := range validate.Rules() {
		for _, l := range settings() {
			checkThorough(t, l, []byte(rule.Bad), example.Of(rule.ID).Dialect)
			checkThorough(t, l, []byte(rule.Good), example.Of(rule.ID).Dialect)
		}
	}
	t.Logf("%d mutations", seen)
}

func FuzzThorough(f *testing.F) {
	payloads, err := corpus.Payloads("../testdata/payload")
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range payloads {
		f.Add(p.Source)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		for i, l := range settings() {
			checkThorough(t, l, src, patchlint.Dialect(i%2))
		}
	})
}

// TestNoMemory checks that repeatedly linting a clean payload does not allocate.
func TestNoMemory(t *testing.T) {
	src := []byte(`{"@odata.type": "#microsoft.graph.complianceManagementPartner", "displayName": "Contoso MTD", "iosOnboarded": true,
		"iosEnrollmentAssignments": [
			{"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"}},
			{"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "7c1e0a4b-3f52-4c8d-9b60-7d1e2f3a4b5c", "deviceAndAppManagementAssignmentFilterType": "include",
				"deviceAndAppManagementAssignmentFilterId": "5b2c1f0e-7d34-4a55-9c1b-2f6f0e9a8d71"}}]}`)
	user := []byte(`{"@odata.type": "#microsoft.graph.user", "accountEnabled": true, "businessPhones": ["+1 425 555 0109"], "city": "Seattle",
		"department": "Sales", "displayName": "Adele Vance", "mail": "adele@contoso.example", "mobilePhone": null, "officeLocation": "18/2111", "postalCode": "98004",
		"preferredLanguage": "en-US", "streetAddress": "9256 Towne Center Drive", "surname": "Vance", "usageLocation": "US",
		"manager@odata.bind": "https://graph.microsoft.com/v1.0/users/1e84d1a7-7c1d-4b39-8d60-7c9fc0a1f1e3"}`)
	var doc patchlint.Document
	for _, l := range []setting{{}, {target: validate.Target{Type: "complianceManagementPartner"}}, {Linter: validate.Linter{Rules: validate.Rules()[1:]}}} {
		for _, src := range [][]byte{src, user} {
			if l.target.Type != "" && bytes.Contains(src, []byte("user")) {
				continue
			}
			allocated := testing.AllocsPerRun(100, func() {
				if err := doc.Parse(src, patchlint.JSON, 0, 0); err != nil || len(l.LintDocument(&doc, l.target)) > 0 {
					t.Fatal("not clean")
				}
			})
			if allocated > 0.5 && !raceEnabled {
				t.Errorf("%v allocations for %.60s", allocated, src)
			}
		}
	}
}

// TestSecondJudge checks that a value that the JSON Schema refuses is reported if and
// only if the walk does not report it.
func TestSecondJudge(t *testing.T) {
	const src = `{"iosEnrollmentAssignments": [
		{"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"}},
		{"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "the sales team"}}
	], "iosOnboarded": "yes"}`
	l := validate.Linter{Thorough: conform.Check}
	if n := len(l.Lint([]byte(src), validate.Target{})); n != 2 {
		t.Fatalf("%d findings", n)
	}
	model, err := schema.Open(schema.Beta)
	if err != nil {
		t.Fatal(err)
	}
	groupID := model.Type("groupAssignmentTarget").Property("groupId")
	groupID.GUID = false // blinds the walk; the JSON Schema has been compiled
	defer func() { groupID.GUID = true }()
	var got []string
	for _, d := range l.Lint([]byte(src), validate.Target{}) {
		got = append(got, fmt.Sprintf("%s %s: %s", d.Pointer, d.Rule, d.Message))
	}
	want := []string{
		"/iosEnrollmentAssignments/1/target/groupId wrong-type: the JSON Schema refuses this value (pattern)",
		`/iosOnboarded wrong-type: "iosOnboarded" takes true or false, not the string "yes"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
