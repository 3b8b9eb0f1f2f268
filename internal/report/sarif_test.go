package report

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/schema/conform"
	"github.com/patchlint/patchlint/validate"
)

type sarifDocument struct {
	Schema  string `json:"$schema"`
	Version string
	Runs    []struct {
		Tool              struct{ Driver sarifDriver }
		AutomationDetails struct{ ID string }
		ColumnKind        string
		Results           []sarifResult
		Invocations       []sarifInvocation
	}
}

// readSARIF checks what GitHub requires of a report beyond its schema: "SARIF support for
// code scanning" in its documentation.
func readSARIF(t *testing.T, text string) (all []found) {
	t.Helper()
	var document sarifDocument
	strict(t, text, &document)
	if document.Version != "2.1.0" || !strings.HasSuffix(document.Schema, "/sarif-schema-2.1.0.json") || len(document.Runs) != 1 {
		t.Fatalf("%.500s", text)
	}
	run := document.Runs[0]
	if run.AutomationDetails.ID != "patchlint/" || run.ColumnKind != "utf16CodeUnits" || run.Results == nil || len(run.Invocations) != 1 {
		t.Errorf("%.500s", text)
	}
	if d := run.Tool.Driver; d.Name == "" || d.Version != "0.1.0" || len(d.Rules) != len(validate.Rules()) {
		t.Errorf("%+v", d)
	}
	for _, result := range run.Results {
		if len(result.Locations) != 1 || result.Message.Text == "" || len(result.PartialFingerprints) != 1 {
			t.Fatalf("incomplete: %+v", result)
		}
		if i := result.RuleIndex; i != nil && run.Tool.Driver.Rules[*i].ID != result.RuleID {
			t.Errorf("%s is not the rule %d", result.RuleID, *i)
		}
		locations := append([]sarifLocation{result.Locations[0]}, result.RelatedLocations...)
		for _, location := range locations {
			r := location.Physical.Region
			if r.StartLine < 1 || r.StartColumn < 1 || r.EndLine < r.StartLine || r.EndColumn < 1 || r.EndLine == r.StartLine && r.EndColumn < r.StartColumn {
				t.Errorf("region %+v", r)
			}
			uri := location.Physical.Artifact.URI
			if u, err := url.Parse(uri); err != nil || u.Scheme != "" && u.Scheme != "file" || strings.HasPrefix(uri, "/") || strings.ContainsAny(uri, " \\") {
				t.Errorf("URI %q: %v", uri, err)
			}
		}
		for _, fix := range result.Fixes {
			if len(fix.Changes) != 1 || len(fix.Changes[0].Replacements) == 0 || fix.Description.Text == "" {
				t.Errorf("fix %+v", fix)
			}
		}
		at := result.Locations[0].Physical
		name, err := url.PathUnescape(strings.TrimPrefix(at.Artifact.URI, "./"))
		if err != nil {
			t.Error(err)
		}
		all = append(all, found{
			file: name, rule: result.RuleID, severity: map[string]string{"error": "error", "warning": "warning", "note": "info"}[result.Level],
			message: strings.ReplaceAll(result.Message.Text, "] (", "]("), fingerprint: result.PartialFingerprints["patchlint/v1"],
			line: at.Region.StartLine, column: at.Region.StartColumn, endLine: at.Region.EndLine, endColumn: at.Region.EndColumn,
		})
	}
	invocation := run.Invocations[0]
	failed := false
	for _, n := range invocation.Notifications {
		failed = failed || n.Level == "error"
		all = append(all, found{message: n.Message.Text})
	}
	if invocation.ExecutionSuccessful == failed {
		t.Errorf("%+v", invocation)
	}
	if s := oasisSchema(); s != nil && len(run.Results) < 1000 {
		var value any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		if err := s(value); err != nil {
			t.Errorf("the schema of OASIS: %#v", err)
		}
	}
	return all
}

// oasisSchema is the schema of the standard, which is not part of the project;
// nil if it is missing.
var oasisSchema = sync.OnceValue(func() func(any) error {
	src, err := os.ReadFile("../../../shared/data/sarif-schema-2.1.0.json")
	if err != nil {
		return nil
	}
	s, err := conform.Compile(src)
	if err != nil {
		panic(err)
	}
	return s.Validate
})

// TestSARIFSchema checks that the schema of the standard, with which readSARIF validates
// every report of these tests, accepts a valid report and refuses an invalid one.
func TestSARIFSchema(t *testing.T) {
	validate := oasisSchema()
	if validate == nil {
		t.Skip("the schema is missing")
	}
	var value map[string]any
	if err := json.Unmarshal([]byte(printed(t, "sarif", Options{}, nil)), &value); err != nil {
		t.Fatal(err)
	}
	if err := validate(value); err != nil {
		t.Errorf("%#v", err)
	}
	value["runs"].([]any)[0].(map[string]any)["columnKind"] = "bytes"
	if validate(value) == nil {
		t.Error("the schema accepts an invalid report")
	}
}

