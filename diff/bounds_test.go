package diff_test

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/schema"
)

// TestRefusalIsBounded checks that a refusal lists at most 1,000 findings, and says that
// there are more.
func TestRefusalIsBounded(t *testing.T) {
	resource := partner(t, schema.Beta)
	current, _ := patchlint.Parse([]byte(`{"id": "x"}`), patchlint.JSON)
	desired, _ := patchlint.Parse([]byte(`{"iosEnrollmentAssignments": [`+strings.Repeat("0,", 5000)+`0]}`), patchlint.JSON)
	_, err := diff.Compute(resource, current, desired, diff.Options{})
	var refusal diff.Refusal
	if !errors.As(err, &refusal) {
		t.Fatal(err)
	}
	if last := refusal[len(refusal)-1]; len(refusal) != 1001 || last.Rule != "json-limit" || last.Severity != patchlint.Error {
		t.Errorf("%d findings, the last %v", len(refusal), last)
	}
}

// TestJSONPatchIsBounded checks that a long list inside a complex value is not compared
// with a table, which takes quadratic time and memory.
func TestJSONPatchIsBounded(t *testing.T) {
	model, err := schema.Open(schema.Beta)
	if err != nil {
		t.Fatal(err)
	}
	resource, err := model.Resource("conditionalAccessPolicy")
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]string, 5000)
	for i := range ids {
		ids[i] = fmt.Sprintf(`"%08d-0000-0000-0000-000000000000"`, i)
	}
	policy := func() *patchlint.Document {
		doc, err := patchlint.Parse(fmt.Appendf(nil, `{"id": "1", "conditions": {"users": {"includeUsers": [%s]}}}`, strings.Join(ids, ",")), patchlint.JSON)
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	current := policy()
	slices.Reverse(ids)
	ids = append(ids, `"None"`)
	plan, err := diff.Compute(resource, current, policy(), diff.Options{Ordered: true})
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	patch := plan.JSONPatch()
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 32<<20 || !strings.HasPrefix(string(patch), `[{"op":"replace","path":"/conditions","value":`) {
		t.Errorf("%d bytes, %.100s", n, patch)
	}
}

// TestJSONPatchIsShallow checks that many values below long paths do not take memory in
// proportion to the product of both.
func TestJSONPatchIsShallow(t *testing.T) {
	model, err := schema.Open(schema.Beta)
	if err != nil {
		t.Fatal(err)
	}
	resource, err := model.Resource("user")
	if err != nil {
		t.Fatal(err)
	}
	user := func(value string) *patchlint.Document {
		doc, err := patchlint.Parse([]byte(`{"id": "1", "x": `+strings.Repeat(`{"a":`, 900)+"["+strings.Repeat(value+",", 20_000)+value+"]"+strings.Repeat("}", 900)+"}"), patchlint.JSON)
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	plan, err := diff.Compute(resource, user("1"), user("2"), diff.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	patch := plan.JSONPatch()
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 16<<20 || !strings.HasPrefix(string(patch), `[{"op":"replace","path":"/x","value":`) {
		t.Errorf("%d bytes, %.100s", n, patch)
	}
}

// TestDeepIsCompared checks that values that are nested deeply are not compared again at each
// depth.
func TestDeepIsCompared(t *testing.T) {
	for _, test := range []struct{ r, open, outcome string }{
		{"group", `"x":{"@odata.type":"#microsoft.graph.openComplexDictionaryType"`, "sent"},
		{"group", `"` + strings.Repeat("x", 4000) + `":{"z":{}`, "sent"},
		{"user", `"manager":{"id":"2"`, "skipped"},
	} {
		name, rest, _ := strings.Cut(test.open, ":")
		nested := func(value string) *patchlint.Document {
			return parse(t, []byte(`{"id":"1","displayName":"x",`+name+":"+rest+strings.Repeat(","+test.open, 900)+`,"y":[`+strings.Repeat("1,", 20_000)+value+"]"+strings.Repeat("}", 902)))
		}
		current, desired := nested("1"), nested("2")
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		plan, err := diff.Compute(anyType(t, schema.Beta, test.r), current, desired, diff.Options{})
		runtime.ReadMemStats(&after)
		if err != nil {
			t.Fatal(err)
		}
		outcome := "nothing"
		if len(plan.Skipped) == 1 {
			outcome = "skipped"
		} else if len(plan.Changes) == 1 && len(plan.Changes[0].Inside) == 1 {
			outcome = "sent"
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 256<<20 || outcome != test.outcome {
			t.Errorf("%s: %d bytes, %s", test.r, n, outcome)
		}
	}
}

// TestDeepIsSkipped checks that the pointers of skipped changes take memory in proportion to
// their length, however deep they are.
func TestDeepIsSkipped(t *testing.T) {
	nested := func(inside string) *patchlint.Document {
		return parse(t, []byte(`{"id":"1","displayName":"x","x":`+strings.Repeat(`{"a":`, 900)+"{"+inside+"}"+strings.Repeat("}", 901)))
	}
	members := make([]string, 2000)
	for i := range members {
		members[i] = fmt.Sprintf(`"m%d":1`, i)
	}
	current, desired := nested(strings.Join(members, ",")), nested(`"n":1`)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	plan, err := diff.Compute(anyType(t, schema.Beta, "group"), current, desired, diff.Options{Prune: true})
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	want := "/x" + strings.Repeat("/a", 900) + "/m0"
	if n := after.TotalAlloc - before.TotalAlloc; n > 64<<20 || len(plan.Skipped) != 2000 || string(plan.Skipped[0].Pointer) != want {
		t.Errorf("%d bytes, %d skipped, the first at %.20s", n, len(plan.Skipped), plan.Skipped[0].Pointer)
	}
}

// TestIndent checks that the size of indented text is in proportion to the text.
func TestIndent(t *testing.T) {
	const depth, n = 1000, 50_000
	deep := strings.Repeat(`{"a":`, depth) + "[" + strings.Repeat(`"{[,\\\"",`, n) + "0]" + strings.Repeat("}", depth)
	for text, want := range map[string]string{
		`{"a":["{,\"",0],"b":{}}`: "{\n  \"a\": [\n    \"{,\\\"\",\n    0\n  ],\n  \"b\": {}\n}",
		deep:                      deep,
		"{":                       "{",
	} {
		if got := bounds.Indent([]byte(text)); string(got) != want {
			t.Errorf("%.80q becomes %d bytes, %.80q", text, len(got), got)
		}
	}
}

// TestManyCandidates checks that for a list without the wanted object, no text is built
// for objects that the message only counts.
func TestManyCandidates(t *testing.T) {
	current := parse(t, []byte(`[`+strings.Repeat(`{"id":"1","displayName":"A"},`, 9_999)+`{"id":"1"}]`))
	desired := parse(t, []byte(`{"iosOnboarded":true}`))
	var err error
	allocations := testing.AllocsPerRun(1, func() { _, err = diff.Compute(partner(t, schema.Beta), current, desired, diff.Options{}) })
	if allocations > 1000 || err == nil || !strings.Contains(err.Error(), `1 "A", and 9990 more`) {
		t.Errorf("%v allocations: %v", allocations, err)
	}
}
