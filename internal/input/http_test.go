package input_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/input"
)

const path42 = "/beta/deviceManagement/complianceManagementPartners/42"

// folder holds the files next to a file by name.
type folder map[string]string

func (f folder) open(name string) (string, io.ReadCloser, error) {
	text, ok := f[name]
	switch {
	case !ok:
		return "", nil, errors.New("no such file")
	case text == "excluded":
		return name, nil, nil
	}
	return "dir/" + name, io.NopCloser(strings.NewReader(text)), nil
}

// requests renders how the requests of a file are read, one per line.
func requests(t *testing.T, src string, files map[string]string) (lines []string) {
	t.Helper()
	r := input.Reader{Limit: 1000}
	for p, err := range r.Read("a.http", strings.NewReader(src), folder(files).open) {
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case p.Skip.Reason != "":
			line := "skipped: " + p.Skip.Reason
			if p.Skip.Important {
				line += "!"
			}
			lines = append(lines, line)
			continue
		case p.Media:
			lines = append(lines, "media")
		case p.ExternalBody:
			lines = append(lines, "request")
		default:
			line := p.Name + " " + string(p.Document.Source())
			if p.Addressed {
				line = p.Endpoint.Key + line
			}
			lines = append(lines, line)
		}
		doc, notes := p.InFile(nil, p.Notes)
		for _, d := range notes {
			line, _ := doc.Position(d.Span.Start)
			lines = append(lines, fmt.Sprintf("%s %v %q", d.Severity, line, d.Message))
		}
	}
	return lines
}

