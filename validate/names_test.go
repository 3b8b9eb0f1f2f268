package validate_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint/validate"
)

const (
	sales     = "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"
	corporate = "5b2c1f0e-7d34-4a55-9c1b-2f6f0e9a8d71"
)

// TestNames checks the names that every form of a names file gives, and whether a
// further page is missing.
func TestNames(t *testing.T) {
	tests := map[string]struct {
		texts     []string
		sales     string
		corporate string
		continued bool
	}{
		"a response": {texts: []string{`{"@odata.context": "x#groups", "value": [{"id": "` + sales + `", "displayName": "Sales"}]}`}, sales: "Sales"},
		"a response after a byte order mark, with more than was asked for": {
			texts: []string{"\ufeff" + `{"value": [{"@odata.id": "x", "id": "` + sales + `", "groupTypes": [], "displayName": "Sales"}], "@odata.count": 1}`}, sales: "Sales"},
		"a response of Windows PowerShell": {texts: []string{`{"value": [{"Id": "` + strings.ToUpper(sales) + `", "DisplayName": "Sales"}], "Count": 1}`}, sales: "Sales"},
		"an array":                         {texts: []string{`[{"id": "` + sales + `", "displayName": "Sales"}, {"displayName": "Corp", "id": "` + corporate + `"}]`}, sales: "Sales", corporate: "Corp"},
		"an array of pages": {
			texts: []string{`[{"value": [{"id": "` + sales + `", "displayName": "Sales"}], "@odata.nextLink": "x"}, {"value": []}]`}, sales: "Sales"},
		"the only object of an array that PowerShell unrolled": {texts: []string{`{"Id": "` + sales + `", "DisplayName": "Sales"}`}, sales: "Sales"},
		"a map":                             {texts: []string{`{"$schema": "x", "@odata.context": 1, "` + sales + `": "Sales", "` + corporate + `": ""}`}, sales: "Sales"},
		"the later name":                    {texts: []string{`{"` + sales + `": "old"}`, `{"` + sales + `": "Sales"}`}, sales: "Sales"},
		"a name that no later text repeats": {texts: []string{`{"` + sales + `": "Sales"}`, `[{"id": "` + sales + `", "displayName": null}]`}, sales: "Sales"},
		"a first page":                      {texts: []string{`{"@odata.context": "x#groups", "@odata.nextLink": "x", "value": []}`}, continued: true},
		"a first page and one of another set": {
			texts: []string{`{"@odata.context": "x#groups", "@odata.nextLink": "x", "value": []}`, `{"@odata.context": "x#assignmentFilters", "value": []}`}, continued: true},
		"a credential in place of a name": {texts: []string{`{"` + sales + `": "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"}`}, sales: "***"},
		"nothing":                         {texts: []string{`{"value": []}`, `{"@odata.context": "x#groups", "value": []}`}},
	}
	for name, test := range tests {
		var names validate.Names
		for _, text := range test.texts {
			if _, err := names.Add([]byte(text)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got := names.Of(strings.ToUpper(sales)); got != test.sales {
			t.Errorf("%s: %q, want %q", name, got, test.sales)
		}
		if got := names.Of(corporate); got != test.corporate {
			t.Errorf("%s: %q, want %q", name, got, test.corporate)
		}
		if names.Continued() != test.continued {
			t.Errorf("%s: continued is %t", name, names.Continued())
		}
	}
	var none *validate.Names
	if none.Of(sales) != "" || none.Continued() {
		t.Error("nil has names")
	}
}

// TestNamesRefused checks that a file of another kind is refused, with the position, and
// that no message quotes it.
func TestNamesRefused(t *testing.T) {
	tests := map[string]string{
		``:                                 "1:1: not valid JSON (json-syntax)",
		`{"hunter2": "a", `:                "1:18: not valid JSON (json-syntax)",
		"\xff\xfe{\x00}\x00":               "1:1: the file is UTF-16 (little endian); save it as UTF-8",
		"{\"\xffhunter2\": \"a\"}":         "1:3: not valid JSON (json-encoding)",
		`{"hunter2": "a", "hunter2": "b"}`: "1:18: not valid JSON (json-duplicate-name)",
		"{}":                               "1:1: no names found; an empty export needs an @odata.context that shows what it lists",
		" [ ]":                             "1:2: no names found; an empty export needs an @odata.context that shows what it lists",
		`{"hunter2": "` + sales + `"}`:     "1:13: expected the name of an object, found an id; write each id as the name of a member, with the name of the object as its value",
		"// groups\n{}":                    "1:1: not valid JSON (json-syntax)",
		`"hunter2"`:                        "1:1: expected a Graph response, an array of objects with id and displayName, or an object with a name for each id; found a string",
		"[\n \"hunter2\"]":                 "2:2: expected an object with id and displayName, found a string",
		`{"error": {"x": "hunter2"}}`:      "1:11: expected the name of an object, found an object; names come from a response that lists groups or assignment filters, or from an object with a name for each id",
		`{"error": {"code": "Forbidden"}}`: "1:11: this is an error response from Graph (\"Forbidden\") and has no names; fix the cause and repeat the request",
		`{"error": {"code": "InvalidAuthenticationToken", "message": "Bearer c2VjcmV0LXRva2VuLWZvci10aGUtZG9jcw== has expired", "innerError": {"date": "hunter2"}}}`: "1:11: this is an error response from Graph (\"InvalidAuthenticationToken\": \"*** has expired\") and has no names; fix the cause and repeat the request",
		"[{\"value\": []},\n {\"error\": {\"code\": \"TooManyRequests\", \"message\": \"\"}}]":                                                                       "2:12: this is an error response from Graph (\"TooManyRequests\") and has no names; fix the cause and repeat the request",
		`{"displayName": "hunter2", "iosOnboarded": true}`:                                                                                                           "1:44: expected the name of an object, found a boolean; names come from a response that lists groups or assignment filters, or from an object with a name for each id",
		`{"value": [{"id": "hunter2"}]}`:                         "1:12: this object needs both id and displayName; export it with $select=id,displayName",
		`{"value": [{"id": 2, "displayName": "hunter2"}]}`:       "1:19: id must be a non-empty string",
		`[{"id": "", "displayName": "hunter2"}]`:                 "1:9: id must be a non-empty string",
		`[{"id": "é😀", "displayName": ["hunter2"]}]`:             "1:31: displayName must be a string or null, found an array",
		`{"value": [[{"id": "hunter2", "displayName": "a"}]]}`:   "1:12: expected an object with id and displayName, found an array",
		`[{"value": [{"value": [{"id": "hunter2"}]}]}]`:          "1:13: this object needs both id and displayName; export it with $select=id,displayName",
		`{"value": {"id": "hunter2", "displayName": "a"}}`:       "1:11: expected the name of an object, found an object; names come from a response that lists groups or assignment filters, or from an object with a name for each id",
		strings.Repeat("[", 1500) + strings.Repeat("]", 1500):    "1:1001: not valid JSON (json-limit)",
		`[{"id": "a", "displayName": "b"}] {"hunter2": "again"}`: "1:35: not valid JSON (json-syntax)",
	}
	for text, want := range tests {
		var names validate.Names
		_, err := names.Add([]byte(text))
		got := ""
		if err != nil {
			got = err.Error()
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%.100s (-want +got):\n%s", text, diff)
		}
	}
}
