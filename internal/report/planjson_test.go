package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
)

// definedPlan is the json report of one plan by its definition: Go values, as
// encode writes them.
func definedPlan(t *testing.T, c *Comparison) string {
	t.Helper()
	type change struct {
		Pointer patchlint.Pointer `json:"pointer"`
		Kind    string            `json:"kind"`
		Current any               `json:"current"`
		Desired any               `json:"desired"`
		Added   []any             `json:"added"`
		Removed []any             `json:"removed"`
	}
	type skip struct {
		Pointer patchlint.Pointer `json:"pointer"`
		Reason  diff.Reason       `json:"reason"`
	}
	document := struct {
		Version  int             `json:"version"`
		Changed  bool            `json:"changed"`
		Body     json.RawMessage `json:"body"`
		Changes  []change        `json:"changes"`
		Skipped  []skip          `json:"skipped"`
		Warnings []jsonFinding   `json:"warnings"`
		Errors   []jsonFinding   `json:"errors"`
		Failures []string        `json:"failures"`
	}{1, c.Changed(), json.RawMessage("null"), []change{}, []skip{}, c.jsonFindings(c.Warnings), c.jsonFindings(c.Errors), []string{}}
	if c.Plan != nil {
		if c.Plan.Body != nil {
			document.Body = c.Plan.Body
		}
		for _, ch := range c.Plan.Changes {
			j := change{ch.Pointer, ch.Kind.String(), ch.Current.Value(), ch.Sent.Value(), []any{}, []any{}}
			added, removed, modified := ch.Elements.Added, ch.Elements.Removed, ch.Elements.Modified
			for _, m := range modified {
				added, removed = append(added, m.Sent), append(removed, m.Current)
			}
			for _, n := range added {
				j.Added = append(j.Added, n.Value())
			}
			for _, n := range removed {
				j.Removed = append(j.Removed, n.Value())
			}
			document.Changes = append(document.Changes, j)
		}
		for _, s := range c.Plan.Skipped {
			document.Skipped = append(document.Skipped, skip{s.Pointer, s.Reason})
		}
	}
	text, err := encode(document)
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n"
}

// FuzzPlanJSON holds that the json report is written as it is defined, and that
// any value in a document is.
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
	f.Fuzz(func(t *testing.T, currentSrc, desiredSrc []byte) {
		current, _ := patchlint.Parse(currentSrc, patchlint.JSONC)
		desired, _ := patchlint.Parse(desiredSrc, patchlint.JSON)
		if len(secret.Find(current))+len(secret.Find(desired)) > 0 {
			t.Skip("a credential is masked")
		}
		c := &Comparison{Sources: map[diff.Side]Source{diff.Current: {Name: "current.jsonc", Document: current}, diff.Desired: {Name: "desired.json", Document: desired}}}
		plan, err := diff.Compute(resource, current, desired, diff.Options{Prune: len(currentSrc)%2 == 0})
		if refusal, refused := err.(*diff.Refusal); refused {
			c.Errors = refusal.Findings
		} else {
			c.Plan, c.Warnings = plan, plan.Warnings
		}
		var got bytes.Buffer
		printer := planJSONPrinter(&got, false, Options{})
		if err := errors.Join(printer.Print(c), printer.Close(new(Set))); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(definedPlan(t, c), got.String()); d != "" {
			t.Errorf("%s\ncurrent %s\ndesired %s", d, currentSrc, desiredSrc)
		}
		if !json.Valid(got.Bytes()) {
			t.Errorf("%s is no JSON", got.Bytes())
		}
		if current.Whole() { // also what no plan is made of: names that stand twice
			var value bytes.Buffer
			j := newJSONWriter(&value)
			j.value(current.Root())
			if err := j.close(); err != nil {
				t.Fatal(err)
			}
			if want, _ := encode(current.Root().Value()); value.String() != string(want) {
				t.Errorf("%s, want %s", value.Bytes(), want)
			}
		}
	})
}