// TestHosts checks which requests are for Graph.
func TestHosts(t *testing.T) {
	const (
		ours     = `42 {}`
		shown    = ` {}` // its body tells
		noUpdate = "skipped: only updates, new objects and batches are checked"
		path     = "skipped: the URL does not address a known resource"
	)
	other := func(host string) string { return "skipped: " + host + " is not a host of Microsoft Graph!" }
	for request, want := range map[string]string{
		"PATCH https://graph.microsoft.com" + path42:             ours,
		"PATCH https://GRAPH.microsoft.com:443" + path42:         ours,
		"PATCH https://graph.microsoft.com./beta/users/42":       ours,
		"PATCH https://graph.microsoft.us" + path42:              ours,
		"PATCH https://dod-graph.microsoft.us" + path42:          ours,
		"PATCH https://microsoftgraph.chinacloudapi.cn" + path42: ours,
		"PATCH graph.microsoft.com" + path42:                     ours,
		"PATCH graph.microsoft.com/beta/users/42?x=a://b":        ours,
		"PATCH " + path42: ours,
		"PATCH " + path42 + "\nHost: graph.microsoft.us":                       ours,
		"PATCH beta/deviceManagement/complianceManagementPartners/42":          ours,
		"PATCH v1.0/deviceManagement/complianceManagementPartners/42":          ours,
		"PATCH {{host}}" + path42:                                              ours,
		"PATCH https://{{host}}" + path42:                                      ours,
		"PATCH https://{{tenant}}.example.com" + path42:                        ours,
		"PATCH http://localhost:3000" + path42:                                 ours,
		"PATCH http://graph.localhost" + path42:                                ours,
		"PATCH http://127.0.0.1" + path42:                                      ours,
		"PATCH http://[::1]:8080" + path42:                                     ours,
		"PATCH http://wiremock:8080" + path42:                                  ours,
		"PUT https://graph.microsoft.com" + path42:                             ours,
		"MERGE https://graph.microsoft.com" + path42:                           ours,
		"POST https://graph.microsoft.com" + path42 + "\nX-HTTP-Method: PATCH": ours,
		"POST https://graph.microsoft.com" + path42 + "?_method=PATCH#x":       ours,
		"PATCH https://api.example.com" + path42:                               other("api.example.com"),
		"PATCH https://graph.microsoft.com.example.com" + path42:               other("graph.microsoft.com.example.com"),
		"PATCH https://graph.microsoft.com@example.com" + path42:               other("example.com"),
		"PATCH https://example.com/https://graph.microsoft.com" + path42:       other("example.com"),
		"PATCH https://8.8.8.8" + path42:                                       other("8.8.8.8"),
		`PATCH https://example.com\@graph.microsoft.com` + path42:              other("example.com"),
		"PATCH " + path42 + "\nHost: api.example.com":                          other("api.example.com"),
		"PATCH https://api.example.com/users/42":                               "skipped: api.example.com is not a host of Microsoft Graph",
		"PATCH https://graph.microsoft.com/beta/users/42":                      ours,
		"PATCH https://graph.microsoft.com" + path42 + "/displayName":          path + "!",
		"PATCH {{graph}}/users/{{id}}":                                         shown,
		"PATCH {{host}}/beta/users/42":                                         ours,
		"PATCH {{host}}/users/42":                                              shown,
		"PATCH http://localhost:3000/users/42":                                 path,
		"PATCH https://graph.microsoft.com/beta/nosuchset/42":                  path + "!",
		"PUT https://graph.microsoft.com/beta/users/42/manager/$ref":           path,
		"POST https://graph.microsoft.com/beta/users":                          shown,
		"POST https://graph.microsoft.com/beta/users/42":                       noUpdate,
		"POST https://graph.microsoft.com/beta/riskyUsers/dismiss":             noUpdate,
		"POST https://graph.microsoft.com/beta/me/sendMail":                    noUpdate,
		"PATCH /x":                    path,
		"PATCH {{url}}":               shown,
		"PATCH {{graph}}/{{version}}": shown,
		"PATCH {{base}}/complianceManagementPartners/{{id}}":                                  shown,
		"PATCH {{partners}}/8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a":                             shown,
		"PATCH https://graph.microsoft.com/beta/deviceManagement/{{x}}/1":                     shown,
		"GET https://graph.microsoft.com" + path42:                                            noUpdate,
		"DELETE https://graph.microsoft.com" + path42:                                         noUpdate,
		"POST https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners": shown,
		"https://graph.microsoft.com" + path42:                                                noUpdate,
		"POST https://graph.microsoft.com/beta/users\nContent-Type: text/plain":               shown,
		"PATCH https://graph.microsoft.com" + path42 + "\nContent-Type: text/plain":           ours,
	} {
		if diff := cmp.Diff([]string{want}, requests(t, request+"\n\n{}\n", nil)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", request, diff)
		}
	}
}

// TestMedia checks that a body of a new object that is not JSON, such as a message in MIME,
// is not read as JSON.
func TestMedia(t *testing.T) {
	const (
		pages    = "POST https://graph.microsoft.com/v1.0/me/onenote/sections/1/pages\nContent-Type: "
		messages = "POST https://graph.microsoft.com/v1.0/me/messages\nContent-Type: "
		partners = "POST https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners\nContent-Type: "
	)
	for src, want := range map[string]string{
		pages + "text/html\n\n<html></html>":                            "media",
		pages + "application/xhtml+xml\n\n<html></html>":                "media",
		pages + "text/html; charset\n\n<html></html>":                   "media",
		pages + "Multipart/Form-Data; boundary=b\n\n--b\n\n{}\n--b--":   "media",
		"@type = text/html\n" + pages + "{{type}}\n\n< page.html":       "media",
		messages + "text/plain\n\nRnJvbTogYUBiLmM=":                     "media",
		messages + "text/plain\n\n< message.eml":                        "media",
		messages + "text/plain":                                         " ",
		messages + "text/plain\n\n< message.json":                       "request",
		pages + "text/html\n\n{}":                                       " {}",
		pages + "text/html\n\n# a comment\n// another\n{}":              " \n\n{}",
		pages + "text/html\nContent-Type: application/json\n\nx":        " x",
		pages + "{{type}}\n\nx":                                         " x",
		pages + "application/vnd.contoso+json;odata.metadata=none\n\nx": " x",
		pages + "\n\nx":                                                                    " x",
		partners + "text/plain\n\nx":                                                       " x",
		partners + "text/json\n\nx":                                                        " x",
		partners + "application/json; charset\n\nx":                                        " x",
		partners + "application/json, application/json\n\nx":                               " x",
		partners + "\"application/json\"\n\nx":                                             " x",
		partners + "text/html\n\n< ./body.json":                                            "request",
		partners + "text/html\n\n< ./BODY.JSONC":                                           "request",
		"PATCH https://graph.microsoft.com" + path42 + "\nContent-Type: text/html\n\n<x/>": "42 <x/>",
	} {
		if got := requests(t, src, nil); got[0] != want {
			t.Errorf("%q is %q, want %q", src, got[0], want)
		}
	}
}

