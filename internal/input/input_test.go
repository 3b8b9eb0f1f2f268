package input_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/span"
)

// read renders the payloads of a file, one per line: record, part, destination, and
// the text to be linted.
func read(t *testing.T, name, src string, limit int64) []string {
	t.Helper()
	r := input.Reader{Limit: limit}
	var lines []string
	for p, err := range r.Read(name, iotest.OneByteReader(strings.NewReader(src)), nil) {
		if err != nil {
			t.Fatal(err)
		}
		if p.Skip.Reason != "" {
			continue
		}
		endpoint := "-"
		if p.Addressed {
			endpoint = fmt.Sprintf("%s/%s/%s", p.Endpoint.Version, strings.TrimPrefix(p.Endpoint.Type, "microsoft.graph."), p.Endpoint.Key)
			if p.Endpoint.Batch {
				endpoint = string(p.Endpoint.Version) + "/$batch"
			}
		}
		text := string(p.Document.Source())
		for _, f := range p.Document.Faults() {
			line, column := p.Document.Position(f.Span.Start)
			text = fmt.Sprintf("%s at {%d %d}", f.Rule, line, column)
		}
		lines = append(lines, fmt.Sprintf("%d|%s|%s|%s", p.Record, p.Part, endpoint, text))
		r.Release(p)
	}
	return lines
}

func TestRead(t *testing.T) {
	const partners = "/deviceManagement/complianceManagementPartners"
	for _, test := range []struct {
		name, src string
		limit     int64
		want      []string
	}{
		{"a.json", `{"a": 1}`, 100, []string{`0||-|{"a": 1}`}},
		{"a.unknown", `{"a": 1}`, 100, []string{`0||-|{"a": 1}`}},
		{"a.json", `// no`, 100, []string{`0||-|json-syntax at {1 1}`}},
		{"a.JSONC", `{"a": 1} // yes`, 100, []string{`0||-|{"a": 1} // yes`}},
		{"a.json", `{"a": "long"}`, 8, []string{`0||-|json-limit at {1 1}`}},
		{"a.ndjson", "{\"a\": 1}\r\n\n  \n{\"a\": 2}\n{\"a\": \n{}", 100, []string{`0||-|{"a": 1}`, `1||-|{"a": 2}`, `2||-|json-syntax at {5 7}`, `3||-|{}`}},
		{"a.jsonl", "", 100, nil},
		{"a.jsonl", "{\"a\": \"longer than the limit\"}\n{\"a\": 2}\n", 10, []string{`0||-|json-limit at {1 1}`, `1||-|{"a": 2}`}},
		{"a.jsonl", "\xff\xfe{\x00}\x00\n\x00{\x00}\x00", 100, []string{`0||-|{}`, `1||-|{}`}},
		{"a.jsonl", "\xff\xfe{\x00}\x00\n\x00{\x00}", 100, []string{`0||-|json-encoding at {1 1}`}},
		{"a.json", "\xfe\xff\x00{\x00}", 100, []string{`0||-|{}`}},
		{"a.json", "\xff\xfe{\x00}\x00", 5, []string{`0||-|json-limit at {1 1}`}},
		{"a.http", "", 100, nil},
		{"a.http", "\xff\xfeP\x00", 100, nil},
		{"a.http", "\xff\xfeP\x00\x00", 100, []string{`0||-|json-encoding at {1 1}`}},
		{"a.http", "PATCH /beta" + partners + "/42\n\n{}\n", 8, []string{`0||-|json-limit at {1 1}`}},
		{"a.http", "\xef\xbb\xbfPATCH https://graph.microsoft.com/beta" + partners + "/42 HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{\r\n}\r\n\r\n### done\r\n", 1000,
			[]string{"0|PATCH https://graph.microsoft.com/beta" + partners + "/42|beta/complianceManagementPartner/42|{\r\n}"}},
		{"a.rest", `
# @name list
@graph = https://graph.microsoft.com/{{version}}
@version = v1.0

GET {{graph}}` + partners + `

###
// the partner
PATCH {{graph}}
  ` + partners + `/{{id}}
  ?$select=id
Authorization: Bearer {{token}}
# a comment
Content-Type: application/json

{"displayName": "{{name}}", "iosOnboarded": {{on}}, "x": "{{version}}"}

> {% client.test("x", function() { ### }); %}
###
PATCH {{other}}
Content-Type: application/json

{"iosOnboarded": true}
<> answer.json
### again
PATCH {{other}}

{}
### from a file
PATCH {{graph}}` + partners + `/42
Content-Type: application/json

< ./partner.json
###
POST {{graph}}/$batch

{"requests": []}
###
POST {{graph}}/users

{"displayName": "x"}
###
PATCH {{graph}}` + partners + `/7
`, 10000, []string{
			`1|PATCH {{graph}}` + partners + `/{{id}}?$select=id|v1.0/complianceManagementPartner/|{"displayName": "{{name}}", "iosOnboarded": null, "x": "v1.0"}`,
			`2|PATCH {{other}}|-|{"iosOnboarded": true}`,
			`3|PATCH {{other}} #2|-|{}`,
			"4|PATCH {{graph}}" + partners + "/42|v1.0/complianceManagementPartner/42|",
			`5|POST {{graph}}/$batch|v1.0/$batch|{"requests": []}`,
			`6|POST {{graph}}/users|v1.0/user/|{"displayName": "x"}`,
			`7|PATCH {{graph}}` + partners + `/7|v1.0/complianceManagementPartner/7|json-syntax at {1 1}`,
		}},
	} {
		if diff := cmp.Diff(test.want, read(t, test.name, test.src, test.limit)); diff != "" {
			t.Errorf("%s %q (-want +got):\n%s", test.name, test.src, diff)
		}
	}
}