// TestSARIFRules checks what GitHub requires and shows of a rule.
func TestSARIFRules(t *testing.T) {
	var log sarifDocument
	strict(t, printed(t, "sarif", Options{}, nil), &log)
	for i, r := range log.Runs[0].Tool.Driver.Rules {
		rule := validate.Rules()[i]
		level := map[patchlint.Severity][2]string{
			patchlint.Error: {"error", "error"}, patchlint.Warning: {"warning", "warning"}, patchlint.Info: {"note", "recommendation"},
		}[rule.Severity]
		switch {
		case r.ID != rule.ID || r.ShortDescription.Text != rule.Summary || r.Help.Text == "":
			t.Errorf("%+v", r)
		case utf8.RuneCountInString(r.FullDescription.Text) > 1024 || !strings.HasPrefix(rule.Why, strings.TrimSuffix(r.FullDescription.Text, "...")):
			t.Errorf("%s: %q", r.ID, r.FullDescription.Text)
		case r.DefaultConfiguration.Level != level[0] || r.Properties.ProblemSeverity != level[1]:
			t.Errorf("%s: %+v, %+v", r.ID, r.DefaultConfiguration, r.Properties)
		case len(r.Properties.Tags) == 0 || len(r.Properties.Tags) > 10 || slices.Contains(r.Properties.Tags, "security"):
			t.Errorf("%s: %q", r.ID, r.Properties.Tags)
		case !slices.Contains([]string{"very-high", "high", "medium", "low"}, r.Properties.Precision):
			t.Errorf("%s: %q", r.ID, r.Properties.Precision)
		case strings.Count(r.Help.Markdown, "```") < 4 || strings.Contains(r.Help.Text, "```"):
			t.Errorf("%s: %s", r.ID, r.Help.Markdown)
		case len(r.Help.Markdown) > 8000:
			t.Errorf("%s: help of %d bytes", r.ID, len(r.Help.Markdown))
		}
		if page, fragment, _ := strings.Cut(r.HelpURI, "#"); !strings.HasSuffix(page, "/docs/rules.md") || fragment != r.ID {
			t.Errorf("%s: %s", r.ID, r.HelpURI)
		}
	}
	if got := cut(strings.Repeat("é", 1100), 1024); got != strings.Repeat("é", 1021)+"..." {
		t.Errorf("cut to %d characters", utf8.RuneCountInString(got))
	}
	// A rule that is not ours has no index; its results are reported all the same.
	doc, _ := patchlint.Parse([]byte("{}"), patchlint.JSON)
	got := readSARIF(t, printed(t, "sarif", Options{}, nil, &File{Name: "a", Root: "a", Document: doc, Findings: []patchlint.Diagnostic{
		{Rule: "my-rule", Severity: patchlint.Error, Message: "mine", Span: patchlint.Span{Start: 0, End: 1}},
	}}))
	if len(got) != 1 || got[0].rule != "my-rule" {
		t.Errorf("%+v", got)
	}
}

func TestFileURI(t *testing.T) {
	for name, want := range map[string]string{
		"partner.json":                  "partner.json",
		"payloads/with space.json":      "payloads/with%20space.json",
		"naïve/日本.json":                 "na%C3%AFve/%E6%97%A5%E6%9C%AC.json",
		"100%25#?.json":                 "100%2525%23%3F.json",
		"a:b/c.json":                    "./a:b/c.json",
		"a/b:c.json":                    "a/b:c.json",
		"a\\b.json":                     "a%5Cb.json",
		"a\nb\x1b.json":                 "a%0Ab%1B.json",
		"\xff.json":                     "%FF.json",
		"../up.json":                    "../up.json",
		"/abs/x y.json":                 "file:///abs/x%20y.json",
		"C:/Users/x/partner.json":       "file:///C:/Users/x/partner.json",
		"d:/x.json":                     "file:///d:/x.json",
		"C:":                            "./C:",
		"<stdin>":                       "%3Cstdin%3E",
		"//server/share/partner.json":   "file:////server/share/partner.json",
		"javascript:alert(1)/../x.json": "./javascript:alert%281%29/../x.json",
	} {
		got := FileURI(name)
		if got != want {
			t.Errorf("%q is %q, not %q", name, got, want)
		}
		u, err := url.Parse(got)
		if err != nil || u.Scheme != "" && u.Scheme != "file" {
			t.Errorf("%q: %v", got, err)
		} else if path := strings.TrimPrefix(u.Path, "./"); strings.TrimPrefix(path, "/") != strings.TrimPrefix(name, "/") && u.Scheme == "" {
			t.Errorf("%q reads as %q", got, u.Path)
		}
	}
}