// TestBodies checks that a body in its own file is read, or reported as unchecked.
func TestBodies(t *testing.T) {
	const patch = "PATCH https://graph.microsoft.com" + path42 + "\n\n"
	files := map[string]string{
		"./a.json": `{"a": "{{v}}"}`, "ä.json": `{"a": 1}`, "utf8.json": `{"ä": 1}`, "large.json": `"` + strings.Repeat("x", 2000) + `"`, "out.json": "excluded", "v.json": `{}`,
	}
	for _, test := range []struct {
		src  string
		want []string
	}{
		{patch + "< ./a.json\n", []string{"request", `42dir/./a.json {"a": "{{v}}"}`}},
		{patch + "<\t./a.json  \r\n\r\n", []string{"request", `42dir/./a.json {"a": "{{v}}"}`}},
		{"@v = 7\n" + patch + "< ./a.json\n", []string{"request", `42dir/./a.json {"a": "{{v}}"}`}},
		{"@v = 7\n" + patch + "<@ ./a.json\n", []string{"request", `42dir/./a.json {"a": "7"}`}},
		{"@v = 7\n" + patch + "<@UTF-8 ./a.json\n", []string{"request", `42dir/./a.json {"a": "7"}`}},
		{"@v = 7\n" + patch + "<@utf8 ./a.json\n", []string{"request", `42dir/./a.json {"a": "7"}`}},
		{"@name = v\n" + patch + "< {{name}}.json\n", []string{"request", `42dir/v.json {}`}},
		{patch + "// the body\n< ä.json\n\n> {%\n client.log(1)\n%}\n<> answer.json\n", []string{"request", `42dir/ä.json {"a": 1}`}},
		{"# @name first\n// @no-log\n" + patch + "< v.json\n###\n" + patch + "< v.json\n", []string{"request", `42dir/v.json {}`, "request", `42dir/v.json {}`}},
		{"POST https://graph.microsoft.com/beta/$batch\n\n< v.json", []string{"request", `dir/v.json {}`}},
		{patch + "< large.json\n", []string{"request", `42dir/large.json "` + strings.Repeat("x", 999)}},
		{patch + "< out.json\n", []string{"request"}},
		{patch + "< none.json\n", []string{"request", `error 3 "the body was not checked: \"none.json\": no such file"`}},
		{patch + "< {{file}}\n", []string{"request", `warning 3 "the body was not checked: \"{{file}}\" is a file name only once its variables are replaced, when the request is sent"`}},
		{patch + "<@latin1 utf8.json\n", []string{"request", `warning 3 "the body was not checked: \"utf8.json\" is included as \"latin1\", but only UTF-8 is read"`}},
		{patch + "<@utf16le ./a.json\n", []string{"request", `warning 3 "the body was not checked: \"./a.json\" is included as \"utf16le\", but only UTF-8 is read"`}},
		{patch + "{\"a\":\n< ./a.json\n}", []string{"request", `warning 4 "the body was not checked: only a part of it is in this file"`}},
		{patch + "< ./a.json\n< ./a.json\n", []string{"request", `warning 3 "the body was not checked: only a part of it is in this file"`}},
		{"PATCH {{url}}\n\n< v.json\n", []string{"request", "dir/v.json {}"}},
		{"PATCH {{url}}\n\n< none.json\n", []string{"request"}},
		{"PATCH https://api.example.com/x\n\n< none.json\n", []string{"skipped: api.example.com is not a host of Microsoft Graph"}},
		{patch + "<> answer.json\n", []string{"42 "}},
		{patch + "<not>a file</not>\n", []string{"42 <not>a file</not>"}},
	} {
		if diff := cmp.Diff(test.want, requests(t, test.src, files)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.src, diff)
		}
	}
	r := input.Reader{Limit: 1000}
	for p, err := range r.Read("a.http", strings.NewReader(patch+"< ./a.json\n"), nil) {
		if err != nil || !p.ExternalBody || len(p.Notes) != 1 || p.Notes[0].Severity != patchlint.Warning {
			t.Errorf("without other files: %v, %v", p.Notes, err)
		}
	}
}

