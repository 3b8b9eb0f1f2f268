package validate_test

import (
	"testing"

	"github.com/patchlint/patchlint/validate"
)

// TestMessages checks the messages about a single choice, a type that does not exist, a
// name whose nearest name means something else, and the effect of an update.
func TestMessages(t *testing.T) {
	for _, test := range []struct{ src, want string }{
		{`{"@odata.type": "#microsoft.graph.iPv6CidrRange", "address": "x"}`, `unknown property "address" of iPv6CidrRange; must be cidrAddress, unless the service has added it since 2026-08-04`},
		{`{"@odata.type": "#microsoft.graph.windows10GeneralConfiguraton"}`, `unknown type "#microsoft.graph.windows10GeneralConfiguraton"; did you mean "#microsoft.graph.windows10GeneralConfiguration"?`},
		{`{"iosEnrollmentAssignments": [{"target": {"@odata.type": "#microsoft.graph.fleetOfShips"}}]}`, `unknown type "#microsoft.graph.fleetOfShips"; must be one of groupAssignmentTarget, exclusionGroupAssignmentTarget, allLicensedUsersAssignmentTarget, allDevicesAssignmentTarget, configurationManagerCollectionAssignmentTarget`},
		{`{"@odata.type": "#microsoft.graph.networkaccess.fleetOfShips"}`, `unknown type "#microsoft.graph.networkaccess.fleetOfShips" in beta; correct the name, unless the service has added it since 2026-08-04`},
		{`{"@odata.type": "#Contoso.Fleet"}`, `unknown type "#Contoso.Fleet" in beta; correct the name`},
		{`{"@odata.type": "#microsoft.graph.windows10GeneralConfiguration", "edgeSearchEngine": {"@odata.type": "#microsoft.graph.fleetOfShips"}}`, `unknown type "#microsoft.graph.fleetOfShips"; must be one of edgeSearchEngine, edgeSearchEngineCustom, unless the service has added it since 2026-08-04`},
		{`{"@odata.type": "#microsoft.graph.windows10GeneralConfiguration", "edgeSearchEngine": {"@odata.type": "#Contoso.Fleet"}}`, `unknown type "#Contoso.Fleet"; must be one of edgeSearchEngine, edgeSearchEngineCustom`},
		{`{"@odata.type": "#microsoft.graph.iosUpdateConfiguration", "updateScheduleType": "tides"}`, `invalid value "tides"; must be one of updateOutsideOfActiveHours, alwaysUpdate, updateDuringTimeWindows, updateOutsideOfTimeWindows, unless the service has added it since 2026-08-04`},
		{`{"@odata.type": "#microsoft.graph.iosUpdateConfiguration", "updateScheduleType": "String"}`, `invalid value "String"; must be one of updateOutsideOfActiveHours, alwaysUpdate, updateDuringTimeWindows, updateOutsideOfTimeWindows`},
		{`{"iosOnboarded": true, "partnerState": "tides"}`, `invalid value "tides"; must be one of unknown, unavailable, enabled, terminated, rejected, unresponsive`},
		{`{"iosOnboarded": true, "fleet": true}`, `unknown property "fleet" of complianceManagementPartner; Graph refuses unknown properties, so remove it`},
		{`{"iosEnrollmentAssignments": [{"target": {"@odata.type": "#microsoft.graph.user"}}]}`, `user cannot be used here; must be one of groupAssignmentTarget, exclusionGroupAssignmentTarget, allLicensedUsersAssignmentTarget, allDevicesAssignmentTarget, configurationManagerCollectionAssignmentTarget`},
		{`{"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": ""}}`, `"groupId" is empty; use the real id, a GUID`},
		{`{"target": {"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget", "deviceAndAppManagementAssignmentFilterId": "None"}}`, `"None" is text, not a GUID; to use no filter, leave "deviceAndAppManagementAssignmentFilterId" out or write null`},
		{`{"@odata.type": "#microsoft.graph.user", "manager@odata.bind": "https://graph.microsoft.com/v1.0/users/{id}"}`, `"{id}" in the URL is a placeholder that was not filled in; use the real id`},
		{`{"@odata.type": "#microsoft.graph.user", "manager@odata.bind": "<manager>"}`, `"<manager>" in the URL is a placeholder that was not filled in; use the real id`},
		{`{"@odata.type": "#microsoft.graph.group", "owners@odata.bind": ["https://graph.microsoft.com/v1.0/users/"]}`, `"https://graph.microsoft.com/v1.0/users/" is the URL of a collection; add the id of the object to bind`},
		{`{"@odata.type": "#microsoft.graph.servicePrincipal", "oauth2PermissionGrants@odata.bind": ["/oauth2PermissionGrants/"]}`, `"/oauth2PermissionGrants/" is the URL of a collection; add the id of the object to bind`},
		{`{"@odata.type": "#microsoft.graph.group", "owners@odata.bind": ["x", 5]}`, `"owners@odata.bind" takes the URL of an object in each element, not a number`},
		{`{"@odata.type": "#microsoft.graph.windows10GeneralConfiguration", "defenderBlockRealTimeMonitoring": true}`, `unknown property "defenderBlockRealTimeMonitoring" of windows10GeneralConfiguration; the nearest name that the object does not have yet is "defenderRequireRealTimeMonitoring"; use it if it means the same`},
		{`{"@odata.type": "#microsoft.graph.activeDirectoryWindowsAutopilotDeploymentProfile", "deviceType": "holoLens", "deviceJoinType": "x"}`, `unknown property "deviceJoinType" of activeDirectoryWindowsAutopilotDeploymentProfile; Graph refuses unknown properties, so remove it, unless the service has added it since 2026-08-04`},
		{`{"@odata.context": "https://graph.microsoft.com/beta/$metadata#deviceManagement/deviceConfigurations", "value": [{"id": "1"}]}`, `the type of this payload is unknown; this is a list response; each object in its "value" is a separate payload`},
		{`{"value": [{"id": "1"}], "Count": 1}`, `the type of this payload is unknown; this is a list response; each object in its "value" is a separate payload`},
		{`[{"id": "1"}]`, `the body must be a JSON object, not an array; send each object in a request of its own`},
		{`{"@odata.type": ["#microsoft.graph.user"], "accountEnabled": true}`, `the type of this payload is unknown; "@odata.type" takes the name of a type in a string, not an array`},
		{`{"@odata.type": "#microsoft.graph.passwordCredential", "endDateTime": "%EndDateTime%"}`, `"%EndDateTime%" is a placeholder that was not filled in; "endDateTime" takes a date and time in a string, such as "2026-01-31T08:00:00Z"`},
		{`{"@odata.type": "#microsoft.graph.educationTerm", "startDate": "{{date}}"}`, `"{{date}}" is a placeholder that was not filled in; "startDate" takes a date in a string, such as "2026-01-31"`},
		{`{"@odata.type": "#microsoft.graph.notificationMessageTemplate", "brandingOptions": "unknownFutureValue"}`, `Graph returns "unknownFutureValue" instead of members that were added later, and an update does not set it; write the intended members`},
		{`{"@odata.type": "#microsoft.graph.conditionalAccessPolicy", "grantControls": {"builtInControls": ["mfa", "unknownFutureValue"]}}`, `Graph returns "unknownFutureValue" instead of members that were added later, which an update replaces; write the intended members`},
		{`{"@odata.type": "#microsoft.graph.user", "a.b": 1}`, `"a.b" cannot be the name of a property, because OData allows no "." or ":" in one; use another name`},
		{`{"@odata.type": "#microsoft.graph.plannerTaskDetails", "references": {"https://a": {"@odata.type": "#microsoft.graph.plannerExternalReference"}}}`, `"https://a" cannot be the name of a property, because OData allows no "." or ":" in one; encode them as %2E and %3A`},
		{`{"@odata.type": "#microsoft.graph.user", "odata.type": "x"}`, `"odata.type" cannot be the name of a property, because OData allows no "." or ":" in one; control information starts with "@", so write "@odata.type"`},
		{`{"requests": {"id": "1", "method": "PATCH", "url": "/users/1"}}`, `the type of this payload is unknown; the "requests" of a batch must be an array, even of one request (PowerShell unrolls such an array)`},
		{`{"Requests": [{"id": "1", "method": "PATCH", "url": "/users/1"}]}`, `the type of this payload is unknown; names are case-sensitive; write "requests"`},
	} {
		said := ""
		for _, d := range new(validate.Linter).Lint([]byte(test.src), validate.Target{}) {
			said = d.Message
		}
		if said != test.want {
			t.Errorf("%s: %s, want %s", test.src, said, test.want)
		}
	}
}
