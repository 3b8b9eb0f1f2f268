package schema_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// TestUnknownMessages checks the messages about names that are similar to others.
func TestUnknownMessages(t *testing.T) {
	for _, test := range []struct{ of, name, want string }{
		{"windows10CompliancePolicy", "ScheduledActionsForRule", `did you mean the navigation property "scheduledActionsForRule"?`},
		{"windows10CompliancePolicy", "scheduledActionForRule", `did you mean the navigation property "scheduledActionsForRule"?`},
		{"windows10CompliancePolicy", "assignment", `did you mean the navigation property "assignments"?`},
		{"windows10CompliancePolicy", "deviceStatuse", `did you mean the navigation property "deviceStatuses"?`},
		{"windows10CompliancePolicy", "osmaximumversion", `did you mean "osMaximumVersion"?`},
		{"windows10CompliancePolicy", "fleetOfShips", "Graph refuses unknown properties, so remove it, unless the service has added it since 2026-08-04"},
		{"androidManagedAppProtection", "displayname", `did you mean "displayName"?`},
		{"androidManagedAppProtection", "dsplayName", `did you mean "displayName"?`},
		{"complianceManagementPartner", "enrollmentAssignments", "did you mean one of macOsEnrollmentAssignments, androidEnrollmentAssignments, iosEnrollmentAssignments, linuxEnrollmentAssignments?"},
		{"accessReviewScope", "query", `write the "@odata.type" of the derived type that has it, one of accessReviewQueryScope, accessReviewReviewerScope`},
		{"azureADWindowsAutopilotDeploymentProfile", "hybridAzureADJoinSkipConnectivityCheck", "it is a property of activeDirectoryWindowsAutopilotDeploymentProfile; remove it here"},
		{"macOSLobApp", "identityVersion", "it is a property of windowsAppX, windowsMobileMSI, windowsPhone81AppX, windowsPhoneXAP, windowsUniversalAppX; remove it here"},
		{"conversationThread", "uid", `the nearest name that the object does not have yet is "id"; use it if it means the same`},
		{"conversationThread", "ID", `did you mean "id"?`},
	} {
		r, err := open(t, schema.Beta).Resource(test.of)
		if err != nil {
			t.Fatal(err)
		}
		found := r.Check(parse(t, fmt.Sprintf("{%q: 1}", test.name)).Root())
		if len(found) != 1 || !strings.Contains(found[0].Message, test.want) {
			t.Errorf("%s: %q, want %q", test.name, messages(found), test.want)
		}
	}
}