// TestUnknownParts checks that a warning says that a body whose form depends on an
// unknown variable is not checked.
func TestUnknownParts(t *testing.T) {
	const (
		patch    = "PATCH https://graph.microsoft.com" + path42 + "\n\n"
		included = "PATCH https://graph.microsoft.com" + path42 + "\n\n<@ a.json"
	)
	note := func(line int, variable string) string {
		return fmt.Sprintf(`warning %d "the body was not checked: \"%s\" can be any part of it, and is known only when the request is sent; to check it, set the variable in this file"`, line, variable)
	}
	for _, test := range []struct {
		src, file string
		want      []string
	}{
		{patch + "{{body}}", "", []string{"42 null", note(3, "{{body}}")}},
		{patch + "{\"a\": 1,\n{{rest}} }", "", []string{"42 {\"a\": 1,\nnull }", note(4, "{{rest}}")}},
		{patch + "{}\n\n{{ more }}", "", []string{"42 {}\n\nnull", note(5, "{{ more }}")}},
		{patch + "{{before}}{}", "", []string{"42 null{}", note(3, "{{before}}")}},
		{patch + "{\"a\": {{value}}, \"{{name}}\": [{{element}}]}", "", []string{`42 {"a": null, "{{name}}": [null]}`}},
		{patch + "{\"a\": 1,}{{more}}", "", []string{`42 {"a": 1,}null`}}, // invalid in any case
		{"POST https://graph.microsoft.com/beta/$batch\n\n{\"requests\": {{all}}}", "", []string{` {"requests": null}`, note(3, "{{all}}")}},
		{"POST https://graph.microsoft.com/beta/$batch\n\n{\"requests\": [{{one}},\n{\"url\": {{url}}, \"body\": {{body}}}, {\"body\": null}]}", "",
			[]string{" {\"requests\": [null,\n{\"url\": null, \"body\": null}, {\"body\": null}]}", note(3, "{{one}}")}},
		{"POST https://graph.microsoft.com/beta/$batch\n\n{\"requests\": [{\"url\": {{url}}, \"body\": {{body}}}]}", "",
			[]string{` {"requests": [{"url": null, "body": null}]}`, note(3, "{{body}}")}},
		{"@body = {}\n" + patch + "{{body}}", "", []string{"42 {}"}},
		{"@body = {\"a\": {{value}}, \"b\": \"{{name}}\"}\n" + patch + "{{body}}", "", []string{`42 {"a": null, "b": "{{name}}"}`}},
		{"@body = {\"a\": {{value}}, \"b\": [{{x}} , {{y}} ]}\n" + patch + "[{{body}}]", "", []string{`42 [{"a": null, "b": [null , null ]}]`}},
		{"@members = \"a\": {{value}}, \"b\": 1\n" + patch + "{ {{members}}}", "", []string{`42 { "a": null, "b": 1}`}},
		{"@a = {{x}}5\n@b = -{{x}}\n@c = {{x}} {{y}}\n" + patch + "{\"a\": {{a}}, \"b\": {{b}}, \"c\": [{{c}}], \"d\": \"{{a}}\"}", "", []string{`42 {"a": null, "b": null, "c": [null], "d": "{{x}}5"}`}},
		{"@a = {{x}}5\n@b = {\"a\": {{a}}, \"b\": 1}\n" + patch + "{{b}}", "", []string{`42 {"a": null, "b": 1}`}},
		{"@a = \"x\", \"b\": {{x}}\"\n" + patch + "{\"a\": {{a}}, \"c\": \"d\"}", "", []string{`42 {"a": null, "c": "d"}`}},
		{"PATCH {{url}}\n\n{{body}}", "", []string{" null"}},
		{included, "{\"a\": 1,\n {{rest}} }", []string{"request", note(3, "{{rest}}"), "42dir/a.json {\"a\": 1,\n null }"}},
	} {
		if diff := cmp.Diff(test.want, requests(t, test.src, map[string]string{"a.json": test.file})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.src, diff)
		}
	}
}

