package lsp_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type item struct {
	Label, Detail, FilterText, SortText string
	InsertTextFormat                    int
	Tags                                []int
	Documentation                       struct{ Value string }
	TextEdit                            struct {
		Range   rng
		NewText string
	}
}

// marked returns a text without its mark "|", and where that was.
func marked(text string) (string, pos) {
	before, after, ok := strings.Cut(text, "|")
	if !ok {
		panic("no mark in " + text)
	}
	return before + after, pos{strings.Count(before, "\n"), len(before) - 1 - strings.LastIndex(before, "\n")}
}

// splice makes an edit in a text of one-byte characters.
func splice(text string, at rng, by string) string {
	lines := strings.SplitAfter(text, "\n")
	offset := func(p pos) (n int) {
		for _, line := range lines[:p.Line] {
			n += len(line)
		}
		return n + p.Character
	}
	return text[:offset(at.Start)] + by + text[offset(at.End):]
}

func (c *client) complete(file string, at pos) (items []item) {
	c.t.Helper()
	var list struct{ Items []item }
	c.call("textDocument/completion", map[string]any{"textDocument": map[string]any{"uri": file}, "position": at}, &list)
	return list.Items
}

// TestCompletion checks the items that are offered in text that is being typed, and
// the text after an item is chosen.
func TestCompletion(t *testing.T) {
	const (
		partner = `"@odata.type": "#microsoft.graph.complianceManagementPartner"`
		policy  = `{"@odata.type": "#microsoft.graph.deviceManagementConfigurationPolicy"`
		target  = `{` + partner + `, "iosEnrollmentAssignments": [{"target": {`
	)
	dir := t.TempDir()
	write(t, filepath.Join(dir, ".patchlint.yaml"), "types: [{files: given.json, type: user}]\n")
	c := start(t, "utf-8", dir)
	version := 0
	for _, test := range []struct {
		name, file, text string
		has, lacks       string // labels, separated by spaces
		choose, want     string // an item and the text after it
	}{
		{"a name in an empty place", "", "{" + partner + ", |}", "displayName iosOnboarded partnerState", "@odata.type id groupId", "iosOnboarded", "{" + partner + `, "iosOnboarded": }`},
		{"a name between quotation marks", "", "{" + partner + `, "|"}`, "displayName", "@odata.type", "displayName", "{" + partner + `, "displayName": }`},
		{"a name without its end", "", "{" + partner + ", \"par|\n}", "partnerState", "", "partnerState", "{" + partner + ", \"partnerState\": \n}"},
		{"a name that has a colon", "", "{" + partner + `, "par|": "new"}`, "partnerState", "", "partnerState", "{" + partner + `, "partnerState": "new"}`},
		{"a name without quotation marks", "", "{" + partner + `, par|}`, "partnerState", "", "partnerState", "{" + partner + `, "partnerState": }`},
		{"a name before others", "", "{\"|\n" + partner + `, "displayName": "x"}`, "partnerState", "displayName", "partnerState", "{\"partnerState\": \n" + partner + `, "displayName": "x"}`},
		{"a name where a comma is missing", "", "{" + partner + "\n\"|\n}", "partnerState", "", "", ""},
		{"names that are there are not offered", "", "{" + partner + `, "iosOnboarded": true, "|", "displayName": "x"}`, "androidOnboarded", "iosOnboarded displayName", "", ""},
		{"null is not offered for what is required", "", target + `"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": |`, "", "null", "", ""},
		{"null is not offered in a string", "", "{" + partner + `, "displayName": "|"}`, "", "null", "", ""},
		{"a member of an enumeration", "", "{" + partner + `, "partnerState": "|"}`, "enabled unresponsive", "true", "enabled", "{" + partner + `, "partnerState": "enabled"}`},
		{"a member of an enumeration in a value that breaks off", "", "{" + partner + ", \"partnerState\": \"en|}", "enabled", "", "enabled", "{" + partner + `, "partnerState": "enabled"}`},
		{"a member of an enumeration before a member", "", "{\"partnerState\": |\n" + partner + "}", "enabled", "", "enabled", "{\"partnerState\": \"enabled\",\n" + partner + "}"},
		{"a boolean", "", "{" + partner + `, "iosOnboarded": |}`, "true false", "null", "true", "{" + partner + `, "iosOnboarded": true}`},
		{"a boolean that was begun", "", "{" + partner + `, "iosOnboarded": t|, "displayName": "x"}`, "true false", "", "true", "{" + partner + `, "iosOnboarded": true, "displayName": "x"}`},
		{"a member of an enumeration at the start of another", "", "{" + partner + `, "partnerState": |"unknown", "displayName": "x"}`, "enabled", "", "enabled", "{" + partner + `, "partnerState": "enabled", "displayName": "x"}`},
		{"a boolean at the start of another", "", "{" + partner + `, "iosOnboarded": |true}`, "true false", "", "false", "{" + partner + `, "iosOnboarded": false}`},
		{"a value before another", "", "{" + partner + `, "partnerState":| "unknown"}`, "", "enabled", "", ""},
		{"a value before another without a line between", "", "{" + partner + `, "iosOnboarded":| true}`, "", "true false", "", ""},
		{"a collection before another", "", "{" + partner + `, "iosEnrollmentAssignments": |[]}`, "", "[]", "", ""},
		{"a target before another", "", `{` + partner + `, "iosEnrollmentAssignments": [{"target": |{}}]}`, "", "{ groupAssignmentTarget }", "", ""},
		{"null where it can be", "", "{" + partner + `, "displayName": |}`, "null", "", "null", "{" + partner + `, "displayName": null}`},
		{"a collection", "", "{" + partner + `, "iosEnrollmentAssignments": |}`, "[]", "null", "", ""},
		{"an element", "", "{" + partner + `, "iosEnrollmentAssignments": [|]}`, "{ complianceManagementPartnerAssignment }", "null", "", ""},
		{"the type of a target", "", target + `"@odata.type": "|"}}]}`, "#microsoft.graph.groupAssignmentTarget #microsoft.graph.allLicensedUsersAssignmentTarget", "#microsoft.graph.complianceManagementPartner", "#microsoft.graph.groupAssignmentTarget", target + `"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": ""}}]}`},
		{"the type of a target that has what it requires", "", target + `"@odata.type": "|", "groupId": "1"}}]}`, "", "", "#microsoft.graph.groupAssignmentTarget", target + `"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "1"}}]}`},
		{"the type of a target as a name", "", target + `|`, "@odata.type", "groupId", "", ""},
		{"names of the type that is named", "", target + `"@odata.type": "#microsoft.graph.groupAssignmentTarget", "|`, "groupId", "@odata.type collectionId", "", ""},
		{"names of the type that is named behind", "", target + `"|", "@odata.type": "#microsoft.graph.groupAssignmentTarget"`, "groupId", "collectionId", "", ""},
		{"a target", "", `{` + partner + `, "iosEnrollmentAssignments": [{"target": |}]}`, "{ groupAssignmentTarget }", "", "{ groupAssignmentTarget }", `{` + partner + `, "iosEnrollmentAssignments": [{"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": ""}}]}`},
		{"behind faults of all kinds", "", `{"displayName" "x" "iosOnboarded": ,, ]` + partner + ` "|`, "partnerState", "iosOnboarded", "", ""},
		{"a file of another kind", "", `{"name": "x", "|"}`, "", "displayName partnerState", "", ""},
		{"a type in a file of another kind", "", `{"@odata.type": "#microsoft.graph.macOSGeneralDevice|"}`, "#microsoft.graph.macOSGeneralDeviceConfiguration", "#microsoft.graph.user", "#microsoft.graph.macOSGeneralDeviceConfiguration", `{"@odata.type": "#microsoft.graph.macOSGeneralDeviceConfiguration"}`},
		{"a type before the rest of another", "", `{"@odata.type": "#microsoft.graph.macOSGeneralDevice|Cfg"}`, "#microsoft.graph.macOSGeneralDeviceConfiguration", "", "", ""},
		{"a type whose name is the start of others", "", `{"@odata.type": "#microsoft.graph.compliance|"}`, "#microsoft.graph.compliance #microsoft.graph.complianceManagementPartner", "", "", ""},
		{"a type that is abstract", "", `{"@odata.type": "#microsoft.graph.deviceConfiguration|"}`, "#microsoft.graph.deviceConfigurationDeviceOverview", "#microsoft.graph.deviceConfiguration", "", ""},
		{"a type that no payload has", "", `{"@odata.type": "#microsoft.graph.Json|"}`, "", "#microsoft.graph.Json", "", ""},
		{"a type that requires a property", "", `{"@odata.type": "#microsoft.graph.groupAssignmentT|"}`, "", "", "#microsoft.graph.groupAssignmentTarget", `{"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": ""}`},
		{"a name in a related object", "", policy + `, "settings": [{"|"}]}`, "settingInstance", "", "", ""},
		{"a type in a related object", "", policy + `, "settings": [{"settingInstance": {"@odata.type": "|"}}]}`, "#microsoft.graph.deviceManagementConfigurationChoiceSettingInstance", "#microsoft.graph.user", "", ""},
		{"related objects, which a PATCH does not update", "", policy + `, "settings": |}`, "", "[] null", "", ""},
		{"one related object, which a PATCH does not update", "", `{"@odata.type": "#microsoft.graph.user", "manager": |}`, "", "{ user }", "", ""},
		{"a related object", "", policy + `, "settings": [|]}`, "{ deviceManagementConfigurationSetting }", "null", "", ""},
		{"the name of a type in a dynamic property", "", `{"@odata.type": "#microsoft.graph.group", "custom": {"@|"}}`, "@odata.type", "displayName", "", ""},
		{"a type in a dynamic property", "", `{"@odata.type": "#microsoft.graph.group", "custom": [{"@odata.type": "#microsoft.graph.timeZoneBas|"}]}`, "#microsoft.graph.timeZoneBase", "", "", ""},
		{"a name in a dynamic property", "", `{"@odata.type": "#microsoft.graph.group", "custom": [{"@odata.type": "#microsoft.graph.timeZoneBase", "|"}]}`, "name", "displayName", "", ""},
		{"the name of a type that is there", "", `{"@odata.type": "#microsoft.graph.group", "custom": {"@odata.type|": "#microsoft.graph.timeZoneBase"}}`, "name", "", "", ""},
		{"a name in an object in a file of another kind", "", `{"devDependencies": {"@|"}}`, "", "@odata.type", "", ""},
		{"the name of a type in a file of another kind", "", `{"@o|"}`, "@odata.type", "displayName", "", ""},
		{"a property of any type", "", `{"@odata.type": "#microsoft.graph.user", "account|"}`, "accountEnabled", "iosOnboarded", "accountEnabled", `{"@odata.type": "#microsoft.graph.user", "accountEnabled": }`},
		{"a member of several", "", `{"@odata.type": "#microsoft.graph.androidDeviceOwnerImportedPFXCertificateProfile", "subjectAlternativeNameType": "emailAddress,us|"}`, "userPrincipalName", "", "userPrincipalName", `{"@odata.type": "#microsoft.graph.androidDeviceOwnerImportedPFXCertificateProfile", "subjectAlternativeNameType": "emailAddress,userPrincipalName"}`},
		{"a member after a space", "", policy + `, "technologies": "mdm, microsoft|"}`, "microsoftSense", "mdm unknownFutureValue", "microsoftSense", policy + `, "technologies": "mdm, microsoftSense"}`},
		{"a member before others", "", `{"@odata.type": "#microsoft.graph.androidDeviceOwnerImportedPFXCertificateProfile", "subjectAlternativeNameType": "us|,emailAddress"}`, "userPrincipalName", "emailAddress", "userPrincipalName", `{"@odata.type": "#microsoft.graph.androidDeviceOwnerImportedPFXCertificateProfile", "subjectAlternativeNameType": "userPrincipalName,emailAddress"}`},
		{"inside a comment", "a.jsonc", "{" + partner + ", // |\n}", "", "displayName", "", ""},
		{"behind a comment", "a.jsonc", "{" + partner + ", // \"displayName\n |}", "displayName", "", "", ""},
		{"a record", "a.ndjson", "{" + partner + ", \"iosOnboarded\": true}\n{" + partner + ", \"|\n{\"x\": 1}\n", "iosOnboarded", "", "", ""},
		{"a request", "a.http", "PATCH https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/1\n\n{\"|\n", "iosOnboarded windowsOnboarded", "", "iosOnboarded", "PATCH https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/1\n\n{\"iosOnboarded\": \n"},
		{"a request that breaks off on an earlier line", "a.http", "PATCH https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/1\n\n{\n  \"displayName\": \"x\",\n  |\n\n###\nGET /me\n", "iosOnboarded", "displayName", "", ""},
		{"behind a request", "a.http", "PATCH https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/1\n\n{}\n|\n###\nGET /me\n", "", "iosOnboarded", "", ""},
		{"a request of v1.0", "a.http", "GET /me\n###\nPATCH https://graph.microsoft.com/v1.0/deviceManagement/complianceManagementPartners/1\n\n{\"displayName\": {{name}}, \"|\"}\n", "iosOnboarded", "windowsOnboarded displayName", "", ""},
		{"a head of a request", "a.http", "PATCH https://graph.micro|soft.com/beta/deviceManagement/complianceManagementPartners/1\n\n{}\n", "", "iosOnboarded", "", ""},
		{"a batch", "", `{"requests": [{"id": "1", "method": "PATCH", "url": "/deviceManagement/complianceManagementPartners/1", "body": {"|"}}]}`, "iosOnboarded", "requests", "", ""},
		{"a batch that may be another service's", "", `{"requests": [{"id": "1", "method": "PATCH", "url": "/users/1", "body": {"|"}}]}`, "", "accountEnabled", "", ""},
		{"a batch whose file has a type", "given.json", `{"requests": [{"id": "1", "method": "PATCH", "url": "/users/1", "body": {"|"}}]}`, "accountEnabled", "requests", "", ""},
		{"a batch that goes to Graph", "a.http", "POST https://graph.microsoft.com/v1.0/$batch\n\n{\"requests\": [{\"id\": \"1\", \"method\": \"PATCH\", \"url\": \"/users/1\", \"body\": {\"|\"}}]}\n", "accountEnabled", "requests", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			name := test.file
			if name == "" {
				name = "a.json"
			}
			file := uri(filepath.Join(dir, name))
			text, at := marked(test.text)
			version++
			c.open(file, "json", text)
			items := make(map[string]item)
			for _, i := range c.complete(file, at) {
				items[i.Label] = i
			}
			labels := func(text string) []string {
				if strings.Contains(text, "{") {
					return []string{text}
				}
				return strings.Fields(text)
			}
			for _, label := range labels(test.has) {
				if _, ok := items[label]; !ok {
					t.Errorf("%s is not offered", label)
				}
			}
			for _, label := range labels(test.lacks) {
				if _, ok := items[label]; ok {
					t.Errorf("%s is offered", label)
				}
			}
			if test.choose != "" {
				edit := items[test.choose].TextEdit
				if diff := cmp.Diff(test.want, splice(text, edit.Range, edit.NewText)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
		})
	}
}

// TestSnippets checks the items for a client that supports snippets: tabstops mark where
// to continue, and characters with a meaning in snippets are escaped.
func TestSnippets(t *testing.T) {
	const partner = `"@odata.type": "#microsoft.graph.complianceManagementPartner"`
	dir := t.TempDir()
	c := connect(t)
	can := capabilities("utf-8")
	can["textDocument"].(map[string]any)["completion"] = map[string]any{"completionItem": map[string]any{"snippetSupport": true}}
	c.call("initialize", map[string]any{"capabilities": can, "rootUri": uri(dir)}, nil)
	const group = `"@odata.type": "#microsoft.graph.groupAssignmentTarget"`
	for _, test := range []struct{ text, choose, want string }{
		{`{` + partner + `, |}`, "iosOnboarded", `"iosOnboarded": $1`},
		{`{` + partner + `, |}`, "displayName", `"displayName": "$1"`},
		{`{` + partner + `, |}`, "iosEnrollmentAssignments", `"iosEnrollmentAssignments": [$1]`},
		{"{|\n" + partner + `}`, "displayName", `"displayName": "$1",`},
		{`{` + partner + `, "par|": 1}`, "partnerState", `"partnerState"`},
		{`{` + partner + `, "iosEnrollmentAssignments": [{"target": |}]}`, "{ groupAssignmentTarget }", `{` + group + `, "groupId": "$1"\}`},
		{`{` + partner + `, "iosEnrollmentAssignments": [{"target": {"@odata.type": "|"}}]}`, "#microsoft.graph.groupAssignmentTarget", `"#microsoft.graph.groupAssignmentTarget", "groupId": "$1"`},
		{`{` + partner + `, "iosEnrollmentAssignments": [{|}]}`, "target", `"target": {$1\}`},
		{`{` + partner + `, "partnerState": |}`, "enabled", `"enabled"`},
		{`{` + partner + `, "displayName": |}`, "null", `null`},
	} {
		file := uri(filepath.Join(dir, "a.json"))
		text, at := marked(test.text)
		c.open(file, "json", text)
		offered := false
		for _, i := range c.complete(file, at) {
			if i.Label != test.choose {
				continue
			}
			offered = true
			format := 1
			if strings.Contains(test.want, "$") {
				format = 2
			}
			if i.TextEdit.NewText != test.want || i.InsertTextFormat != format {
				t.Errorf("%s: %q in format %d, want %q in %d", test.text, i.TextEdit.NewText, i.InsertTextFormat, test.want, format)
			}
		}
		if !offered {
			t.Errorf("%s: %s is not offered", test.text, test.choose)
		}
	}
}
