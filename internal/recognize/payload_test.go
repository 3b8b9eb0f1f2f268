package recognize_test

import (
	"strings"
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/schema"
)

func open(t testing.TB) *schema.Model {
	t.Helper()
	m, err := schema.Open(schema.Beta)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func detected(t *testing.T, src string) string {
	doc, _ := patchlint.Parse([]byte(src), patchlint.JSON) // some are broken on purpose
	if r := recognize.Document(open(t), doc); r != nil {
		return r.Short()
	}
	return ""
}

// TestDetectOurs checks which texts are certainly partners or their assignments.
func TestDetectOurs(t *testing.T) {
	const partner, assignment = "complianceManagementPartner", "complianceManagementPartnerAssignment"
	for _, test := range []struct{ src, want string }{
		{`{"@odata.type": "#Microsoft.Graph.ComplianceManagementPartner"}`, partner},
		{`{"@odata.type": "complianceManagementPartner"}`, partner},
		{`{"@odata.type": "#microsoft.grpah.complianceManagementPartner"}`, partner},
		{`{"@odata.type": "Microsoft.Graph.Models.ComplianceManagementPartner", "type": "x"}`, partner},
		{`{"@odata.type": null, "iosOnboarded": true}`, partner},
		{`{"@odata.context": "https://graph.microsoft.com/beta/$metadata#deviceManagement/complianceManagementPartners/$entity", "displayName": "x"}`, partner},
		{`{"@odata.context": "https://graph.microsoft.us/v1.0/$metadata#deviceManagement/complianceManagementPartners(id,displayName)/$entity"}`, partner},
		{`{"@odata.context": "$metadata#deviceManagement/complianceManagementPartners/$entity"}`, partner},
		{`{"@odata.context": "#microsoft.graph.complianceManagementPartner"}`, partner},
		{`{"@odata.context": "$metadata#deviceManagement/complianceManagementPartners", "value": [{"id": "x"}]}`, partner},
		{`{"@odata.context": "$metadata#deviceManagement/complianceManagementPartners", "linuxOnboarded": true}`, partner},
		{`{"displayName": "x", "IosOnboarded": "yes"}`, partner},
		{`{"displayName": "x", "iosOnboarded": "disabled"}`, partner},
		{`{"iosOnboarded": "iOS is onboarded", "androidOnboarded": true}`, partner},
		{`{"iosOnboarded": "{{ onboarded }}"}`, partner},
		{`{"iosOnboarded": "%ONBOARDED%"}`, partner},
		{`{"iosEnrollmentAssignments": "System.Object[]"}`, partner},
		{`{"iosEnrollmentAssignments": "[{\"target\": null}]"}`, partner},
		{`{"windows\u004fnboarded": true}`, partner},
		{`{"iosOnboarded": {"IsPresent": true}}`, partner},
		{`{"iosOnboarded": {}}`, partner},
		{`{"iosEnrollmentAssignments": {"0": {"target": null}}}`, partner},
		{`{"LINUXENROLLMENTASSIGNMENTS": null}`, partner},
		{`{"iosOnbaorded": true, "andriodOnboarded": true}`, partner},
		{`{"iosEnrolmentAssignments": [], "macOsEnrolmentAssignments": []}`, partner},
		{`{"$schema": "../schemas/complianceManagementPartner.json", "iosOnboarded": true}`, partner},
		{`{"$schema": "https://example.com/patchlint/partner.json", "iosOnboarded": true}`, partner},
		{`{"type": "complianceManagementPartner", "iosOnboarded": true}`, partner},
		{`{"target": {"groupId": "Sales"}}`, assignment},
		{`{"target": {"GroupId": "x", "groupName": "Sales"}, "target@odata.type": "x"}`, assignment},
		{`{"target": {"groupId": "x", "groupType": "StaticMembership"}}`, assignment},
		{`{"target": {"collectionId": "SMS00001"}}`, assignment},
		{`{"target": {"@odata.type": "#microsoft.graph.allUsersAssignmentTarget"}}`, assignment},
		{`{"target": {"@odata.type": "Excluded groups"}}`, assignment},
		{`{"target": {"odata.type": "#microsoft.graph.groupAssignmentTraget"}}`, assignment},
		{`{"value": [{"iosOnboarded": true}, {"androidOnboarded": true}], "Count": 2}`, partner},
		{`{"value": [{"iosOnboarded": true}], "count": "1"}`, partner},
		{`{"value": [{"iosOnboarded": true}], "count": null}`, partner},
		{`"value": [{"iosOnboarded": true}, {"iosOnboarded"`, partner},
		{`"value": {"iosOnboarded": true}`, partner},
		{`[{"target": {"groupId": "x"}}, {"target": {"collectionId": "x"}}]`, assignment},
		{`"{\"iosOnboarded\": true}"`, partner},
	} {
		if got := detected(t, test.src); got != test.want {
			t.Errorf("%s: %q, want %q", test.src, got, test.want)
		}
	}
}

// TestDetectAny checks what shows that a payload has any other type of Graph.
func TestDetectAny(t *testing.T) {
	const (
		context = `{"@odata.context": "https://graph.microsoft.com/beta/$metadata#`
		related = `{"x@odata.context": "https://graph.microsoft.com/beta/$metadata#`
	)
	for _, test := range []struct{ src, want string }{
		{`{"@odata.type": "#microsoft.graph.user", "iosOnboarded": true}`, "user"},
		{`{"@odata.type": "microsoft.graph.user"}`, "user"},
		{`{"@odata.type": "#graph.user"}`, "user"},
		{`{"Id": "1", "AdditionalProperties": {"@odata.type": "#microsoft.graph.windows10GeneralConfiguration"}}`, "windows10GeneralConfiguration"},
		{`{"BackingStore": {}, "OdataType": "#microsoft.graph.group"}`, "group"},
		{`{"backingStore": {}, "additionalProperties": {"@odata.type": "#microsoft.graph.group"}}`, "group"},
		{`{"ODataType": "#microsoft.graph.group"}`, "group"},
		{`{"OdataType": "#microsoft.graph.nosuch"}`, ""},
		{`{"@odata.type": "graph.windows10GeneralConfiguration"}`, "windows10GeneralConfiguration"},
		{`{"@odata.type": "https://graph.microsoft.com/beta/$metadata#microsoft.graph.user"}`, "user"},
		{`{"@odata.context": "$metadata#deviceManagement/deviceConfigurations/$entity"}`, "deviceConfiguration"},
		{`{"@odata.context": "$metadata#microsoft.graph.group"}`, "group"},
		{context + `conditionalAccess/policies/$entity"}`, "conditionalAccessPolicy"},
		{context + `conditionalAccess/namedLocations/$entity"}`, "namedLocation"},
		{context + `conditionalAccess/namedLocations", "value": [{"displayName": "HQ"}]}`, ""},
		{`{"@odata.context": "https://graph.microsoft.com:443/beta/$metadata#me"}`, "user"},
		{`{"@odata.context": "https://graph.microsoft.com./beta/$metadata#me"}`, "user"},
		{`{"@odata.type": "#Microsoft.Graph.ConditionalAccessPolicy"}`, "conditionalAccessPolicy"},
		{`{"@odata.type": "#microsoft.management.services.api.deviceConfiguration"}`, "deviceConfiguration"},
		{`{"@odata.type": "conditionalAccessPolicy"}`, "conditionalAccessPolicy"},
		{`{"@odata.type": "#microsoft.graph.windows10CompliancePolcy"}`, "windows10CompliancePolicy"},
		{`{"@odata.type": "#microsoft.graph.security.alert"}`, "security.alert"},
		{`{"@odata.type": "#microsoft.graph.passwordProfile"}`, "passwordProfile"},
		{`{"@odata.type": "#microsoft.graph.deviceConfigurationAssignment", "target": {"groupId": "x"}}`, "deviceConfigurationAssignment"},
		{`{"@odata.type": "#microsoft.graph.cloudPcManagementGroupAssignmentTarget", "groupId": "x"}`, "cloudPcManagementGroupAssignmentTarget"},
		{context + `users/$entity", "iosOnboarded": true}`, "user"},
		{context + `users(id,displayName)/$entity"}`, "user"},
		{context + `deviceManagement/deviceConfigurations('1')/assignments/$entity"}`, "deviceConfigurationAssignment"},
		{context + `deviceManagement/deviceCompliancePolicies/microsoft.graph.iosCompliancePolicy/$entity"}`, "iosCompliancePolicy"},
		{context + `identity/conditionalAccess/policies/$entity"}`, "conditionalAccessPolicy"},
		{context + `microsoft.graph.group"}`, "group"},
		{`{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#policies/authorizationPolicy"}`, "authorizationPolicy"},
		{`{"@odata.context": "https://graph.microsoft.com/v1.0/%24metadata#users%28id%29/%24entity"}`, "user"},
		{`{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users(id,manager(id,displayName))/$entity"}`, "user"},
		{context + `users('1')/$entity"}`, "user"},
		{context + `users('1')/manager/$entity"}`, "directoryObject"},
		{context + `users(%271%27)/manager/$entity"}`, "directoryObject"},
		{context + `users({id})/manager/$entity"}`, "directoryObject"},
		{context + `users(id)/manager/$entity"}`, "directoryObject"},
		{context + `users('a)b')/manager/$entity"}`, "directoryObject"},
		{context + `users('a(b')/manager/$entity"}`, "directoryObject"},
		{context + `sites(a,b,c)/lists/$entity"}`, "list"},
		{`{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.user/$entity"}`, "user"},
		{`{"@odata.type": "#microsoft.graph.user", oops}`, "user"},
		{`{"@id": "https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/1", "iosOnboarded": true}`, "complianceManagementPartner"},
		{`{"@id": "https://graph.microsoft.com/beta/$batch", "iosOnboarded": true}`, "complianceManagementPartner"},
		{related + `deviceManagement/notificationMessageTemplates('1')/x"}`, "notificationMessageTemplate"},
		{related + `deviceManagement/deviceCompliancePolicies('1')/microsoft.graph.iosCompliancePolicy/x(id,name)"}`, "iosCompliancePolicy"},
		{related + `identity/conditionalAccess/policies('1')/grantControls/x/$entity"}`, ""},
		{related + `deviceManagement/notificationMessageTemplates('1')/y"}`, ""},
		{related + `x"}`, ""},
		{`{"grantControls": ` + related + `identity/conditionalAccess/policies('1')/grantControls/x/$entity"}}`, "conditionalAccessPolicy"},
		{`{"@odata.type": "#Contoso.x", "grantControls": ` + related + `identity/conditionalAccess/policies('1')/grantControls/x/$entity"}}`, ""},
		{`{"value": [` + related + `deviceManagement/notificationMessageTemplates('1')/x"}]}`, ""},
		{`{"a": {"b": ` + related + `deviceManagement/notificationMessageTemplates('1')/a/b/x"}}}`, ""},
		{strings.Replace(related, "graph.microsoft.com", "contoso.example", 1) + `deviceManagement/notificationMessageTemplates('1')/x"}`, ""},
	} {
		if got := detected(t, test.src); got != test.want {
			t.Errorf("%s: %q, want %q", test.src, got, test.want)
		}
	}
}

// TestDetectForeign checks that nothing which may be something else is taken for a
// payload.
func TestDetectForeign(t *testing.T) {
	const id = `"0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"`
	for _, src := range []string{
		// Linked data and other formats that name themselves.
		`{"@context": "https://www.w3.org/ns/activitystreams", "type": "Add", "target": {"type": "Collection"}}`,
		`{"@context": {"x": "https://example.org/"}, "target": {"groupId": ` + id + `}}`,
		`{"@context": "https://schema.org", "@type": "Person", "iosOnboarded": true}`,
		`{"@id": "https://example.org/1", "iosOnboarded": true}`,
		`{"target": {"@context": "https://example.org/", "groupId": ` + id + `}}`,
		`{"@type": "Person", "iosOnboarded": true}`,
		`{"$schema": "https://json-schema.org/draft/2020-12/schema", "iosOnboarded": {"type": "boolean"}}`,
		`{"$schema": "./flags.schema.json", "iosOnboarded": true}`,
		`{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": []}`,
		`{"apiVersion": "v1", "kind": "ConfigMap", "iosOnboarded": "true"}`,
		`{"kind": "FeatureFlags", "iosOnboarded": true}`,
		`{"type": "Feature", "geometry": null, "iosOnboarded": true}`,
		`{"type": ["object", "null"], "iosOnboarded": true}`,
		`{"resourceType": "Patient", "iosOnboarded": true}`,
		`{"__typename": "User", "iosOnboarded": true, "androidOnboarded": false}`,
		`{"openapi": "3.1.0", "iosOnboarded": true}`,
		`{"jsonrpc": "2.0", "iosOnboarded": true}`,
		`{"apiVersion": "v1", "iosOnboarded": true}`,
		`{"odataType": "#Contoso.Device", "iosOnboarded": true}`,
		`{"@class": "com.example.Device", "iosOnboarded": true}`,
		`{"_links": {"self": {"href": "x"}}, "iosOnboarded": true}`,
		`{"_id": {"$oid": "1"}, "iosOnboarded": true}`,
		// Other types of OData services, Graph included.
		`{"@odata.type": "#Contoso.complianceManagementPartner", "iosOnboarded": true}`,
		`{"@odata.context": "https://services.odata.org/V4/TripPinService/$metadata#People/$entity", "iosOnboarded": true}`,
		`{"@odata.context": "https://contoso.example/beta/$metadata#deviceManagement/complianceManagementPartners/$entity"}`,
		`{"@odata.context": "/api#deviceManagement/complianceManagementPartners/$entity"}`,
		`{"@odata.context": "https://graph.microsoft.com/beta/$metadata#users", "value": [{"id": "x", "displayName": "y"}]}`,
		`[{"@odata.type": "#microsoft.graph.user"}]`,
		`"{\"@odata.type\": \"#microsoft.graph.user\"}"`,
		`{"value": {"@odata.type": "#microsoft.graph.user"}}`,
		`{"@odata.type": "#microsoft.graph.entity", "id": "x"}`,
		`{"@odata.context": "/redfish/v1/$metadata#Sites", "Id": "1", "Name": "x"}`,
		`{"@odata.context": "/redfish/v1/$metadata#Me", "Id": "1", "Name": "x"}`,
		`{"@odata.context": "$metadata#Groups/$entity", "ID": 1}`,
		`{"@odata.context": "#Applications/$entity", "ID": 1}`,
		`{"@odata.context": "/v1.0/$metadata#Users/$entity", "ID": 1}`,
		`{"@odata.context": "//graph.microsoft.com.example/v1.0/$metadata#Users/$entity", "ID": 1}`,
		`{"@odata.context": "ftp://graph.microsoft.com/v1.0/$metadata#users/$entity", "ID": 1}`,
		`{"@odata.context": "../$metadata#drives('1')/items/$entity", "ID": 1}`,
		`{"@odata.context": "$metadata#Groups/$entity", "iosOnboarded": true}`,
		`{"@odata.context": "https://evil.example?@graph.microsoft.com/v1.0/$metadata#users/$entity", "ID": 1}`,
		`{"@odata.context": "https://evil.example\\@graph.microsoft.com/v1.0/$metadata#users/$entity", "ID": 1}`,
		`{"@odata.context": "https://user@graph.microsoft.com/v1.0/$metadata#users/$entity", "ID": 1}`,
		`{"@odata.context": "https://graph.microsoft.com:8443/v1.0/$metadata#users/$entity", "ID": 1}`,
		`{"@odata.type": "https://evil.example?@graph.microsoft.com/v1.0/$metadata#microsoft.graph.user"}`,
		`{"@odata.context": "$metadata#self.alert", "id": 1}`,
		`{"@odata.type": "AuthorizationPolicy"}`,
		`{"@odata.type": "#ConditionalAccessPolicy"}`,
		`{"@odata.type": "graph.drive"}`,
		`{"@odata.type": "GRAPH.DirectoryObject"}`,
		`{"@odata.type": "#self.alert"}`,
		`{"@odata.type": "https://example.com/v1.0/$metadata#microsoft.graph.device"}`,
		`{"@odata.type": "https://example.com/#microsoft.graph.complianceManagementPartner"}`,
		`{"@odata.type": "ServicePrincipal", "iosOnboarded": true}`,
		`{"@odata.type": "servicePrincipal"}`,
		`{"@odata.type": "drive.item", oops}`,
		`{"@odata.type": "ServicePrincipal", oops}`,
		`{"@odata.context": "$metadata#Groups/$entity", oops}`,
		`{"@odata.type": "#Microsoft.Dynamics.CRM.contact", "fullname": "x"}`,
		`{"@odata.type": "#Microsoft.Azure.Search.user", "fullname": "x"}`,
		`{"@odata.type": "user"}`,
		`{"@odata.type": "#microsoft.graph.usr"}`,
		`{"@odata.type": "#microsoft.graph.deviceManagementPartnerTenantState"}`,
		`{"@odata.context": "https://graph.microsoft.com/beta/$metadata#users('1')/displayName", "value": "x"}`,
		// An object's context has /$entity instead of its key (OData Protocol, 10.3).
		`{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users('1')", "id": "1"}`,
		`{"@odata.context": "https://graph.microsoft.com/beta/$metadata#deviceManagement/complianceManagementPartners(8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a)", "id": "1"}`,
		`{"@odata.context": "https://graph.microsoft.com/beta/$metadata#groups/$deletedEntity", "id": "1"}`,
		`{"@odata.context": "https://graph.microsoft.com/beta/$metadata#groups/$link", "source": "1"}`,
		`{"@odata.context": "https://graph.microsoft.com/beta/$metadata#users('1')/manager/$ref", "@odata.id": "1"}`,
		`{"@odata.context": "https://graph.microsoft.com/beta/$metadata#Collection($ref)", "value": []}`,
		`{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#groups(id,displayName)", "value": [{"id": "x", "displayName": "y"}]}`,
		`{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users(id,manager(id,displayName))", "value": []}`,
		`{"@odata.context": "https://graph.microsoft.com/beta/$metadata#deviceManagement/assignmentFilters(id)", "value": [{"id": "x"}]}`,
		`{"@odata.context": "https://graph.microsoft.com/beta/$metadata#deviceManagement/deviceConfigurations('1')/assignments", "value": [{"target": {"groupId": ` + id + `}}]}`,
		`{"@odata.context": "$metadata#deviceManagement/complianceManagementPartners('1')/iosEnrollmentAssignments", "target": {"groupId": ` + id + `}}`,
		`{"@odata.context": "https://graph.microsoft.com/beta/$metadata#deviceManagement/complianceManagementPartners", "value": []}`,
		`{"@odata.context": "https://graph.microsoft.com/beta/$metadata#deviceManagement/complianceManagementPartners", "displayName": "x"}`,
		// The assignments of other resources.
		`{"id": "x", "target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": ` + id + `}}`,
		`{"intent": "required", "target": {"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"}, "settings": null}`,
		`{"source": "direct", "sourceId": "x", "target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": ` + id + `}}`,
		`{"target": {"@odata.type": "#microsoft.graph.cloudPcManagementGroupAssignmentTarget", "groupId": ` + id + `}}`,
		`[{"target": {"groupId": ` + id + `}}, {"id": "x", "target": {"groupId": ` + id + `}}]`,
		`{"assignments": [{"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": ` + id + `}}]}`,
		// Objects with a name of ours, or nearly.
		`{"id": "3f6b", "email": "a@example.com", "isOnboarded": true}`,
		`{"onboarded": true, "hasOnboarded": false, "isOnboarded": true}`,
		`{"iosOnboarding": "Welcome", "androidOnboarding": "Welcome", "windowsOnboarding": "Welcome"}`,
		`{"iosOnboard": true, "androidOnboard": false}`,
		`{"iosOnboard": true}`,
		`{"iosOnbaorded": true}`,
		`{"tvOsOnboarded": true}`,
		`{"flags": {"iosOnboarded": true}}`,
		`{"title": "Devices", "iosOnboarded": "iOS is onboarded", "macOSOnboarded": "macOS is onboarded"}`,
		`{"iosOnboarded": "Onboarded", "iosEnrollmentAssignments": "Zuweisungen"}`,
		`{"iosOnbaorded": "iOS is onboarded", "andriodOnboarded": "Android is onboarded"}`,
		`{"iosOnboarded": {"type": "boolean"}, "androidOnboarded": {"type": "boolean"}}`,
		`{"iosOnboarded": {"BOOL": true}}`,
		`{"target": "es2022"}`,
		`{"target": {}}`,
		`{"target": null}`,
		`{"target": "System.Collections.Hashtable"}`,
		`{"target": {"groupId": "org.apache.maven", "artifactId": "maven-core", "version": "3.9.9"}}`,
		`{"target": {"type": "Collection", "groupId": ` + id + `}}`,
		`{"target": {"@odata.context": "https://graph.microsoft.com/beta/$metadata#users/$entity", "groupId": ` + id + `}}`,
		`{"target": {"@odata.type": "#Contoso.groupTarget", "groupId": ` + id + `}}`,
		`{"target": {"@odata.type": "#Contoso.allDevicesAssignmentTarget"}}`,
		`{"displayName": "x", "partnerState": "enabled", "lastHeartbeatDateTime": "2026-01-01T00:00:00Z"}`,
		// Lists and wrappings.
		`[{"iosOnboarded": true}, 3]`,
		`[{"iosOnboarded": true}, {"name": "x"}]`,
		`[[{"iosOnboarded": true}]]`,
		`[{"iosOnboarded": true}, {"target": {"groupId": ` + id + `}}]`,
		`{"value": [{"iosOnboarded": true}, {"id": 1}]}`,
		`{"name": "flags", "value": {"iosOnboarded": true}}`,
		`{"value": [], "Count": 0}`,
		`"iosOnboarded"`,
		`"{\"flags\": {\"iosOnboarded\": true}}"`,
		`"{\"iosOnboarded\": true"`,
		`null`,
		// Text that does not parse.
		`{"flags": {"iosOnboarded": true}, oops}`,
		`{"a": ["iosOnboarded": true]}`,
		`{"text": "iosOnboarded", oops}`,
		`{"iosOnboarded": true, "@context": "https://schema.org", oops}`,
		`{"iosOnboarded": true, oops, "$schema": "x"}`,
		`{"@odata.type": "#Contoso.x", "iosOnboarded": true, oops}`,
		`[{"@odata.type": "#microsoft.graph.iosCompliancePolicy", oops}]`,
		`{"value": [{"@odata.context": "https://graph.microsoft.com/beta/$metadata#users/$entity", oops}]}`,
		`{"@odata.context": "https://contoso.example/$metadata#x", "iosOnboarded": true, oops}`,
		`iosOnboarded: true`,
		`{"isOnboarded": true, oops}`,
		``,
	} {
		if got := detected(t, src); got != "" {
			t.Errorf("%s: taken for a %s", src, got)
		}
	}
}

// TestDetectBroken checks that a payload that does not parse is recognized if its
// members show what it is.
func TestDetectBroken(t *testing.T) {
	for _, src := range []string{
		`{"iosOnboarded": true, oops}`,
		`{oops, "iosEnrollmentAssignments" : [`,
		`{'iosOnboarded': true}`,
		`{"displayName": "a
b", "androidOnboarded": true}`,
		`{"displayName": "a,
"androidOnboarded": true}`,
		`[{"macOsOnboarded": tru`,
		`{"value": [{"macOsOnboarded": tru`,
		`{"@odata.type": "#microsoft.graph.complianceManagementPartner" "displayName": "x"}`,
		`{"@odata.context": "$metadata#deviceManagement/complianceManagementPartners/$entity", oops}`,
		`{"a": ` + strings.Repeat("[", 1500) + strings.Repeat("]", 1500) + `, "iosOnboarded": true}`,
		"\xff\xfe{\x00\"\x00i\x00o\x00s\x00O\x00n\x00b\x00o\x00a\x00r\x00d\x00e\x00d\x00\"\x00:\x001\x00}\x00",
	} {
		if got := detected(t, src); got != "complianceManagementPartner" {
			t.Errorf("%q: %q", src, got)
		}
	}
}

// FuzzDetect checks that no bytes make the detection panic, and that its result does
// not depend on white space around the text.
func FuzzDetect(f *testing.F) {
	f.Add([]byte(`{"iosOnboarded": true, "x": {"@context": 1}, oops`))
	f.Add([]byte(`[{"target": {"groupId": "x"}}]`))
	f.Add([]byte(`"{\"iosOnboarded\": true}"`))
	model, err := schema.Open(schema.Beta)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		doc, _ := patchlint.Parse(src, patchlint.JSONC)
		spaced, _ := patchlint.Parse(append([]byte(" \n"), src...), patchlint.JSONC)
		if a, b := recognize.Document(model, doc), recognize.Document(model, spaced); a != b && doc.Whole() && spaced.Whole() {
			t.Errorf("%q: %v, and %v after white space", src, a, b)
		}
	})
}

