package schema_test

import (
	"flag"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/conform"
	"github.com/patchlint/patchlint/validate"
)

func init() { debug.SetGCPercent(400) } // the tests allocate much and hold little

func open(t testing.TB, v schema.Version) *schema.Model {
	m, err := schema.Open(v)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var update = flag.Bool("update", false, "write the JSON Schemas in jsonschema")

// TestSchemasAreFresh checks that jsonschema has the JSON Schema of every resource, and no
// others.
func TestSchemasAreFresh(t *testing.T) {
	files, err := filepath.Glob("jsonschema/*/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range schema.Versions() {
		for _, r := range open(t, v).Resources() {
			file := path.Join("jsonschema", string(v), r.Short()+".json")
			if *update {
				if err := os.WriteFile(file, r.JSONSchema(), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			got, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(r.JSONSchema()) {
				t.Errorf("%s is stale: run go test ./schema -run Fresh -update", file)
			}
			if _, err := conform.Compile(got); err != nil {
				t.Errorf("%s: %v", file, err)
			}
			files = slices.DeleteFunc(files, func(f string) bool { return filepath.ToSlash(f) == file })
		}
	}
	if len(files) > 0 {
		t.Errorf("schemas without a type; remove them: %v", files)
	}
}

// TestFactsHaveSources checks that every fact about partners has a source and a
// description.
func TestFactsHaveSources(t *testing.T) {
	for _, v := range schema.Versions() {
		m := open(t, v)
		if _, err := time.Parse(time.DateOnly, m.Facts().Revision); err != nil {
			t.Errorf("%s: %v", v, err)
		}
		for _, r := range m.Resources() {
			if r.Source == "" || r.Description == "" {
				t.Errorf("%s %s has no source or no description", v, r.Name)
			}
			for _, p := range r.Properties {
				if p.Source == "" || p.Description == "" {
					t.Errorf("%s %s/%s has no source or no description", v, r.Name, p.Name)
				}
			}
		}
	}
}

// TestJudgesAgree checks with the corpus and its mutations that the walk and the JSON
// Schema agree: a payload that the schema refuses has a violation, and a violation that
// the schema does not find is one that it cannot express.
func TestJudgesAgree(t *testing.T) {
	payloads, err := corpus.Payloads("../testdata/payload")
	if err != nil {
		t.Fatal(err)
	}
	compared, seen := 0, 0
	judge := func(r *schema.Type, name string, src []byte) {
		doc, err := patchlint.Parse(src, patchlint.JSON)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		violations := r.Check(doc.Root())
		refusals := conform.Check(r, doc.Root())
		if len(violations) == 0 && len(refusals) > 0 {
			t.Errorf("%s: the schema refuses %v, and the walk nothing\n%s", name, refusals, src)
		}
		if len(refusals) == 0 {
			for _, v := range violations {
				if !stricter(v) {
					t.Errorf("%s: the walk refuses %s (%s), and the schema nothing\n%s", name, v.Pointer, v.Message, src)
				}
			}
		}
		compared++
	}
	for _, p := range payloads {
		doc, err := patchlint.Parse(p.Source, patchlint.JSON)
		if err != nil {
			continue // a fixture of broken text
		}
		for _, v := range schema.Versions() {
			r := recognize.Payload(open(t, v), doc.Root())
			if r == nil {
				continue
			}
			judge(r, p.Name, p.Source)
			for m := range corpus.Mutations(p.Source) {
				if seen++; !corpus.Sampled(seen) {
					continue
				}
				judge(r, p.Name+" "+m.Name+" "+string(m.Pointer), m.Source())
			}
		}
		if t.Failed() {
			break
		}
	}
	t.Logf("%d payloads", compared)
}

// stricter reports whether a JSON Schema cannot express a violation: a date that does not
// exist, a number of decimals, or a contradicting annotation.
func stricter(v patchlint.Diagnostic) bool {
	switch v.Rule {
	case "date-time":
		return strings.Contains(v.Message, "is not a valid date: ")
	case "odata-type":
		return strings.HasSuffix(string(v.Pointer), "@odata.type") && !strings.HasSuffix(string(v.Pointer), "/@odata.type")
	}
	return false
}

func TestOpen(t *testing.T) {
	if m := open(t, ""); m.Version != schema.Beta {
		t.Errorf("the default is %s", m.Version)
	}
	if _, err := schema.Open("v2"); err == nil || err.Error() != `unknown API version "v2"; must be beta or v1.0` {
		t.Errorf("error %v", err)
	}
	if _, err := schema.Parse(nil, "v2"); err == nil || err.Error() != `unknown API version "v2"; must be beta or v1.0` {
		t.Errorf("error %v", err)
	}
	_, err := open(t, schema.V1).Resource("groupAssignmentTraget")
	if err == nil || err.Error() != `unknown type "groupAssignmentTraget" in v1.0; did you mean groupAssignmentTarget?` {
		t.Errorf("error %v", err)
	}
}

// TestParseRefuses checks that a text that is not metadata is refused, with the position.
func TestParseRefuses(t *testing.T) {
	const frame = `<edmx:Edmx Version="4.01" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="n" xmlns="http://docs.oasis-open.org/odata/ns/edm">%</Schema></edmx:DataServices></edmx:Edmx>`
	for _, test := range []struct{ facts, want string }{
		{`<ComplexType Name="a" BaseType="n.b"/>`, "1:170: unknown base type n.b of a"},
		{`<ComplexType Name="a"><Property Name="p" Type="Edm.Strin"/></ComplexType>`, "1:192: unknown type Edm.Strin"},
		{`<ComplexType Name="a">`, "1:192: expected the end tag </ComplexType>, found </Schema>"},
	} {
		_, err := schema.Parse([]byte(strings.Replace(frame, "%", test.facts, 1)), schema.V1)
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: error %v, want %s", test.facts, err, test.want)
		}
	}
}

// TestCompileReadsNothing checks that a hostile $ref reaches neither a file nor
// the network.
func TestCompileReadsNothing(t *testing.T) {
	for _, ref := range []string{"file:///etc/hostname", "http://127.0.0.1:9/x", "other.json", "/etc/hostname"} {
		_, err := conform.Compile([]byte(`{"$ref": "` + ref + `"}`))
		if err == nil || !strings.Contains(err.Error(), "must be self-contained") {
			t.Errorf("$ref %s: %v", ref, err)
		}
	}
}

// TestNotCompiled checks that a schema is an error if v5 would panic at it, or would
// treat it as a laxer one.
func TestNotCompiled(t *testing.T) {
	for _, text := range []string{
		`{"multipleOf":1e-999999999}`, `{"multipleOf": 1e999999999}`, `{"minimum": -1e-999999999}`, `{"maximum": 1E+99999999999999999999}`, `{"const": 1e-999999999}`,
		`{"enum": [1, [1e999999999]]}`, `{"properties": {"a": {"exclusiveMaximum": 1e999999999}}}`, `{"minLength": 1e999999999}`, `{"multipleOf": 0}`,
		``, `null`, `[]`, `1`, `{`, `{"type": 1}`, `{"pattern": "["}`, `{"$ref": 1}`, `{"$id": "%"}`, `{"$schema": "x"}`, `{"required": [1]}`, `{"$defs": 1}`,
	} {
		if s, err := conform.ReadTeam("", []byte(text)); err == nil {
			t.Errorf("%s: %v", text, s)
		}
		if s, err := conform.Compile([]byte(text)); err == nil {
			t.Errorf("%s: %v", text, s)
		}
	}
}

// TestNames checks that there are rules for all violations, and that changing a returned
// list has no effect on later calls.
func TestNames(t *testing.T) {
	for _, id := range schema.Presented {
		if validate.Lookup(id) == nil {
			t.Errorf("no rule presents %s", id)
		}
	}
	model, err := schema.Open(schema.Beta)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		resources := model.Resources()
		if resources[0] == nil {
			t.Fatal("a list is shared with another caller")
		}
		resources[0] = nil
	}
}

// TestAbsurdNumber checks that a number with a huge exponent is refused and does no harm.
func TestAbsurdNumber(t *testing.T) {
	r, err := open(t, schema.Beta).Resource("complianceManagementPartner")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := patchlint.Parse([]byte(`{"iosOnboarded": 1e999999999999999999, "displayName": -1E-99999999999}`), patchlint.JSON)
	if err != nil {
		t.Fatal(err)
	}
	if len(conform.Check(r, doc.Root())) == 0 || len(r.Check(doc.Root())) != 2 {
		t.Error("not refused")
	}

	chart, err := open(t, schema.Beta).Resource("workbookChart")
	if err != nil {
		t.Fatal(err)
	}
	if doc, err = patchlint.Parse([]byte(`{"name": "a", "height": 1e-999999999}`), patchlint.JSON); err != nil {
		t.Fatal(err)
	}
	const want = "the JSON Schema cannot check this value: the exponent of the number 1e-999999999 is too large"
	if got := conform.Check(chart, doc.Root()); len(got) != 1 || got[0].Message != want || got[0].Span != doc.Find("/height").Span() {
		t.Errorf("%+v, want %s", got, want)
	}
}

func TestConformLocations(t *testing.T) {
	r, err := open(t, schema.Beta).Resource("complianceManagementPartner")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := patchlint.Parse([]byte(`{"iosEnrollmentAssignments": [{"a b/c~d%é": 1}], "iosOnboarded": 1, "displayName": 2}`), patchlint.JSON)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"/displayName: type", "/iosEnrollmentAssignments/0: additionalProperties", "/iosOnboarded: type"}
	for range 20 {
		var got []string
		for _, v := range conform.Check(r, doc.Root()) {
			_, keyword, _ := strings.Cut(v.Message, "(")
			got = append(got, string(v.Pointer)+": "+strings.TrimSuffix(keyword, ")"))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	}
}

// TestInstants compares OData's grammar of an Edm.DateTimeOffset with similar ones: those
// of RFC 3339 and Go.
func TestInstants(t *testing.T) {
	for _, test := range []struct {
		text, same string // same: another spelling of the instant; "" when refused
	}{
		{"2017-01-01T00:00:12.4442527+03:00", "2016-12-31T21:00:12.4442527Z"},
		{"2026-01-31T08:00Z", "2026-01-31T08:00:00.000000000000Z"},
		{"2026-01-31t08:00:00z", "2026-01-31T08:00:00Z"},
		{"2026-01-31T08:00:00.00000004Z", "2026-01-31T08:00:00Z"},
		{"2026-01-31T08:00:00.00000005Z", "2026-01-31T08:00:00.0000001Z"},
		{"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
		{"0000-01-01T00:00:00Z", "0000-01-01T01:00:00+01:00"},
		{"-0001-12-31T23:00:00-01:00", "0000-01-01T00:00:00Z"},
		{"12345-02-28T24:00:00Z", ""},
		{"10000-01-01T00:00:00Z", "9999-12-31T23:00:00-01:00"},
		{"12345678901-02-28T23:00:00-01:00", "12345678901-03-01T00:00:00Z"},
		{"12345678901-02-29T00:00:00Z", ""},
		{"2024-02-29T00:00:00+23:59", "2024-02-28T00:01:00Z"},
		{"2024-01-19T13:38:22.169688", ""},
		{"2023-02-29T00:00:00Z", ""},
		{"1900-02-29T00:00:00Z", ""},
		{"2000-02-29T23:00:00-01:00", "2000-03-01T00:00:00Z"},
		{"-0004-02-29T23:00:00-01:00", "-0004-03-01T00:00:00Z"},
		{"2024-04-31T00:00:00Z", ""},
		{"2024-12-31T23:00:00-01:00", "2025-01-01T00:00:00Z"},
		{"2024-13-01T00:00:00Z", ""},
		{"2024-00-01T00:00:00Z", ""},
		{"2024-01-00T00:00:00Z", ""},
		{"2024-01-01T00:60:00Z", ""},
		{"2024-01-01T00:00:61Z", ""},
		{"2024-01-01T00:00:00.Z", ""},
		{"2024-01-01T00:00:00,5Z", ""},
		{"2024-01-01T00:00:00.1234567890123Z", ""},
		{"2024-01-01T00:00:00+24:00", ""},
		{"2024-01-01T00:00:00+0100", ""},
		{"2024-01-01 00:00:00Z", ""},
		{"02024-01-01T00:00:00Z", ""},
		{"0123456789012-01-01T00:00:00Z", ""},
		{"2024-01-01T00:00:00Z\n", ""},
		{"/Date(1571240587193)/", ""},
		{"", ""},
	} {
		got, err := schema.Instant(test.text)
		if test.same == "" {
			if err == nil {
				t.Errorf("%q is read", test.text)
			}
			continue
		}
		want, err2 := schema.Instant(test.same)
		if err != nil || err2 != nil || !got.Equal(want) {
			t.Errorf("%q is %v (%v), %q is %v (%v)", test.text, got, err, test.same, want, err2)
		}
	}
}

// TestInstantsLikeGo checks that if both grammars accept a text, they give the same
// instant.
func TestInstantsLikeGo(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		zone := time.FixedZone("", (random.IntN(1681)-840)*60)
		moment := time.Date(random.IntN(9999), time.Month(1+random.IntN(12)), 1+random.IntN(31), random.IntN(24), random.IntN(60), random.IntN(60), random.IntN(1e7)*100, zone)
		a, err := schema.Instant(moment.Format(time.RFC3339Nano))
		if err != nil && moment.Year() >= 0 && moment.Year() <= 9999 {
			t.Fatal(moment, err)
		}
		b, err2 := schema.Instant(moment.UTC().Format("2006-01-02T15:04:05.999999999Z"))
		if err == nil && err2 == nil && !a.Equal(b) {
			t.Errorf("%v: %s is not %s", moment, a, b)
		}
	}
}

// FuzzConform checks that no bytes make the walk or the JSON Schema panic, or the walk
// accept a payload that the schema refuses.
func FuzzConform(f *testing.F) {
	payloads, err := corpus.Payloads("../testdata/payload")
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range payloads {
		f.Add(p.Source)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		doc, err := patchlint.Parse(src, patchlint.JSON)
		if err != nil || len(doc.Faults()) > 0 || doc.Root().Kind() != patchlint.Object {
			return
		}
		r, err := open(t, schema.Beta).Resource("complianceManagementPartner")
		if err != nil {
			t.Fatal(err)
		}
		if len(conform.Check(r, doc.Root())) > 0 && len(r.Check(doc.Root())) == 0 {
			t.Errorf("the schema refuses %v, and the walk nothing", conform.Check(r, doc.Root()))
		}
	})
}