// TestTypeNames checks the messages about names of types in a namespace below that of Graph.
func TestTypeNames(t *testing.T) {
	m := open(t, schema.Beta)
	r, err := m.Resource("security.emailThreatSubmission")
	if err != nil {
		t.Fatal(err)
	}
	const want = `"#microsoft.graph.security.emailUrlThreatSubmission"`
	for _, test := range []struct {
		name, message string
		certain       bool
	}{
		{"#microsoft.graph.emailUrlThreatSubmission", "is not in the form that Graph uses; write " + want, true},
		{"emailUrlThreatSubmission", "is not in the form that Graph uses; write " + want, true},
		{"#microsoft.graph.identityGovernance.emailUrlThreatSubmission", "is not in the form that Graph uses; write " + want, false},
		{"#microsoft.graph.security.emailUrlThreatsubmission", "names are case-sensitive, did you mean " + want, true},
		{"#Microsoft.Graph.EmailUrlThreatSubmission", "names are case-sensitive, did you mean " + want, true},
		{"#graph.emailUrlThreatsubmission", "names are case-sensitive, did you mean " + want, true},
		{"#microsoft.graph.security.emailUrlThreatSubmision", "did you mean " + want, false},
		{"#contoso.emailUrlThreatSubmission", "is not in the form that Graph uses; write " + want, false},
		{"#contoso.emailUrlThreatsubmission", "names are case-sensitive, did you mean " + want, false},
		{"#microsoft.graph.contoso.emailUrlThreatsubmission", "names are case-sensitive, did you mean " + want, false},
		{"#microsoft.graph.identityGovernance.emailUrlThreatsubmission", "names are case-sensitive, did you mean " + want, false},
		{"contoso.com/#microsoft.graph.emailUrlThreatSubmission", "is not in the form that Graph uses; write " + want, false},
		{"//contoso.com/#microsoft.graph.emailUrlThreatSubmission", "is not in the form that Graph uses; write " + want, false},
		{"urn:contoso#microsoft.graph.emailUrlThreatSubmission", "is not in the form that Graph uses; write " + want, false},
		{"https://graph.microsoft.com/beta/$metadata#microsoft.graph.emailUrlThreatSubmission", "is not in the form that Graph uses; write " + want, true},
		{"security.EmailUrlThreatSubmission", "names are case-sensitive, did you mean " + want, true},
		{"#graph.security.EmailUrlThreatSubmission", "names are case-sensitive, did you mean " + want, false},
		{"https://contoso.com/$metadata#microsoft.graph.emailUrlThreatSubmission", "is not in the form that Graph uses; write " + want, false},
		{"https://graph.microsoft.com/beta/$metadata#microsoft.graph.emailUrlThreatsubmission", "names are case-sensitive, did you mean " + want, true},
	} {
		found := r.Check(parse(t, fmt.Sprintf(`{"@odata.type": %q}`, test.name)).Root())
		if len(found) != 1 || !strings.Contains(found[0].Message, test.message) || found[0].Suggestion != want || (len(found[0].Fixes) > 0 && found[0].Fixes[0].Safe) != test.certain {
			t.Errorf("%s: %+v", test.name, found)
		}
	}
	for name, want := range map[string]string{ // several types have the last name
		"#microsoft.graph.UserIdentity":             `"#microsoft.graph.userIdentity"`,
		"#Microsoft.Graph.userIdentity":             `"#microsoft.graph.userIdentity"`,
		"UserIdentity":                              `"#microsoft.graph.userIdentity"`,
		"#microsoft.graph.callRecords.UserIdentity": `"#microsoft.graph.callRecords.userIdentity"`,
	} {
		found := m.Type("identitySet").Check(parse(t, fmt.Sprintf(`{"user": {"@odata.type": %q}}`, name)).Root())
		if len(found) != 1 || found[0].Suggestion != want || len(found[0].Fixes) == 0 || !found[0].Fixes[0].Safe {
			t.Errorf("%s: %+v", name, found)
		}
	}
	for name, want := range map[string]string{
		"emailUrlThreatSubmission":        "did you mean security.emailUrlThreatSubmission?",
		"#microsoft.graph.ediscoverycase": "did you mean security.ediscoveryCase?",
		"#Microsoft.Graph.user":           "did you mean user?",
		"MICROSOFT.GRAPH.Security.alert":  "did you mean security.alert?",
		"group_v2":                        "correct the name",
		"#Contoso.managedDevice":          "correct the name",
	} {
		if _, err := m.Resource(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

// TestPropertyTypes checks that the fix of a "property@odata.type" uses the type that the
// value states, and is safe only if no other type can be meant.
func TestPropertyTypes(t *testing.T) {
	const assignments, target = "complianceManagementPartnerAssignment", "microsoft.graph.allDevicesAssignmentTarget"
	for _, test := range []struct {
		text, want string
		safe       bool
	}{
		{`{"displayName@odata.type": "String()"}`, "#String", true},
		{`{"displayName@odata.type": "#microsoft.graph.string"}`, "#String", true},
		{`{"displayName@odata.type": "#contoso.String"}`, "#String", false},
		{`{"displayName@odata.type": "https://contoso.com/#String"}`, "#String", false},
		{`{"iosEnrollmentAssignments@odata.type": "Collection(` + assignments + `)"}`, "#Collection(microsoft.graph." + assignments + ")", true},
		{`{"iosEnrollmentAssignments@odata.type": "#Collection(microsoft.graph.contoso.` + assignments + `)"}`, "#Collection(microsoft.graph." + assignments + ")", false},
		{`{"iosEnrollmentAssignments": [{"target@odata.type": "#microsoft.graph.AllDevicesAssignmentTarget", "target": {"@odata.type": "` + target + `"}}]}`, "#" + target, true},
		{`{"iosEnrollmentAssignments": [{"target@odata.type": "#microsoft.graph.AllDevicesAssignmentTarget", "target": null}]}`, "#microsoft.graph.deviceAndAppManagementAssignmentTarget", false},
	} {
		found := open(t, schema.Beta).Type("complianceManagementPartner").Check(parse(t, test.text).Root())
		if len(found) == 0 || found[0].Suggestion != `"`+test.want+`"` || (len(found[0].Fixes) > 0 && found[0].Fixes[0].Safe) != test.safe {
			t.Errorf("%s: %+v", test.text, found)
		}
	}
}

// TestNavigationNames checks that the name of a navigation property is suggested, but is
// not a certain correction.
func TestNavigationNames(t *testing.T) {
	r, err := open(t, schema.Beta).Resource("windows10CompliancePolicy")
	if err != nil {
		t.Fatal(err)
	}
	found := r.Check(parse(t, `{"Assignments": []}`).Root())
	if len(found) != 1 || found[0].Suggestion != "" || len(found[0].Fixes) > 0 {
		t.Errorf("%+v", found)
	}
}

// TestFewNames checks that navigation properties are not among the few properties of a type.
func TestFewNames(t *testing.T) {
	r, err := open(t, schema.Beta).Resource("roleScopeTag")
	if err != nil {
		t.Fatal(err)
	}
	found := r.Check(parse(t, `{"fleetOfShips": 1}`).Root())
	if len(found) != 1 || !strings.HasSuffix(found[0].Message, "must be one of id, description, displayName, isBuiltIn, unless the service has added it since 2026-08-04") {
		t.Errorf("%q", messages(found))
	}
}

// TestUnknownOfMany checks the messages about names in an object with very many members.
func TestUnknownOfMany(t *testing.T) {
	r, err := open(t, schema.Beta).Resource("complianceManagementPartner")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, `, "@contoso.n%d": 1`, i)
	}
	found := r.Check(parse(t, `{"iosOnboarded": true, "DisplayName": "x", "IosOnboarded": null, "fleet": null`+b.String()+"}").Root())
	found = append(found, open(t, schema.Beta).Type("user").Check(parse(t, `{"displayname": "x", "extension_a": 1, "jobTitel": "y"`+b.String()+"}").Root())...)
	want := []string{
		`error /DisplayName: unknown property "DisplayName" of complianceManagementPartner; did you mean "displayName"?`,
		`error /IosOnboarded: unknown property "IosOnboarded" of complianceManagementPartner; did you mean "iosOnboarded"?`,
		`warning /fleet: "fleet" is not a published property of complianceManagementPartner, although the service may have returned it; remove it`,
		`warning /displayname: unknown property "displayname" of user, an open type, which may add it as a new property next to "displayName"; did you mean that?`,
	}
	var got []string
	for _, v := range found {
		got = append(got, fmt.Sprintf("%s %s: %s", v.Severity, v.Pointer, v.Message))
		if slices.ContainsFunc(v.Fixes, func(f patchlint.Fix) bool { return f.Safe }) {
			t.Errorf("%+v", v.Fixes)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestMisplaced checks the messages about a member that belongs in a value next to it.
func TestMisplaced(t *testing.T) {
	for _, test := range []struct{ of, src, want string }{
		{"deviceManagementConfigurationPolicy", `{"templateId": "x"}`, `"templateId" belongs in "templateReference"; put it there`},
		{"complianceManagementPartnerAssignment", `{"groupId": "x"}`, `"groupId" belongs in "target", whose "@odata.type" must be one of groupAssignmentTarget, exclusionGroupAssignmentTarget; put it there`},
		{"complianceManagementPartnerAssignment", `{"entraObjectId": "x"}`, `"entraObjectId" belongs in "target", but no published type has it there; remove it`},
		{"complianceManagementPartnerAssignment", `{"target": {"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"}, "groupId": "x"}`, `"groupId" belongs in "target", but allDevicesAssignmentTarget does not have it; use one of groupAssignmentTarget, exclusionGroupAssignmentTarget, or remove it`},
		{"complianceManagementPartnerAssignment", `{"target": {"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"}, "entraObjectId": "x"}`, `"entraObjectId" belongs in "target", but no published type has it there; remove it`},
	} {
		r, err := open(t, schema.Beta).Resource(test.of)
		if err != nil {
			t.Fatal(err)
		}
		if found := r.Check(parse(t, test.src).Root()); len(found) == 0 || found[0].Message != test.want {
			t.Errorf("%s: %q, want %q", test.src, messages(found), test.want)
		}
	}
}
