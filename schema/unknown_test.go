package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/patchlint/patchlint/schema"
)

// TestUnknownMessages checks what is said of names that are near to others.
func TestUnknownMessages(t *testing.T) {
	for _, test := range []struct{ of, name, want string }{
		{"windows10CompliancePolicy", "ScheduledActionsForRule", `did you mean "scheduledActionsForRule"?`},
		{"windows10CompliancePolicy", "scheduledActionForRule", `did you mean "scheduledActionsForRule"?`},
		{"windows10CompliancePolicy", "assignment", `did you mean "assignments"?`},
		{"windows10CompliancePolicy", "deviceStatuse", `did you mean "deviceStatuses"?`},
		{"windows10CompliancePolicy", "osmaximumversion", `did you mean "osMaximumVersion"?`},
		{"windows10CompliancePolicy", "fleetOfShips", "remove it, Graph refuses unknown properties"},
		{"androidManagedAppProtection", "displayname", `did you mean "displayName"?`},
		{"androidManagedAppProtection", "dsplayName", `did you mean "displayName"?`},
		{"complianceManagementPartner", "enrollmentAssignments", "did you mean one of macOsEnrollmentAssignments, androidEnrollmentAssignments, iosEnrollmentAssignments, linuxEnrollmentAssignments?"},
		{"accessReviewScope", "query", `write the "@odata.type" of the derived type that has it, one of accessReviewQueryScope, accessReviewReviewerScope`},
		{"azureADWindowsAutopilotDeploymentProfile", "hybridAzureADJoinSkipConnectivityCheck", "it belongs to activeDirectoryWindowsAutopilotDeploymentProfile"},
		{"macOSLobApp", "identityVersion", "it belongs to windowsAppX, windowsMobileMSI, windowsPhone81AppX, windowsPhoneXAP, windowsUniversalAppX"},
		{"conversationThread", "uid", `the nearest name is "id", if it means the same`},
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

// TestMisplaced checks what is said of a member that belongs in a value beside it.
func TestMisplaced(t *testing.T) {
	for _, test := range []struct{ of, src, want string }{
		{"deviceManagementConfigurationPolicy", `{"templateId": "x"}`, `"templateId" belongs in "templateReference"; put it there`},
		{"complianceManagementPartnerAssignment", `{"groupId": "x"}`, `"groupId" belongs in "target", whose "@odata.type" must be one of groupAssignmentTarget, exclusionGroupAssignmentTarget; put it there`},
		{"complianceManagementPartnerAssignment", `{"entraObjectId": "x"}`, `"entraObjectId" belongs in "target", and no published type has it there; remove it`},
		{"complianceManagementPartnerAssignment", `{"target": {"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"}, "groupId": "x"}`, `"groupId" belongs in "target", but allDevicesAssignmentTarget does not have it; use one of groupAssignmentTarget, exclusionGroupAssignmentTarget, or remove it`},
		{"complianceManagementPartnerAssignment", `{"target": {"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"}, "entraObjectId": "x"}`, `"entraObjectId" belongs in "target", and no published type has it there; remove it`},
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