// TestClients checks the other text that the clients of editors allow around a body.
func TestClients(t *testing.T) {
	const request = "PATCH https://graph.microsoft.com" + path42
	for _, src := range []string{
		request + "\n\n{}\n\n> {% client.log({\n}) %}\n>> out.json\n>>! out.json\n<> answer.json\n",
		"< ./before.js\n" + request + "\n{{headers}}\n\n{}\n",
		"< {%\n  x = {\"a\": 1}\n%}\n" + request + " HTTP/2 (Prior Knowledge)\n\n{}\n",
		"{{\n  exports.x = {\n    a: {b: {}},\n  };\n}}\n" + request + "\n\n{}\n\n{{\n  console.log(1)\n}}\n",
		request + "\n\x00/a\n\n{}\n",
		"  " + request + "\n  Content-Type: application/json\n\n  {}\n",
		"{{+after\n  GET /x\n}}\n" + request + "\n...headers\n\n{}\n\n?? status == 204\n?? js x == 1\n",
		request + "\n\n{}\n\nHTTP/1.1 200 OK\ncontent-type: application/json\n\n{\"a\": 1}\n",
	} {
		if diff := cmp.Diff([]string{"42 {}"}, requests(t, src, nil)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", src, diff)
		}
	}
}

// TestUnfilled checks that a placeholder in the URL is reported, unless it is a variable.
func TestUnfilled(t *testing.T) {
	const users = "PATCH https://graph.microsoft.com/beta/users/"
	note := func(line int, placeholder string) string {
		return fmt.Sprintf(`warning %d "\"%s\" in the URL is a placeholder that was not filled in; use the real id"`, line, placeholder)
	}
	for src, want := range map[string][]string{
		users + "{id}\n\n{}":                                  {"{id} {}", note(1, "{id}")},
		users + "%7Bid%7D?$select=x\n\n{}":                    {"{id} {}", note(1, "{id}")},
		users + "{{id}}\n\n{}":                                {" {}"},
		"@id = <your user id>\n" + users + "{{id}}\n\n{}":     {"<your user id> {}", note(2, "<your user id>")},
		"PATCH {{graph}}/users/a-{{id}}\n\n{}":                {" {}"},
		"PATCH {{graph}}/sites/root/lists/TODO/items/1\n\n{}": {"1 {}"},
	} {
		if diff := cmp.Diff(want, requests(t, src, nil)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", src, diff)
		}
	}
}