// TestInFile checks that findings about a body with variables have positions in the
// file, and that unknown values are not judged.
func TestInFile(t *testing.T) {
	src := "@state = Enabled\nPATCH {{x}}\n\n{\"partnerState\": \"{{state}}\", \"groupId\": \"{{group}}\",\n \"on\": {{on}}, \"z\": 1}\n"
	r := input.Reader{Limit: 1000}
	for p, err := range r.Read("a.http", strings.NewReader(src), nil) {
		if err != nil {
			t.Fatal(err)
		}
		var found []patchlint.Diagnostic
		for member := range p.Document.Root().Children() {
			found = append(found, patchlint.Diagnostic{
				Rule: member.Name(), Span: member.Span(), Related: []patchlint.Related{{Span: member.Key()}},
				Fixes: []patchlint.Fix{{Edits: []patchlint.Edit{{Span: member.Span(), NewText: "1"}}}, {Edits: []patchlint.Edit{{Span: member.Key(), NewText: `"y"`}}}},
			})
		}
		root := p.Document.Root()
		state, group := root.Member("partnerState").Span(), root.Member("groupId").Span()
		found = append(found, patchlint.Diagnostic{Rule: "whole", Span: root.Span()}, patchlint.Diagnostic{Rule: "value", Span: patchlint.Span{Start: state.Start + 1, End: state.End - 1}},
			patchlint.Diagnostic{Rule: "json-encoding", Span: group}, patchlint.Diagnostic{Rule: "wrong-type", Span: group})
		doc, moved := p.InFile(found, []patchlint.Diagnostic{{Rule: "head", Span: patchlint.Span{Start: 1, End: 6}}})
		var got []string
		for _, d := range moved {
			line, column := doc.Position(d.Span.Start)
			text := fmt.Sprintf("%s {%d %d} %q", d.Rule, line, column, src[d.Span.Start:d.Span.End])
			for _, related := range d.Related {
				text += " " + src[related.Span.Start:related.Span.End]
			}
			for _, f := range d.Fixes {
				fixed, err := fixes.ApplyEdits([]byte(src), f.Edits)
				if err != nil {
					t.Fatal(err)
				}
				text += " -> " + strings.TrimSpace(strings.Split(string(fixed), "\n")[line-1])
			}
			got = append(got, text)
		}
		want := []string{
			`head {1 2} "state"`,
			`whole {4 1} "{\"partnerState\": \"{{state}}\", \"groupId\": \"{{group}}\",\n \"on\": {{on}}, \"z\": 1}"`,
			`partnerState {4 18} "\"{{state}}\"" "partnerState" -> {"y": "{{state}}", "groupId": "{{group}}",`,
			`value {4 19} "{{state}}"`,
			`json-encoding {4 42} "\"{{group}}\""`,
			`wrong-type {4 42} "\"{{group}}\""`,
			`z {5 21} "1" "z" -> "on": {{on}}, "z": 1} -> "on": {{on}}, "y": 1}`,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for member := range doc.Root().Children() {
			if at := doc.At(member.Span().Start); at != member {
				t.Errorf("%s is not found in its place", member.Name())
			}
		}
	}
}

// TestParts checks that the documents of the payloads of a file contain each of its bytes
// once, and that positions are positions in the file, even after comments.
func TestParts(t *testing.T) {
	src := "\xef\xbb\xbfGET /me\n###\nPATCH {{x}}\n\n{\n // \"\n \"a\": 1}\n> {%\n%}\n###\nPATCH {{y}}\n\n# {{z}}\n{\"a\": {{z}}, \"b\": 2}\n### end\nGET /me"
	r := input.Reader{Limit: 1000}
	var parts, got []string
	for p, err := range r.Read("a.http", strings.NewReader(src), nil) {
		if err != nil {
			t.Fatal(err)
		}
		if p.Skip.Reason != "" {
			continue
		}
		var found []patchlint.Diagnostic
		for member := range p.Document.Root().Children() {
			found = append(found, patchlint.Diagnostic{Rule: member.Name(), Span: member.Span()})
		}
		doc, moved := p.InFile(found, nil)
		for _, d := range moved {
			at := span.InFile(doc, d.Span).Start
			line, column := doc.Position(d.Span.Start)
			got = append(got, fmt.Sprintf("%s {%d %d} %s", d.Rule, line, column, src[at:at+1]))
		}
		parts = append(parts, string(doc.Source()))
		if len(p.Around.Source()) != len(doc.Source()) {
			t.Errorf("%q is around %q", p.Around.Source(), doc.Source())
		}
	}
	if diff := cmp.Diff(src, strings.Join(parts, "")); diff != "" || len(parts) != 2 {
		t.Errorf("%d parts (-want +got):\n%s", len(parts), diff)
	}
	if diff := cmp.Diff([]string{"a {7 7} 1", "b {14 19} 2"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestReadError checks that an error of the reader is returned, for every format.
func TestReadError(t *testing.T) {
	for _, name := range []string{"a.json", "a.jsonc", "a.ndjson", "a.http"} {
		r := input.Reader{Limit: 100}
		broken := errors.New("broken")
		var got error
		for _, err := range r.Read(name, io.MultiReader(strings.NewReader(`{"a"`), iotest.ErrReader(broken)), nil) {
			got = err
		}
		if got != broken {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestStream checks that a stream of records takes the memory of a few.
func TestStream(t *testing.T) {
	record := []byte(`{"displayName": "Contoso MTD", "iosOnboarded": true, "iosEnrollmentAssignments": []}` + "\n")
	const size = 16 << 20
	r := input.Reader{Limit: 1 << 20}
	records := 0
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for p, err := range r.Read("a.ndjson", io.LimitReader(&repeated{record, 0}, size), nil) {
		if err != nil {
			t.Fatal(err)
		}
		records++
		r.Release(p)
	}
	runtime.ReadMemStats(&after)
	if want := size/len(record) + 1; records != want {
		t.Errorf("%d records, want %d", records, want)
	}
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > size && !raceEnabled {
		t.Errorf("%d bytes allocated for a stream of %d", allocated, size)
	}
}

// url starts the requests of these tests.
const url = "PATCH https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/x"

// TestLargeRequests checks that a file of requests takes time and memory in proportion to
// its size, whatever it contains.
func TestLargeRequests(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine, which the race detector slows down")
	}
	lines := func(n int, line func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(line(i))
		}
		return b.String()
	}
	request := func(int) string { return "###\n" + url + "\n\n{\"iosOnboarded\": 1}\n" }
	for _, test := range []struct {
		name string
		n    int // of the smaller file
		src  func(n int) string
	}{
		{"many variables and requests", 100, func(n int) string {
			return lines(10*n, func(i int) string { return fmt.Sprintf("@v%d = %d\n", i, i) }) + lines(n, request)
		}},
		{"a variable for each request", 250, func(n int) string {
			return lines(n, func(i int) string { return fmt.Sprintf("###\n@v = %d\n%s?{{v}}\n\n{}\n", i, url) })
		}},
		{"a URL of many lines", 10_000, func(n int) string { return url + "\n" + strings.Repeat("  a\n", n) }},
		{"scripts without an end", 2000, func(n int) string { return strings.Repeat("< {%\n", n) + url + "\n\n" + strings.Repeat("{{\n", n) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			allocated := make(map[int]uint64) // by n
			n := corpus.Size(test.n, 10*test.n)
			corpus.Linear(t, n, func(n int) { allocated[n] = readAll(t, test.src(n), 0) })
			if allocated[4*n] > 6*allocated[n]+(4<<20) {
				t.Errorf("%d bytes, and %d for four times as much", allocated[n], allocated[4*n])
			}
		})
	}
}

// TestExpanded checks the text of bodies once their variables are replaced.
func TestExpanded(t *testing.T) {
	for src, want := range map[string][]string{
		"@v = 1\n" + url + "\n\n{{v}}\n###\n@v = 2\n" + url + "\n\n{{v}}\n": {"1", "2"},
		url + "\n\n{{v}}\n###\n@v = 1\n@v = 2\n":                            {"2"}, // before the first assignment, the last applies
		url + "\n\n{\"a\": \"\\\"{{u}}\", \"b\": {{u}}}\n":                  {`{"a": "\"{{u}}", "b": null}`},
		url + "\n\n{\"a\": \"x,\n\"b\": {{u}}}\n":                           {"{\"a\": \"x,\n\"b\": null}"}, // a string ends with its line
	} {
		var got []string
		r := input.Reader{Limit: 1 << 20}
		for p, err := range r.Read("a.http", strings.NewReader(src), nil) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, string(p.Document.Source()))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", src, got, want)
		}
	}
}

// TestVariables checks that variables that refer to each other take limited memory,
// however long their values would become.
func TestVariables(t *testing.T) {
	chain := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i+1, i)
		}
		return b.String()
	}
	budget := corpus.Size(8<<20, 64<<20)
	links := corpus.Size(1500, 5000)
	for name, src := range map[string]string{
		"doubled": "@v0 = 0123456789\n" + chain(30, "@v%d = {{v%[2]d}}{{v%[2]d}}\n") + url + "\n\n[" + strings.Repeat(`"{{v12}}{{v30}}",`, 40) + "0]\n",
		"unknown": "@v = " + strings.Repeat("{{u}}", 12_000) + "\n@w = " + strings.Repeat("{{w}}", 12_000) + "\n" + url + "\n\n[" + strings.Repeat("\"{{v}}\",\n{{w}},\n", 1000) + "0]\n",
		"a chain": "@v0 = 0\n" + chain(links, "@v%d = {{v%d}}\n") + url + fmt.Sprintf("\n\n{\"a\": {{v%d}}}\n", links),
	} {
		if allocated := readAll(t, src, budget); allocated > uint64(6*budget+16<<20) && !raceEnabled {
			t.Errorf("%s: %d bytes of source took %d bytes", name, len(src), allocated)
		}
	}
}