// TestDetect checks which marks show the type of a payload.
func TestDetect(t *testing.T) {
	const partner = "complianceManagementPartner"
	for _, test := range []struct{ src, want string }{
		{`{"@odata.type": "#microsoft.graph.complianceManagementPartner"}`, partner},
		{`{"@odata.type": "graph.complianceManagementPartner"}`, partner},
		{`{"@odata.type": "#microsoft.graph.ComplianceManagmentPartner"}`, partner},
		{`{"@odata.type": "#microsoft.management.services.api.complianceManagementPartner"}`, partner},
		{`{"@odata.type": "#microsoft.graph.groupAssignmentTarget"}`, "groupAssignmentTarget"},
		{`{"iosOnboarded": true}`, partner},
		{`{"IOSONBOARDED": true}`, partner},
		{`{"visionOsOnboarded": true}`, ""},
		{`{"value": {"iosOnboarded": true}}`, partner},
		{`{"value": [{"iosOnboarded": true}]}`, partner},
		{`[{"iosOnboarded": true}]`, partner},
		{`{"target": "es2022"}`, ""},
		{`{"compilerOptions": {"target": "es2022"}}`, ""},
		{`{"displayName": "x", "partnerState": "enabled", "lastHeartbeatDateTime": "2026-01-01T00:00:00Z"}`, ""},
		{`{"@odata.type": "#microsoft.graph.deviceManagementPartner", "isConfigured": true, "partnerState": "enabled"}`, "deviceManagementPartner"},
		{`{"@odata.type": "#microsoft.graph.deviceConfigurationAssignment", "target": {}}`, "deviceConfigurationAssignment"},
		{`{}`, ""},
		{`[]`, ""},
		{`"x"`, ""},
	} {
		doc, err := patchlint.Parse([]byte(test.src), patchlint.JSON)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if r := recognize.Payload(open(t), doc.Root()); r != nil {
			got = r.Short()
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.src, got, test.want)
		}
	}
}
