package diff_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/entity"
	"github.com/patchlint/patchlint/schema"
)

const (
	betaEntity = `"@odata.context":"https://graph.microsoft.com/beta/$metadata#deviceManagement/complianceManagementPartners/$entity"`
	v1Entity   = `"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#deviceManagement/complianceManagementPartners/$entity"`

	userContext = `"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users/$entity"`
)

func context(url string) string {
	return `{"@odata.context":"` + url + `","id":"1","iosOnboarded":false}`
}

// TestCurrentUnfit checks which documents are refused as the object on the service.
func TestCurrentUnfit(t *testing.T) {
	const desired = `{"iosOnboarded":true}`
	beta, v1 := partner(t, schema.Beta), partner(t, schema.V1)
	user, group := anyType(t, schema.V1, "user"), anyType(t, schema.Beta, "group")
	policy := anyType(t, schema.Beta, "conditionalAccessPolicy")
	for _, test := range []struct {
		name             string
		r                *schema.Type
		current, desired string
		want             string // in the message
	}{
		{"empty object", beta, `{}`, desired, "this object is empty"},
		{"annotations only", beta, `{` + betaEntity + `}`, desired, "no properties of complianceManagementPartner"},
		{"type only", beta, `{"@odata.type":"#microsoft.graph.complianceManagementPartner"}`, desired, "no properties of"},
		{"empty object in value", beta, `{"value":{}}`, desired, "this object is empty"},
		{"another file", beta, `{"name":"x","scripts":{}}`, desired, "no properties of"},
		{"an id that is not a string", beta, `{"id":7,"iosOnboarded":false}`, desired, `"id" is a number`},
		{"$select without the collection to empty", beta, `{"@odata.context":"https://graph.microsoft.com/beta/$metadata#deviceManagement/complianceManagementPartners(id,displayName)/$entity","id":"1","displayName":"x"}`, `{"iosEnrollmentAssignments":[]}`, `does not show "iosEnrollmentAssignments"`},
		{"$select of a list without the name to clear", beta, `{"@odata.context":"https://graph.microsoft.com/beta/$metadata#deviceManagement/complianceManagementPartners(id)","value":[{"id":"1"}]}`, `{"id":"1","displayName":null}`, `does not show "displayName"`},
		{"a property to empty that a response without $select may lack", user, `{` + userContext + `,"id":"1","displayName":"A"}`, `{"department":null}`, `a response without $select has only some of the properties of user; name "department" in $select`},
		{"and several", user, `{` + userContext + `,"id":"1","displayName":"A"}`, `{"department":null,"otherMails":[]}`, `name "department", "otherMails" in $select`},
		{"and a collection", group, `{"id":"1","displayName":"A"}`, `{"assignedLabels":[]}`, `name "assignedLabels" in $select`},
		{"and one that $select lacks", user, strings.Replace(`{`+userContext+`,"id":"1"}`, "users", "users(id)", 1), `{"department":null}`, `it was read with $select; name "department" in $select, too`},
		{"a part of a collection", beta, `{"id":"1","iosEnrollmentAssignments":[],"iosEnrollmentAssignments@odata.nextLink":"https://graph.microsoft.com/beta/x"}`, `{"iosEnrollmentAssignments":[]}`, `"iosEnrollmentAssignments" continues at "iosEnrollmentAssignments@odata.nextLink"`},
		{"null", beta, `null`, desired, "this is null"},
		{"encoded twice", beta, `"{\"id\":\"1\"}"`, desired, "encoded twice"},
		{"text", beta, `"Unauthorized"`, desired, "this is a string"},
		{"error body", beta, `{"error":{"code":"InvalidAuthenticationToken"}}`, desired, `an error response from Graph ("InvalidAuthenticationToken"), not an object`},
		{"error body in value", beta, `{"value":{"error":{"code":"BadGateway"}}}`, desired, "an error response from Graph"},
		{"$batch response", beta, `{"responses":[{"id":"1","status":200,"body":{"id":"1","iosOnboarded":false}}]}`, desired, "this is a $batch response"},
		{"$batch request", beta, `{"requests":[]}`, desired, "this is a $batch request"},
		{"$batch response as desired", beta, held, `{"responses":[]}`, "this is a $batch response"},
		{"$batch request as desired", beta, held, `{"requests":[{"id":"1"}]}`, "this is a $batch request"},
		{"PowerShell", beta, `{"DisplayName":"x","IosOnboarded":false,"AdditionalProperties":{}}`, desired, `"DisplayName" is another spelling of "displayName"`},
		{"one name of PowerShell", beta, `{"id":"1","iosOnboarded":false,"IosEnrollmentAssignments":[]}`, desired, `"IosEnrollmentAssignments" is another spelling of "iosEnrollmentAssignments"`},
		{"snake case", beta, `{"id":"1","ios_onboarded":false}`, desired, `"ios_onboarded" is another spelling of "iosOnboarded"`},
		{"an SDK's odataType", beta, `{"odataType":"#microsoft.graph.complianceManagementPartner","id":"1"}`, desired, `"odataType" is another spelling of "@odata.type"`},
		{"PowerShell inside", beta, `{"id":"1","iosEnrollmentAssignments":[{"Target":{"groupId":"x"}}]}`, `{"iosEnrollmentAssignments":[` + users + `]}`, `"Target" is another spelling of "target"`},
		{"an SDK's type inside", beta, `{"id":"1","iosEnrollmentAssignments":[{"target":{"odataType":"#microsoft.graph.allDevicesAssignmentTarget"}}]}`, `{"iosEnrollmentAssignments":[]}`, `"odataType" is another spelling of "@odata.type"`},
		{"printed target", beta, `{"id":"1","iosEnrollmentAssignments":[{"target":"System.Collections.Hashtable"}]}`, `{"iosEnrollmentAssignments":[` + users + `]}`, "printed instead of an object"},
		{"printed collection", beta, `{"id":"1","iosEnrollmentAssignments":"System.Object[]"}`, `{"iosEnrollmentAssignments":[` + users + `]}`, "expected an array"},
		{"unrolled array", beta, `{"id":"1","iosEnrollmentAssignments":` + users + `}`, `{"iosEnrollmentAssignments":[]}`, "expected an array"},
		{"array with a count", beta, `{"id":"1","iosEnrollmentAssignments":{"value":[` + users + `],"Count":1}}`, `{"iosEnrollmentAssignments":[` + users + `]}`, "expected an array"},
		{"printed collection inside", policy, `{"id":"1","conditions":{"users":{"includeUsers":"a b"}}}`, `{"conditions":{"users":{"includeUsers":["b"]}}}`, `"includeUsers" is a string; expected an array`},
		{"number in place of an element", beta, `{"id":"1","iosEnrollmentAssignments":[7]}`, `{"iosEnrollmentAssignments":[]}`, "this is a number; expected an object"},
		{"array in place of an object", policy, `{"id":"1","conditions":{"locations":[{"includeLocations":["x"],"excludeLocations":["y"]}]}}`, `{"conditions":{"locations":{"includeLocations":["x"]}}}`, "this is an array; expected an object"},
		{"text in place of an object", policy, `{"id":"1","conditions":"All users"}`, `{"conditions":{"users":{"includeUsers":["b"]}}}`, "this is a string; expected an object"},
		{"more findings than the limit", beta, `{"id":"1","iosEnrollmentAssignments":[` + strings.Repeat("7,", 2000) + `7]}`, `{"iosEnrollmentAssignments":[]}`, "this is a number; expected an object"},
		{"another version", beta, `{` + v1Entity + `,"id":"1"}`, desired, "this is a response from v1.0, but the PATCH is for beta; v1.0 does not return everything that beta has"},
		{"another version of a national cloud", beta, context("https://microsoftgraph.chinacloudapi.cn/V1.0/$metadata#deviceManagement/complianceManagementPartners/$entity"), desired, "a response from V1.0"},
		{"another version, percent-encoded", beta, context("https://graph.microsoft.us/v1.0/%24metadata#deviceManagement/complianceManagementPartners/$entity"), desired, "a response from v1.0"},
		{"another version of a host that is left out", beta, context("https://{host}/v1.0/$metadata#deviceManagement/complianceManagementPartners/$entity"), desired, "a response from v1.0"},
		{"another version of a list", beta, `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#deviceManagement/complianceManagementPartners","value":[{"id":"1","displayName":"x"}]}`, `{"displayName":"x"}`, "a response from v1.0"},
		{"beta for v1.0", v1, `{` + betaEntity + `,"id":"1"}`, desired, "this is a response from beta, but the PATCH is for v1.0; get it from v1.0"},
		{"another service", beta, context("https://contoso.crm.dynamics.com/api/data/v9.2/$metadata#deviceManagement/complianceManagementPartners/$entity"), desired, "a response from v9.2"},
		{"another resource", beta, context("https://graph.microsoft.com/beta/$metadata#groups/$entity"), desired, `a response for "groups"`},
		{"another resource with $select", beta, context("https://graph.microsoft.com/beta/$metadata#deviceManagement/deviceConfigurations(id,displayName)/$entity"), desired, `a response for "deviceConfigurations"`},
		{"another service, of an unknown path", beta, context("https://contoso.com/beta/$metadata#conditionalAccess/policies/$entity"), desired, `a response for "policies"`},
		{"a collection of strings", group, context("https://graph.microsoft.com/beta/$metadata#users('1')/businessPhones"), desired, `a response for "businessPhones"`},
		{"a slash in a key", group, context("https://graph.microsoft.com/beta/$metadata#users('a/b')/businessPhones"), desired, `a response for "businessPhones"`},
		{"a primitive property", group, context("https://graph.microsoft.com/beta/$metadata#groups('1')/displayName"), desired, `a response for "displayName"`},
		{"a property of an unknown complex value", group, context("https://graph.microsoft.com/beta/$metadata#users('1')/fleet/ships"), desired, `a response for "ships"`},
		{"a collection of complex values", anyType(t, schema.Beta, "mobileAppAssignment"), context("https://graph.microsoft.com/beta/$metadata#deviceManagement/complianceManagementPartners('1')/iosEnrollmentAssignments"), desired, `a response for "iosEnrollmentAssignments"`},
		{"references", beta, context("https://graph.microsoft.com/beta/$metadata#$ref"), desired, `a response for "$ref"`},
		{"another type", beta, context("https://graph.microsoft.com/beta/$metadata#microsoft.graph.user"), desired, `a response for "microsoft.graph.user"`},
		{"a property of a partner", beta, `{"@odata.context":"https://graph.microsoft.com/beta/$metadata#deviceManagement/complianceManagementPartners('1')/iosEnrollmentAssignments","value":[` + users + `]}`, desired, "it is unclear which object in this list to update"},
		{"swapped", beta, `{"iosOnboarded":false}`, `{` + betaEntity + `,"iosOnboarded":true}`, `desired has "@odata.context", as a response does`},
		{"swapped, by the etag", beta, `{"iosOnboarded":false}`, `{"iosOnboarded":true,"@odata.etag":"W/\"1\""}`, `desired has "@odata.etag", as a response does`},
		{"swapped, by the etag of the metadata", beta, `{"iosOnboarded":false}`, `{"iosOnboarded":true,"@odata.metadataEtag":"W/\"1\""}`, `desired has "@odata.metadataEtag", as a response does`},
		{"swapped, by a link", beta, `{"iosOnboarded":false}`, `{"iosOnboarded":true,"@odata.navigationLink":"x"}`, `desired has "@odata.navigationLink", as a response does`},
		{"swapped, by the etag of media", beta, `{"iosOnboarded":false}`, `{"iosOnboarded":true,"@odata.mediaEtag":"1"}`, `desired has "@odata.mediaEtag", as a response does`},
		{"empty list", beta, `{"value":[]}`, desired, "this list is empty"},
		{"empty array", beta, `[]`, desired, "this list is empty"},
		{"list, no id", beta, `{"value":[{"id":"1","displayName":"A"},{"id":"2","displayName":"B"}]}`, desired, `add "id" to desired; the candidates are 1 "A", 2 "B"`},
		{"list of objects that cannot be told apart", beta, `{"value":[{"iosOnboarded":true},{"iosOnboarded":false}]}`, desired, `its objects have no "id"; save the object to update in a separate file`},
		{"list, some without id and name", beta, `[{"id":"1"},{"iosOnboarded":false},{"displayName":"B"}]`, desired, `add "id" to desired; the candidates are 1, "B"`},
		{"list of eleven", beta, `[` + strings.Repeat(`{"id":"1"},`, 10) + `{"id":"11"}]`, desired, `1, 1, 11`},
		{"list of one, another name", beta, `{"value":[{"id":"1","displayName":"A"}]}`, `{"displayName":"B"}`, `add "id" to desired; the candidates are 1 "A"`},
		{"list, one name twice", beta, `{"value":[{"id":"1","displayName":"A"},{"id":"2","displayName":"B"},{"id":"3","displayName":"A"}]}`, `{"displayName":"A"}`, `add "id" to desired; the candidates are 1 "A", 3 "A"`},
		{"list, the name in another case", beta, `{"value":[{"id":"1","displayName":"A"},{"id":"2","displayName":"B"}]}`, `{"displayName":"a"}`, `1 "A", 2 "B"`},
		{"list that goes on", beta, `{"@odata.nextLink":"https://x","value":[{"id":"1","displayName":"A"}]}`, `{"displayName":"A"}`, "the list continues at its @odata.nextLink"},
		{"id on another page", beta, `{"@odata.nextLink":"https://x","value":[{"id":"1","displayName":"A"}]}`, `{"id":"2"}`, "the list continues at its @odata.nextLink"},
		{"id of another tenant in a list", beta, `{"value":[{"id":"1","displayName":"A"}]}`, `{"id":"2","displayName":"A"}`, `leave "id" out of desired; the candidates are 1 "A"`},
		{"id of another tenant", beta, `{"id":"1"}`, `{"id":"2"}`, `current is "1"; if that is in another tenant, leave "id" out of desired`},
		{"one id twice in a list", beta, `{"value":[{"id":"1"},{"id":"1"}]}`, `{"id":"1"}`, `2 objects in this list have the id "1"`},
		{"the name and another type in a list", anyType(t, schema.Beta, "deviceConfiguration"), `{"value":[{"@odata.type":"#microsoft.graph.iosGeneralDeviceConfiguration","id":"1","displayName":"A"}]}`,
			`{"@odata.type":"#microsoft.graph.windows10GeneralConfiguration","displayName":"A"}`, "no object in this list with the displayName of desired is of type windows10GeneralConfiguration"},
		{"candidates that have a name", anyType(t, schema.Beta, "deviceManagementConfigurationPolicy"), `{"value":[{"id":"1","name":"A"},{"id":"2","name":"B"}]}`, `{"description":"x"}`, `the candidates are 1 "A"`},
		{"unfit in a list", beta, `{"value":[{"id":"1","DisplayName":"x"}]}`, `{"id":"1"}`, `"DisplayName" is another spelling of "displayName"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			current, _ := patchlint.Parse([]byte(test.current), patchlint.JSON)
			desired, _ := patchlint.Parse([]byte(test.desired), patchlint.JSON)
			plan, err := diff.Compute(test.r, current, desired, diff.Options{})
			var refusal diff.Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("not refused: %s", plan.Body)
			}
			if got := refusal[0].Message; !strings.Contains(got, test.want) {
				t.Errorf("%s", got)
			}
			if last := refusal[len(refusal)-1]; len(refusal) > bounds.Findings+1 || len(refusal) > bounds.Findings && last.Rule != "json-limit" {
				t.Errorf("%d findings, the last of %s", len(refusal), last.Rule)
			}
		})
	}
}

// TestCurrentFit checks which responses are accepted, and the warnings about them.
func TestCurrentFit(t *testing.T) {
	beta, v1 := partner(t, schema.Beta), partner(t, schema.V1)
	user, policy := anyType(t, schema.V1, "user"), anyType(t, schema.Beta, "conditionalAccessPolicy")
	const on, off = `{"iosOnboarded":true}`, `,"id":"1","iosOnboarded":false}`
	for _, test := range []struct {
		name             string
		r                *schema.Type
		current, desired string
		o                diff.Options
		want             string
		warnings         []string
	}{
		{name: "the version of the body", r: beta, current: `{` + betaEntity + off, desired: on, want: on},
		{name: "v1.0 for v1.0", r: v1, current: `{` + v1Entity + off, desired: on, want: on},
		{name: "no context", r: beta, current: `{"id":"1","iosOnboarded":false}`, desired: on, want: on},
		{name: "a context that shows no version", r: beta, current: context("../$metadata#deviceManagement/complianceManagementPartners/$entity"), desired: on, want: on},
		{name: "a host without a version", r: beta, current: context("http://localhost:8080/$metadata#deviceManagement/complianceManagementPartners/$entity"), desired: on, want: on},
		{name: "a type", r: beta, current: context("https://graph.microsoft.com/beta/$metadata#microsoft.graph.complianceManagementPartner"), desired: on, want: on},
		{name: "a cast", r: beta, current: context("https://graph.microsoft.com/beta/$metadata#deviceManagement/complianceManagementPartners/microsoft.graph.complianceManagementPartner/$entity"), desired: on, want: on},
		{name: "a path that the metadata does not have", r: policy, current: `{"@odata.context":"https://graph.microsoft.com/beta/$metadata#conditions/policies/$entity","id":"1","displayName":"A"}`, desired: `{"displayName":"B"}`,
			want: `{"displayName":"B"}`, warnings: []string{"current odata-type /@odata.context"}},
		{name: "another version that was asked for", r: v1, current: `{` + betaEntity + off, desired: on, o: diff.Options{AnyVersion: true}, want: on, warnings: []string{"current payload-shape /@odata.context"}},
		{name: "another version and nothing to send", r: beta, current: `{` + v1Entity + `,"id":"1","iosOnboarded":true}`, desired: on, o: diff.Options{AnyVersion: true}, want: "nothing", warnings: []string{"current payload-shape /@odata.context"}},
		{name: "desired from another version", r: beta, current: `{` + betaEntity + off, desired: `{` + v1Entity + `,"iosOnboarded":true}`, want: on, warnings: []string{"desired payload-shape /@odata.context"}},
		{name: "both are responses", r: beta, current: `{` + betaEntity + off, desired: `{` + betaEntity + `,"iosOnboarded":true}`, want: on},
		{name: "current in value", r: beta, current: `{"value":{"id":"1","iosOnboarded":false}}`, desired: `{` + betaEntity + `,"iosOnboarded":true}`, want: on},
		{name: "a list by name", r: beta, current: `{"value":[{"id":"1","displayName":"A","iosOnboarded":true},{"id":"2","displayName":"B","iosOnboarded":false}]}`, desired: `{"displayName":"B","iosOnboarded":true}`, want: on},
		{name: "a list by id, not by name", r: beta, current: `{"value":[{"id":"1","displayName":"B"},{"id":"2","displayName":"A"}]}`, desired: `{"id":"2","displayName":"B"}`, want: `{"displayName":"B"}`},
		{name: "a page by id", r: beta, current: `{"@odata.nextLink":"x","value":[{"id":"A1","displayName":"A"}]}`, desired: `{"id":"a1","displayName":"B"}`, want: `{"displayName":"B"}`},
		{name: "an object with related objects in value", r: anyType(t, schema.Beta, "deviceManagementSettingInstance"), current: `{"@odata.type":"#microsoft.graph.deviceManagementAbstractComplexSettingInstance","id":"1","definitionId":"a","value":[{"id":"2"}]}`,
			desired: `{"@odata.type":"#microsoft.graph.deviceManagementAbstractComplexSettingInstance","definitionId":"b"}`, want: `{"@odata.type":"#microsoft.graph.deviceManagementAbstractComplexSettingInstance","definitionId":"b"}`},
		{name: "an object that only desired says has related objects in value", r: anyType(t, schema.Beta, "deviceManagementSettingInstance"), current: `{"id":"1","definitionId":"a","value":[{"id":"2"}]}`,
			desired: `{"@odata.type":"#microsoft.graph.deviceManagementAbstractComplexSettingInstance","definitionId":"b"}`, want: `{"@odata.type":"#microsoft.graph.deviceManagementAbstractComplexSettingInstance","definitionId":"b"}`},
		{name: "a list of objects with related objects in value", r: anyType(t, schema.Beta, "deviceManagementCollectionSettingInstance"), current: `{"value":[{"id":"1","definitionId":"a","value":[{"id":"2"}]}]}`,
			desired: `{"id":"1","definitionId":"b"}`, want: `{"@odata.type":"#microsoft.graph.deviceManagementCollectionSettingInstance","definitionId":"b"}`},
		{name: "a list of objects with a property value", r: anyType(t, schema.Beta, "workbookNamedItem"), current: `{"@odata.context":"https://graph.microsoft.com/beta/$metadata#me/drive/items('1')/workbook/names","value":[{"id":"1","name":"a","value":"=A1"},{"id":"2","name":"b","visible":true,"value":"=A2"}]}`,
			desired: `{"id":"2","name":"b","visible":false,"value":"=A2"}`, want: `{"visible":false}`},
		{name: "an object with an object in value, with the name of an index", r: anyType(t, schema.Beta, "workbookNamedItem"), current: `{"value":{"0":{"x":1}}}`, desired: `{"name":"a","value":{"0":{"x":1}}}`, want: `{"name":"a"}`},
		{name: "an object with only a collection of objects in value", r: anyType(t, schema.Beta, "commsNotifications"), current: `{"value":[{"resourceUrl":"x"}]}`, desired: `{"value":[{"resourceUrl":"y"}]}`, want: `{"value":[{"resourceUrl":"y"}]}`,
			warnings: []string{"desired collection-loses-assignments /value"}},
		{name: "the context of a collection of a type without its namespace", r: anyType(t, schema.Beta, "group"), current: `{"@odata.context":"https://graph.microsoft.com/beta/$metadata#Collection(group)","value":[{"id":"1","displayName":"A"}]}`, desired: `{"id":"1","displayName":"B"}`, want: `{"displayName":"B"}`},
		{name: "the context of a deleted object", r: anyType(t, schema.Beta, "group"), current: `{"@odata.context":"https://graph.microsoft.com/beta/$metadata#groups/$deletedEntity","id":"1","reason":"deleted"}`, desired: `{"displayName":"B"}`, want: "refused: current 1:19 odata-type"},
		{name: "a context with a placeholder for a key", r: anyType(t, schema.Beta, "group"), current: `{"@odata.context":"https://graph.microsoft.com/beta/$metadata#users(id)/memberOf","value":[{"id":"1","displayName":"A"}]}`, desired: `{"id":"1","displayName":"B"}`, want: `{"displayName":"B"}`},
		{name: "an object with a list of texts in value", r: anyType(t, schema.Beta, "multiValueLegacyExtendedProperty"), current: `{"value":["a"]}`, desired: `{"value":["a","b"]}`, want: `{"value":["a","b"]}`},
		{name: "a list with a title", r: beta, current: `{"displayName":"our partners","id":"export","lastHeartbeatDateTime":"2026-01-31T08:00:00Z","value":[{"id":"1","iosOnboarded":true,"iosEnrollmentAssignments":[` + users + `,` + groupA + `]}]}`,
			desired: `{"id":"1","iosOnboarded":true,"iosEnrollmentAssignments":[` + users + `]}`, want: `{"iosEnrollmentAssignments":[` + users + `]}`, warnings: []string{"desired collection-loses-assignments /iosEnrollmentAssignments"}},
		{name: "a list with a title as base", r: beta, current: `{"id":"1","displayName":"A","iosOnboarded":true}`, desired: `{"id":"1","iosOnboarded":true}`,
			o: diff.Options{Base: parse(t, []byte(`{"iosOnboarded":true,"value":[{"id":"1","displayName":"A"}]}`))}, want: `{"displayName":null}`},
		{name: "unknown properties", r: beta, current: `{"id":"1","newFromMicrosoft":{"Name":1}}`, desired: on, want: on},
		{name: "$select with the collection", r: beta, current: context("https://graph.microsoft.com/beta/$metadata#deviceManagement/complianceManagementPartners(id,iosEnrollmentAssignments)/$entity"), desired: `{"iosEnrollmentAssignments":[` + users + `]}`,
			want: `{"iosEnrollmentAssignments":[` + users + `]}`},
		{name: "$select without the collection", r: beta, current: context("https://graph.microsoft.com/beta/$metadata#deviceManagement/complianceManagementPartners(id,displayName)/$entity"), desired: `{"iosEnrollmentAssignments":[` + users + `]}`,
			want: `{"iosEnrollmentAssignments":[` + users + `]}`, warnings: []string{"desired collection-loses-assignments /iosEnrollmentAssignments"}},
		{name: "a key is not $select", r: beta, current: context("https://graph.microsoft.com/beta/$metadata#deviceManagement/complianceManagementPartners('1')/$entity"), desired: `{"iosEnrollmentAssignments":[` + users + `]}`,
			want: `{"iosEnrollmentAssignments":[` + users + `]}`},
		{name: "pruned with $select", r: beta, current: context("https://graph.microsoft.com/beta/$metadata#deviceManagement/complianceManagementPartners(id,displayName)/$entity"), desired: on, o: diff.Options{Prune: true},
			want: "refused: current 1:19 payload-shape"},
		{name: "a property that a response without $select may lack", r: user, current: `{` + userContext + `,"id":"1","displayName":"A"}`, desired: `{"displayName":"B","department":"C","otherMails":["a@b"],"onPremisesExtensionAttributes":{"extensionAttribute1":"x"}}`,
			want:     `{"displayName":"B","department":"C","otherMails":["a@b"],"onPremisesExtensionAttributes":{"extensionAttribute1":"x"}}`,
			warnings: []string{"desired collection-loses-assignments /otherMails", "desired payload-shape /onPremisesExtensionAttributes"}},
		{name: "named in $select", r: user, current: strings.Replace(`{`+userContext+`,"id":"1"}`, "users", "users(id,department,otherMails)", 1), desired: `{"department":null,"otherMails":["a@b"]}`, want: `{"otherMails":["a@b"]}`},
		{name: "shown without $select", r: user, current: `{` + userContext + `,"id":"1","department":"A","otherMails":["b@c"]}`, desired: `{"department":null,"otherMails":[]}`, want: `{"department":null,"otherMails":[]}`,
			warnings: []string{"desired collection-loses-assignments /otherMails"}},
		{name: "pruned without $select", r: user, current: `{` + userContext + `,"id":"1","displayName":"A","jobTitle":"B"}`, desired: `{"displayName":"A"}`, o: diff.Options{Prune: true}, want: `{"jobTitle":null}`, warnings: []string{"current payload-shape "}},
		{name: "pruned without $select, and nothing to send", r: user, current: `{` + userContext + `,"id":"1","displayName":"A"}`, desired: `{"displayName":"A"}`, o: diff.Options{Prune: true}, want: "nothing", warnings: []string{"current payload-shape "}},
		{name: "in base, without $select", r: user, current: `{` + userContext + `,"id":"1","displayName":"A"}`, desired: `{"displayName":"A"}`, o: diff.Options{Base: parse(t, []byte(`{"department":"B"}`))}, want: "refused: current 1:19 payload-shape"},
		{name: "in base, with the same text", r: user, current: `{"displayName":"A"}`, desired: `{"displayName":"A"}`, o: diff.Options{Base: parse(t, []byte(`{"department":"B"}`))}, want: "refused: current 1:1 payload-shape"},
		{name: "unrolled array in base", r: user, current: `{"id":"1","businessPhones":["1","2"]}`, desired: `{"businessPhones":["2"]}`, o: diff.Options{Base: parse(t, []byte(`{"businessPhones":"1"}`))}, want: "refused: base 1:19 payload-shape"},
		{name: "empty array in place of an object", r: policy, current: `{"id":"1","sessionControls":[],"conditions":{"users":{"includeUsers":["a"]},"locations":[]}}`, desired: `{"displayName":"A","conditions":{"users":{"includeUsers":["a"]}}}`, want: `{"displayName":"A"}`},
		{name: "printed text that is ignored", r: policy, current: `{"id":"1","conditions":{"users":{"includeUsers":"a b"}}}`, desired: `{"displayName":"A","conditions":{"users":{"includeUsers":["b"]}}}`, o: diff.Options{Ignore: []patchlint.Pointer{"/conditions/users/includeUsers"}}, want: `{"displayName":"A"}`},
		{name: "empty base", r: beta, current: `{"id":"1","iosOnboarded":false}`, desired: on, o: diff.Options{Base: parse(t, []byte(`{}`))}, want: on},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := compute(test.r, test.current, test.desired, test.o)
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
			plan, err := diff.Compute(test.r, parse(t, []byte(test.current)), parse(t, []byte(test.desired)), test.o)
			if err != nil {
				return
			}
			var warnings []string
			for _, w := range plan.Warnings {
				warnings = append(warnings, string(w.Side)+" "+w.Rule+" "+string(w.Pointer))
			}
			if d := cmp.Diff(test.warnings, warnings); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestObjects checks which objects are found in responses.
func TestObjects(t *testing.T) {
	for _, test := range []struct {
		src     string
		want    []string
		several bool
	}{
		{`{"id":"1"}`, []string{""}, false},
		{`{"value":{"id":"1"}}`, []string{"/value"}, false},
		{`{"value":[{"id":"1"},{"id":"2"}]}`, []string{"/value/0", "/value/1"}, true},
		{`{"value":[]}`, nil, true},
		{`{"id":"1","value":[{"id":"2"}]}`, []string{""}, false},
		{`[{"id":"1"}]`, []string{"/0"}, true},
		{`{"responses":[{"body":{"id":"1"}},{"status":204},{"body":{"value":[{},{}]}}]}`, []string{"/responses/0/body", "/responses/2/body/value/0", "/responses/2/body/value/1"}, true},
		{`"x"`, []string{""}, false},
	} {
		list, several := entity.In(parse(t, []byte(test.src)).Root())
		var got []string
		for _, n := range list {
			got = append(got, string(n.Pointer()))
		}
		if d := cmp.Diff(test.want, got); d != "" || several != test.several {
			t.Errorf("%s: several %v\n%s", test.src, several, d)
		}
	}
}

// TestCompared checks that a plan shows whether anything was compared.
func TestCompared(t *testing.T) {
	for _, test := range []struct {
		desired string
		o       diff.Options
		want    int
	}{
		{`{"iosOnboarded":true,"displayName":"x"}`, diff.Options{}, 2},
		{`{"id":"1"}`, diff.Options{}, 0},
		{`{"lastHeartbeatDateTime":"2026-01-31T08:00:00Z"}`, diff.Options{}, 0},
		{`{"lastHeartbeatDateTime":"2026-01-31T08:00:00Z"}`, diff.Options{Send: []patchlint.Pointer{"/lastHeartbeatDateTime"}}, 1},
		{`{"iosOnboarded":true,"displayName":"x"}`, diff.Options{Ignore: []patchlint.Pointer{"/*"}}, 0},
		{`{"iosOnboarded":true,"displayName":"x"}`, diff.Options{Ignore: []patchlint.Pointer{"/displayName"}}, 1},
		{`{"id":"1"}`, diff.Options{Base: parse(t, []byte(`{"displayName":"x"}`))}, 1},
	} {
		plan, err := diff.Compute(partner(t, schema.Beta), parse(t, []byte(held)), parse(t, []byte(test.desired)), test.o)
		if err != nil {
			t.Fatal(err)
		}
		if got := plan.Compared; got != test.want {
			t.Errorf("%s %+v: %d compared, want %d", test.desired, test.o, got, test.want)
		}
	}
}