// readAll returns how many bytes are allocated to read a file of requests. budget limits the
// size of all lookups of variables; 0 is the default.
func readAll(t *testing.T, src string, budget int) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := input.Reader{Limit: 64 << 20}
	r.SetLeastBudget(budget)
	for p, err := range r.Read("a.http", strings.NewReader(src), nil) {
		if err != nil {
			t.Fatal(err)
		}
		if p.Skip.Reason != "" {
			continue
		}
		doc, _ := p.InFile(nil, nil)
		doc.Position(len(doc.Source()))
	}
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// repeated reads a text over and over.
type repeated struct {
	text []byte
	at   int
}

func (r *repeated) Read(b []byte) (int, error) {
	n := copy(b, r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	return n, nil
}

// FuzzRequests checks for any text that reading it as requests does not fail, and that
// every document found in it points into it.
func FuzzRequests(f *testing.F) {
	f.Add([]byte("PATCH /deviceManagement/complianceManagementPartners/1\n\n{\"a\": {{b}}, \"c\": \"{{d}}\"}\n###\n"))
	f.Add([]byte("@a = {{b}}\n@b = {{a}}\nPATCH /{{a}}\n\n{\"x{{a}}\": [{{a}}, {{a}}]}\n> {%\n"))
	f.Add([]byte("GET /me\nPATCH https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/1\n\n{}\nPUT {{x}}\n\n<@latin1 a\nPATCH {{x}}\n\nx\n< y\n"))
	f.Add([]byte("PATCH /deviceManagement/complianceManagementPartners/1\n\n{}\nPATCH /deviceManagement/complianceManagementPartners\n\n{}\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		r := input.Reader{Limit: 1 << 20}
		for p, err := range r.Read("a.http", bytes.NewReader(src), nil) {
			if err != nil {
				t.Fatal(err)
			}
			if p.Skip.Reason != "" {
				continue
			}
			var found []patchlint.Diagnostic
			for n := range p.Document.Root().All() {
				found = append(found, patchlint.Diagnostic{Span: n.Span()}, patchlint.Diagnostic{Span: n.Key()})
			}
			doc, moved := p.InFile(found, p.Notes)
			for _, d := range moved {
				if d.Span.Start < 0 || d.Span.Start > d.Span.End || d.Span.End > len(doc.Source()) {
					t.Fatalf("%v is outside the file", d.Span)
				}
				doc.Position(d.Span.End)
			}
		}
	})
}
