package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/conform"
)

// TestMaskedValue checks that the credentials in a value are masked, wherever they
// are, and that the rest of the value does not change.
func TestMaskedValue(t *testing.T) {
	const token = "ghp_0123456789abcdefABCDEF0123456789abcd"
	doc, _ := patchlint.Parse([]byte(`{"a":[1.0,-0,1e400,"x",null,true,{"`+token+`":1}],"token":"hunter2-hunter2","password":12345678,"b":"`+token+` x"}`), patchlint.JSON)
	text := encode(maskedValue(doc.Root()))
	want := `{"a":[1.0,-0,1e400,"x",null,true,{"***":1}],"b":"*** x","password":"***","token":"***"}`
	if d := cmp.Diff(want, string(text)); d != "" {
		t.Error(d)
	}
}

// FuzzPlanJSON checks that the json report of a plan is a document of its schema
// on one line that nothing obeys, and that it contains the values of the plan.
func FuzzPlanJSON(f *testing.F) {
	for _, pair := range [][2]string{
		{`{}`, `{"displayName":"Contoso MTD"}`},
		{`{"displayName":"##[group]"}`, `{"displayName":"é\u2028##[group]` + "\u2028\u202e\x7f" + `<&>\\"}`},
		{`{"iosEnrollmentAssignments":[{"target":null},{"b\u0061":1.0,"a":[],"##[":{"z":-0,"":"x","a":"##["}},null,1e400]}`, `{"iosEnrollmentAssignments":[]}`},
		{`{"iosEnrollmentAssignments":[{"target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget"}}]}`, `{"iosEnrollmentAssignments":[{"target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget",
			"deviceAndAppManagementAssignmentFilterType":"include","deviceAndAppManagementAssignmentFilterId":"5b2c1f0e-7d34-4a55-9c1b-2f6f0e9a8d71"}}]}`},
		{`{"lastHeartbeatDateTime":"2026-01-31T08:00:00Z"}`, `{"lastHeartbeatDateTime":"2026-01-30T08:00:00Z","partnerState":"rejected"}`},
		{`{"displayName":"` + "\u2028" + `"}`, `{"displayName":"` + "\u202e\x7f" + `"}`},
		{`{"a":1,"b":2,"\u0061":3,"a\n":4,"b":5}`, `{`},
	} {
		f.Add([]byte(pair[0]), []byte(pair[1]))
	}
	model, err := schema.Open(schema.Beta)
	if err != nil {
		f.Fatal(err)
	}
	resource, err := model.Resource("complianceManagementPartner")
	if err != nil {
		f.Fatal(err)
	}
	planSchema, err := conform.Compile(PlanSchema())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, currentSrc, desiredSrc []byte) {
		current, _ := patchlint.Parse(currentSrc, patchlint.JSONC)
		desired, _ := patchlint.Parse(desiredSrc, patchlint.JSON)
		c := &Comparison{Sources: map[diff.Side]Source{diff.Current: {Name: "current.jsonc", Document: current}, diff.Desired: {Name: "desired.json", Document: desired}}}
		plan, err := diff.Compute(resource, current, desired, diff.Options{Prune: len(currentSrc)%2 == 0})
		if refusal, refused := err.(diff.Refusal); refused {
			c.Errors = refusal
		} else {
			c.Plan, c.Warnings = plan, plan.Warnings
		}
		var out bytes.Buffer
		printer := PlanFormatOf("json").New(&out, false, false)
		if err := errors.Join(printer.Print(c), printer.Close(new(PlanSummary))); err != nil {
			t.Fatal(err)
		}
		text, whole := strings.CutSuffix(out.String(), "\n")
		if who := corpus.Obeyed(text); who != "" || !whole {
			t.Errorf("%s obeys %q", who, text)
		}
		var document any
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&document); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		if err := planSchema.Validate(document); err != nil {
			t.Errorf("%#v", err)
		}
		if plan == nil || len(secret.Find(current))+len(secret.Find(desired)) > 0 {
			return
		}
		var got struct {
			Changes []struct{ Current, Desired json.RawMessage }
			Skipped []jsonSkip
		}
		if err := json.Unmarshal([]byte(text), &got); err != nil || len(got.Changes) != len(plan.Changes) || len(got.Skipped) != len(plan.Skipped) {
			t.Fatalf("%v; %d changes and %d skipped in %s", err, len(plan.Changes), len(plan.Skipped), text)
		}
		for i, change := range plan.Changes {
			for _, side := range []struct {
				got  json.RawMessage
				node patchlint.Node
			}{{got.Changes[i].Current, change.Current}, {got.Changes[i].Desired, change.Desired}} {
				if want := encode(side.node.Value()); string(want) != string(side.got) {
					t.Errorf("%s is %s, want %s", change.Pointer, side.got, want)
				}
			}
		}
	})
}