// TestScripts checks that a script hides no request, even if its end is missing.
func TestScripts(t *testing.T) {
	const request = "PATCH https://graph.microsoft.com" + path42 + "\n\n"
	for src, want := range map[string][]string{
		request + "{}\n\n{{\n" + request + "[]\n":                                          {"42 {}\n\n{{", "42 []"},
		request + "{}\n\n{{\n" + request + "{\"a\":{\n}}\n":                                {"42 {}\n\n{{", "42 {\"a\":{\n}}"},
		request + "{}\n{{\nx\n":                                                            {"42 {}\n{{\nx"},
		"{{@request\n  x()\n}} // x\n" + request + "{}\n\n{{\n  y()\n}}\n":                 {"42 {}"},
		"{{\n" + request + "{}\n\n{{response\n  y()\n}}\n> {%\n  x\n%}\n" + request + "[]": {"42 {}", "42 []"},
		request + "{}\n> {%\n  x()\n" + request + "[]\n> {% y() %}\n":                      {"42 {}", "42 []"},
		request + "{}\n>x {%\n%}\n":                                                        {"42 {}\n>x {%\n%}"},
		"< {%\n  x()\n" + request + "[]\n":                                                 {"42 []"},
		"< {%\n  x(`\nGET /y\n`)\n%}\n" + request + "[]\n":                                 {"42 []"},
	} {
		got := slices.DeleteFunc(requests(t, src, nil), func(line string) bool { return !strings.HasPrefix(line, "42") })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", src, diff)
		}
	}
}

// TestUnseparated checks that requests without a separator are told apart, and that
// a missing "###" or empty line before the body is reported.
func TestUnseparated(t *testing.T) {
	const (
		url     = "https://graph.microsoft.com" + path42
		all     = "https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners"
		missing = `a request line inside another request; add a line \"###\" before it"`
	)
	at := func(line int) string { return fmt.Sprintf("error %d \"%s", line, missing) }
	get := "skipped: only updates, new objects and batches are checked"
	for _, test := range []struct {
		src  string
		want []string
	}{
		{"PATCH " + url + "\n\n{}\n\nPATCH " + url + "\n\n[]\n", []string{"42 {}", "42 []", at(5)}},
		{"PATCH " + url + "\n\n{}\nGET " + url + "\n", []string{"42 {}", at(4), get}},
		{"PATCH " + url + "\n\n{}\nPATCH " + all + "\n\n{}\n", []string{"42 {}", " {}", at(4), `error 4 "an update changes one object, but this URL has no id; add it, as .../complianceManagementPartners/{id}"`}},
		{"GET " + url + "\n\nPATCH " + url + "\n\n{}\n", []string{get, "42 {}", at(3)}},
		{"GET " + url + "\n\nPATCH {{x}}\n\n{}\n", []string{get, " {}", at(3)}},
		{"GET " + url + "\nPATCH " + url + "\n\n{}\n", []string{get, "42 {}", at(2)}},
		{"PATCH " + url + "\n\n{\nput {{graph}}/x\n\n{}\n", []string{"42 {", at(4), "skipped: the URL does not address a known resource"}},
		{"PATCH " + url + "\n\n{}\n> {%\nGET /x\n%}\nPATCH /beta/x/1 HTTP/1.1\n\n{}", []string{"42 {}", at(7), "skipped: the URL does not address a known resource"}},
		{"PATCH " + url + "\n\n< a.json\nPATCH " + url + "\n\n{}", []string{"request", `error 3 "the body was not checked: \"a.json\": no such file"`, "42 {}", at(4)}},
		{"GET " + url + "\n\nGET " + url + "\n", []string{get, get}},
		{"PATCH " + url + "\nContent-Type: application/json\n {\n}\n", []string{"42 {\n}", `error 3 "the empty line between the headers and the body is missing"`}},
		{"POST https://example.com\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nPATCH " + url + "\n\n{}\n--b--\n", []string{get}},
		{"PATCH " + url + "\n\n{\"a\":\n\"PATCH https://x\"}\n", []string{"42 {\"a\":\n\"PATCH https://x\"}"}},
	} {
		if diff := cmp.Diff(test.want, requests(t, test.src, nil)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.src, diff)
		}
	}
}