// TestSARIFRelated checks that a place in another file has its URI, relative to
// the root of the repository like the finding's own.
func TestSARIFRelated(t *testing.T) {
	other := linted("../other a.json", `{}`)
	file := linted("partner.json", "{\"iosOnboarded\":\n 1}")
	file.Root = "sub/partner.json"
	file.Findings[0].Related = []patchlint.Related{
		{Message: "here", Span: patchlint.Span{Start: 1, End: 15}},
		{Message: "[there](x)", File: other.Name, Document: other.Document, Span: patchlint.Span{Start: 0, End: 2}},
	}
	var log sarifDocument
	strict(t, printed(t, "sarif", Options{Root: func(name string) string { return strings.TrimPrefix(name, "../") }}, nil, file), &log)
	want := []sarifLocation{
		{1, sarifPhysical{sarifArtifact{"sub/partner.json"}, sarifRegion{1, 2, 1, 16}}, &sarifText{"here"}},
		{2, sarifPhysical{sarifArtifact{"other%20a.json"}, sarifRegion{1, 1, 1, 3}}, &sarifText{"[there] (x)"}},
	}
	if diff := cmp.Diff(want, log.Runs[0].Results[0].RelatedLocations); diff != "" {
		t.Error(diff)
	}
}

// TestSARIFKeepsTheMostSevere checks that if there are more results than GitHub accepts, the
// least severe are left out, the report says so, and the others keep their order.
func TestSARIFKeepsTheMostSevere(t *testing.T) {
	var files []*File
	for i, counts := range []map[patchlint.Severity]int{
		{patchlint.Info: 300, patchlint.Warning: 200}, {patchlint.Error: 300}, {patchlint.Warning: 200, patchlint.Error: 100}, {patchlint.Info: 50}, {patchlint.Error: 1},
	} {
		file := findings(string(rune('a'+i)), counts)
		file.Root = file.Name
		files = append(files, file)
	}
	print := func(limit int) (list []string, notes []string) {
		var b strings.Builder
		p := newLimitedSARIF(newOutput(&b), Options{Version: "0.1.0", Note: func(text string) { notes = append(notes, text) }}, limit)
		for _, f := range files {
			if err := p.Print(f); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Close(Summary{}); err != nil {
			t.Fatal(err)
		}
		for _, f := range readSARIF(t, b.String()) {
			list = append(list, f.file+" "+f.message)
		}
		return list, notes
	}
	all, notes := print(1151)
	if len(all) != 1151 || notes != nil {
		t.Errorf("%d results, notes %q", len(all), notes)
	}
	kept := func(grave map[string]int) (want []string) {
		for _, message := range all {
			_, what, _ := strings.Cut(message, " ")
			severity, _, _ := strings.Cut(what, " ")
			if grave[severity] > 0 {
				grave[severity]--
				want = append(want, message)
			}
		}
		return want
	}
	for _, test := range []struct {
		limit                   int
		errors, warnings, infos int
	}{{1150, 401, 400, 349}, {900, 401, 400, 99}, {801, 401, 400, 0}, {500, 401, 99, 0}, {401, 401, 0, 0}, {400, 400, 0, 0}, {1, 1, 0, 0}} {
		got, notes := print(test.limit)
		if len(notes) != 1 || !strings.Contains(got[len(got)-1], notes[0]) || !strings.Contains(notes[0], fmt.Sprint(1151-test.limit, " findings are")) && test.limit != 1150 {
			t.Errorf("%d: notes %q", test.limit, notes)
		}
		if diff := cmp.Diff(kept(map[string]int{"error": test.errors, "warning": test.warnings, "info": test.infos}), got[:len(got)-1]); diff != "" {
			t.Errorf("%d: %s", test.limit, diff)
		}
	}
}

// TestSARIFFits checks that the limit is GitHub's, and that a report with that many results
// is below its 10 MB of gzip: judging by a sample or, in an exhaustive run, by all of them.
func TestSARIFFits(t *testing.T) {
	n := corpus.Size(1_500, 30_000)
	file := many(n/3, "\n")
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	text := printed(t, "sarif", Options{}, nil, file)
	if _, err := writer.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	if maxResults != 25_000 {
		t.Errorf("the limit is %d", maxResults)
	}
	got := readSARIF(t, text)
	if n > maxResults && len(got) != maxResults+1 || n <= maxResults && len(got) != n {
		t.Errorf("%d results of %d", len(got), n)
	}
	if packed.Len()/len(got) > 10_000_000/maxResults {
		t.Errorf("%d bytes for %d results", packed.Len(), len(got))
	}
}
