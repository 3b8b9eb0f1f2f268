package patchlint_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
)

// TestNotJSON parses texts that are in another format, or have parts of one left in them,
// and checks that a single finding says so at the right position.
func TestNotJSON(t *testing.T) {
	object := `{"@odata.type": "#microsoft.graph.complianceManagementPartner", "iosOnboarded": true}`
	for _, c := range []struct{ name, src, at, want string }{
		{"conflict", "{\n<<<<<<< HEAD\n  \"a\": 1\n=======\n  \"a\": 2\n>>>>>>> other\n}", "<<<<<<< HEAD", "git conflict marker"},
		{"conflict after a value", "{\r\n  \"a\": 1\r\n<<<<<<< HEAD\r\n  ,\"b\": 1\r\n=======\r\n>>>>>>> x\r\n}", "<<<<<<< HEAD", "git conflict marker"},
		{"conflict of the whole", "<<<<<<< HEAD\n{}\n=======\n[]\n>>>>>>> other\n", "<<<<<<< HEAD", "git conflict marker"},
		{"conflict half resolved", "{\n  \"a\": 1,\n=======\n  \"a\": 2\n}", "=======", "git conflict marker"},
		{"end of a conflict", "{\n  \"a\": 1\n>>>>>>> topic\n}", ">>>>>>> topic", "git conflict marker"},
		{"conflict with the base", "{\n  \"a\": 1,\n||||||| 1f3a\n  \"b\": 2\n}", "||||||| 1f3a", "git conflict marker"},
		{"YAML", "displayName: Contoso\niosOnboarded: true\n", "displayName: Contoso", "looks like YAML"},
		{"YAML with a document start", "---\ndisplayName: x\n", "---", "looks like YAML"},
		{"YAML list", "- displayName: x\n", "- displayName: x", "looks like YAML"},
		{"YAML after a comment", "# partners\n\n\"@odata.type\": \"#x\"\niosOnboarded: true\n", "# partners", "looks like YAML"},
		{"HTML", "<!DOCTYPE html>\n<html></html>", "<!DOCTYPE html>", "HTML page"},
		{"HTML without a doctype", "\ufeff<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n", "<html>", "HTML page"},
		{"XML", "<?xml version=\"1.0\"?>\n<a/>", "<?xml version=\"1.0\"?>", "looks like XML"},
		{"XML without a declaration", "<partner id=\"1\"><ios>true</ios></partner>", "<partner id=\"1\"><ios>true</ios></partner>", "looks like XML"},
		{"hashtable", "@{\n  iosOnboarded = $true\n}", "@{", "looks like PowerShell"},
		{"hashtable in a variable", "$body = @{ a = 1 }", "$body = @{ a = 1 }", "looks like PowerShell"},
		{"ordered hashtable", "[ordered]@{ a = 1 }", "[ordered]@{ a = 1 }", "looks like PowerShell"},
		{"setting", "new-user = 1", "new-user = 1", "looks like TOML"},
		{"variable", "$body | ConvertTo-Json", "$body | ConvertTo-Json", "looks like PowerShell"},
		{"command with an argument", "Remove-MgUser -UserId x", "Remove-MgUser -UserId x", "looks like PowerShell"},
		{"command", "Get-MgGroup | ConvertTo-Json", "Get-MgGroup | ConvertTo-Json", "looks like PowerShell"},
		{"Format-List", "displayName  : Contoso\niosOnboarded : True\n", "displayName  : Contoso", "list output of PowerShell"},
		{"module", "module.exports = {a: 1}", "module.exports = {a: 1}", "looks like JavaScript"},
		{"ES module", "export default {a: 1};", "export default {a: 1};", "looks like JavaScript"},
		{"TOML", "[partner]\nios = true\n", "[partner]", "looks like TOML"},
		{"INI", "; partners\nios=1\n", "; partners", "looks like TOML or INI"},
		{"HCL", "resource \"x\" \"y\" {\n  a = 1\n}", "resource \"x\" \"y\" {", "looks like HCL"},
		{"Python", "{'iosOnboarded': True}", "{'iosOnboarded': True}", "Python dict"},
		{"Base64", base64.StdEncoding.EncodeToString([]byte(object)), base64.StdEncoding.EncodeToString([]byte(object)), "Base64"},
		{"escaped quotation marks", `{\"iosOnboarded\": true}`, `{\"iosOnboarded\": true}`, "quotation marks are escaped"},
		{"no braces", "\"iosOnboarded\": true,\n\"displayName\": \"x\"\n", "\"iosOnboarded\": true,", "members without an object"},
		{"code block", "```json\n{}\n```", "```json", "Markdown"},
		{"response", "HTTP/1.1 200 OK\n\n{}", "HTTP/1.1 200 OK", "saved HTTP response"},
		{"request", "PATCH /beta/x HTTP/1.1\n\n{}", "PATCH /beta/x HTTP/1.1", "HTTP request"},
		{"LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "version https://git-lfs.github.com/spec/v1", "Git LFS"},
		{"patch", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n", "--- a/x", "looks like a patch"},
		{"gzip", "\x1f\x8b\x08\x01", "\x1f\x8b\x08\x01", "compressed"},
		{"token", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "JSON Web Token"},
		{"placeholder of Octopus", `{"iosOnboarded": #{ios}}`, "#{ios}", "placeholder"},
		{"placeholder of Replace Tokens", `{"iosOnboarded": #{ios}#}`, "#{ios}#", "placeholder"},
		{"placeholder of Mustache", `{"iosOnboarded": {{ ios }}}`, "{{ ios }}", "placeholder"},
		{"placeholder of cmd", `{"iosOnboarded": %IOS%}`, "%IOS%", "placeholder"},
		{"placeholder of a shell", `{"iosOnboarded": ${IOS}}`, "${IOS}", "placeholder"},
		{"placeholder of Azure DevOps", `{"a": [$(list)]}`, "$(list)", "placeholder"},
		{"placeholder in underscores", `{"iosOnboarded": __IOS__}`, "__IOS__", "placeholder"},
		{"placeholder in angle brackets", `{"iosOnboarded": <true or false>}`, "<true or false>", "placeholder"},
		{"list of placeholders", `{"a": [[ios]]}`, "[[ios]]", "placeholder"},
		{"empty", "", "", "the text is empty"},
		{"white space", " \r\n\t", "", "the text is empty"},

		// JSON that is only broken, and text in an unknown format.
		{"broken", `{"a" 1}`, "1", `expected ":"`},
		{"unquoted name", `{a: 1}`, "a", "double quotes"},
		{"single quotes", `{'a': 1}`, "'", "double quotes"},
		{"list of a word", "[abc]\n", "abc", "in double quotes"},
		{"heading", "{\"a\": 1,\n  =======\n}", "=", "expected a member name"},
		{"text", "no such host", "no", "in double quotes"},
		{"angle", `{"a": < 1}`, "<", "expected a JSON value"},
		{"spelling", `{"a": True}`, "True", "write true"},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, err := patchlint.Parse([]byte(c.src), patchlint.JSON)
			if err == nil {
				t.Fatal("it parses")
			}
			var said []string
			for _, f := range doc.Faults() {
				if f.Rule != "json-encoding" { // a byte order mark
					said = append(said, c.src[f.Span.Start:f.Span.End], f.Message)
				}
			}
			if diff := cmp.Diff(2, len(said)); diff != "" || said[0] != c.at || !strings.Contains(said[1], c.want) {
				t.Errorf("%q, want %q and %q", said, c.at, c.want)
			}
		})
	}
}
