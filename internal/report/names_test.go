package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/validate"
)

const pilot = "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"

// namesOf returns the names of one group.
func namesOf(t *testing.T, name string) *validate.Names {
	t.Helper()
	quoted := encode(name)
	names := new(validate.Names)
	if _, err := names.Add([]byte(fmt.Sprintf(`{"%s": %s}`, pilot, quoted))); err != nil {
		t.Fatal(err)
	}
	return names
}

// TestNamesInMessages checks where a message shows the name of an id: where the id is a
// separate word, in any case, and not where it is in the text of a value.
func TestNamesInMessages(t *testing.T) {
	names := namesOf(t, "MTD pilot")
	named := `"MTD pilot" (` + pilot + ")"
	for text, want := range map[string]string{
		pilot: named,
		"group " + strings.ToUpper(pilot) + " is":    `group "MTD pilot" (` + strings.ToUpper(pilot) + ") is",
		pilot + ", (" + pilot + "): " + pilot + ";":  named + ", (" + named + "): " + named + ";",
		`"` + pilot + `" is text`:                    `"` + pilot + `" is text`,
		pilot + "_" + pilot:                          pilot + "_" + pilot,
		"/groups/" + pilot:                           "/groups/" + pilot,
		pilot + "0":                                  pilot + "0",
		pilot[:35]:                                   pilot[:35],
		"group 1a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c": "group 1a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c",
		"": "",
	} {
		if diff := cmp.Diff(want, withNames(names, text)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

// TestNamesHostile checks that a name is text in every format, that formats for
// programs do not have it, and that the findings of the caller stay as they were.
func TestNamesHostile(t *testing.T) {
	doc, _ := patchlint.Parse([]byte(`{"a": 1}`), patchlint.JSON)
	message := "group " + pilot + " is both"
	file := &File{Name: "a.json", Root: "a.json", Document: doc, Findings: []patchlint.Diagnostic{{
		Rule: "conflicting-assignment", Severity: patchlint.Error, Pointer: "/a", Span: doc.Root().Member("a").Span(), Message: message,
		Related: []patchlint.Related{{Span: doc.Root().Span(), Message: "as " + pilot}},
	}}}
	for _, name := range hostileTexts {
		for _, format := range readable() {
			var summary strings.Builder
			file.Names = namesOf(t, name)
			text := printed(t, format, Options{Summary: &summary}, nil, file)
			harmless(t, format, text)
			if summary.Len() > 0 {
				readSummary(t, summary.String(), 1)
			}
			got := readers[format](t, text)
			if len(got) != 1 {
				t.Fatalf("%s, %q: %d findings in\n%s", format, name, len(got), text)
			}
			bare := strings.Contains(got[0].message, "group "+pilot+" is both")
			if bare != (format == "json" || format == "sarif" || format == "rdjson") || !bare && !strings.Contains(got[0].message, " ("+pilot+") is both") {
				t.Errorf("%s, %q: %q", format, name, got[0].message)
			}
		}
	}
	if file.Findings[0].Message != message || file.Findings[0].Related[0].Message != "as "+pilot {
		t.Error("the findings were changed")
	}
}
