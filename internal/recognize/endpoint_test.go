package recognize_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/schema"
)

func TestAddressed(t *testing.T) {
	const partner = "microsoft.graph.complianceManagementPartner"
	for _, test := range []struct {
		url  string
		want recognize.Endpoint // zero for none
	}{
		{"https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/42", recognize.Endpoint{Version: "beta", Type: partner, Key: "42"}},
		{"https://graph.microsoft.com/v1.0/deviceManagement/complianceManagementPartners('42')?$select=id#x", recognize.Endpoint{Version: "v1.0", Type: partner, Key: "42"}},
		{"https://graph.microsoft.us/V1.0/devicemanagement/COMPLIANCEMANAGEMENTPARTNERS/4%2F2/", recognize.Endpoint{Version: "v1.0", Type: partner, Key: "4/2"}},
		{"//deviceManagement//complianceManagementPartners(id='it''s')", recognize.Endpoint{Type: partner, Key: "it's"}},
		{"deviceManagement/complianceManagementPartners/42/microsoft.graph.complianceManagementPartner", recognize.Endpoint{Type: partner, Key: "42"}},
		{"deviceManagement/complianceManagementPartners/42/Graph.complianceManagementPartner", recognize.Endpoint{Type: partner, Key: "42"}},
		{"deviceManagement/complianceManagementPartners('42')/graph.complianceManagementPartner", recognize.Endpoint{Type: partner, Key: "42"}},
		{"v1.0/deviceManagement/microsoft.graph.deviceManagement/complianceManagementPartners/microsoft.graph.complianceManagementPartner/42", recognize.Endpoint{Version: "v1.0", Type: partner, Key: "42"}},
		{"/beta/./deviceManagement/x/../complianceManagementPartners/%2e/42", recognize.Endpoint{Version: "beta", Type: partner, Key: "42"}},
		{"/../../deviceManagement/complianceManagementPartners/42", recognize.Endpoint{Type: partner, Key: "42"}},
		{"/deviceManagement/complianceManagementPartners(@k)?$select=id&@k='it''s'", recognize.Endpoint{Type: partner, Key: "it's"}},
		{"/deviceManagement/complianceManagementPartners(id=@k)?%40k=%2742%27", recognize.Endpoint{Type: partner, Key: "42"}},
		{"/deviceManagement/complianceManagementPartners('@k')?@k='42'", recognize.Endpoint{Type: partner, Key: "@k"}},
		{"/deviceManagement/complianceManagementPartners/@k?@k='42'", recognize.Endpoint{Type: partner, Key: "@k"}},
		{"/deviceManagement/complianceManagementPartners/graph.complianceManagementPartner/../42", recognize.Endpoint{Type: partner, Key: "42"}},
		{"/deviceManagement/complianceManagementPartners//../42", recognize.Endpoint{Type: partner, Key: "42"}},
		{"/deviceManagement/complianceManagementPartners/graph.complianceManagementPartner", recognize.Endpoint{Type: partner, Collection: true}},
		{"/deviceManagement/complianceManagementPartners(@k)", recognize.Endpoint{Type: partner, Key: "@k"}},
		{"/deviceManagement/complianceManagementPartners(displayName='x')", recognize.Endpoint{Type: partner}},
		{"/deviceManagement/complianceManagementPartners('')", recognize.Endpoint{Type: partner, Collection: true}},
		{"/deviceManagement/complianceManagementPartners()", recognize.Endpoint{Type: partner, Collection: true}},
		{"/beta/deviceManagement/complianceManagementPartners", recognize.Endpoint{Version: "beta", Type: partner, Collection: true}},
		{"{{graph}}/deviceManagement/complianceManagementPartners/{{id}}", recognize.Endpoint{Type: partner, Key: "{{id}}"}},
		{"http://127.0.0.1:8080/stage/beta/deviceManagement/complianceManagementPartners/42", recognize.Endpoint{Version: "beta", Type: partner, Key: "42"}},
		{"https://graph.microsoft.com/v1.0/$batch", recognize.Endpoint{Version: "v1.0", Batch: true}},
		{"/%24batch", recognize.Endpoint{Batch: true}},
		{url: "/deviceManagement/complianceManagementPartners/42/extra"},
		{url: "/deviceManagement/complianceManagementPartners('42')/43"},
		{url: "/deviceManagement/complianceManagementPartners('42'"},
		{url: "/deviceManagement/complianceManagementPartner/42"},
		{url: "https://graph.microsoft.com/beta/deviceManagement"},
		{url: "https://graph.microsoft.com/beta/users?x=/deviceManagement/complianceManagementPartners/42"},
		{url: "https://graph.microsoft.com"},
		{url: ""},
	} {
		got, scope := recognize.Locate(test.url)
		if scope != recognize.Addressed && scope != recognize.Batched {
			got = recognize.Endpoint{}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", test.url, scope, diff)
		}
	}
}

// TestPartnerPath compares what Locate assumes with the facts.
func TestPartnerPath(t *testing.T) {
	for _, v := range schema.Versions() {
		m, err := schema.Open(v)
		if err != nil {
			t.Fatal(err)
		}
		if m.Facts().Namespace != "microsoft.graph" || m.Type("graph.user") == nil {
			t.Errorf("%s: the namespace is %s", v, m.Facts().Namespace)
		}
		for _, r := range m.Resources() {
			if path := r.Path(); path != "" && (path != recognize.PartnerPath+"/{id}" || r.Short() != "complianceManagementPartner") {
				t.Errorf("%s: %s is at %s", v, r.Short(), path)
			}
		}
		partner, err := m.Resource("complianceManagementPartner")
		if err != nil || partner.Path() != recognize.PartnerPath+"/{id}" {
			t.Errorf("%s: %v", v, err)
		}
	}
}

// TestResolve checks which URLs address objects of any type.
func TestResolve(t *testing.T) {
	at := func(version schema.Version, name, key string) recognize.Endpoint {
		return recognize.Endpoint{Version: version, Type: "microsoft.graph." + name, Key: key}
	}
	into := func(version schema.Version, name string) recognize.Endpoint {
		return recognize.Endpoint{Version: version, Type: "microsoft.graph." + name, Collection: true}
	}
	for _, test := range []struct {
		url  string
		want recognize.Endpoint // zero for none
	}{
		{"https://graph.microsoft.com/v1.0/users/42", at("v1.0", "user", "42")},
		{"https://graph.microsoft.com/v1.0/users('42')?$select=id", at("v1.0", "user", "42")},
		{"/users/a@contoso.com", at("", "user", "a@contoso.com")},
		{"/USERS(id='it''s')", at("", "user", "it's")},
		{"/users(@k)?@k='42'", at("", "user", "42")},
		{"/me", at("", "user", "")},
		{"/me/manager", at("", "directoryObject", "")},
		{"/users", into("", "user")},
		{"{{graph}}/beta/users/{{id}}", at("beta", "user", "{{id}}")},
		{"{{graph}}/users/{{id}}", at("", "user", "{{id}}")},
		{"{{graph}}users/{{id}}", at("", "user", "{{id}}")},
		{"/users/$userId", at("", "user", "$userId")},
		{"https://graph.microsoft.com/{{version}}/users/{{id}}", at("", "user", "{{id}}")},
		{"https://graph.microsoft.com/{version}/users/{id}", at("", "user", "{id}")},
		{"http://localhost:8080/stage/beta/users/42", at("beta", "user", "42")},
		{"graph.microsoft.com/v1.0/groups/42", at("v1.0", "group", "42")},
		{"/applications(appId='x')", at("", "application", "")},
		{"/directoryObjects/42/microsoft.graph.user", at("", "user", "42")},
		{"/directoryObjects/microsoft.graph.user/42", at("", "user", "42")},
		{"/directoryObjects/graph.user('42')", at("", "user", "42")},
		{"/deviceManagement", at("", "deviceManagement", "")},
		{"/deviceManagement/deviceConfigurations/42", at("", "deviceConfiguration", "42")},
		{"/deviceManagement/deviceConfigurations/42/assignments/43", at("", "deviceConfigurationAssignment", "43")},
		{"/identity/conditionalAccess/policies/42", at("", "conditionalAccessPolicy", "42")},
		{"/identity/conditionalAccess/policies", into("", "conditionalAccessPolicy")},
		{"/v1.0/security/alerts_v2/42", at("v1.0", "security.alert", "42")},
		{"/security/alerts/42", at("", "alert", "42")},
		{"/beta/security/cases/ediscoveryCases/42", at("beta", "security.ediscoveryCase", "42")},
		{"/beta/search/bookmarks", into("beta", "search.bookmark")},
		{"/beta/admin/windows/updates/deployments/42", at("beta", "windowsUpdates.deployment", "42")},
		{"/beta/deviceManagement/monitoring/alertRules/42", at("beta", "deviceManagement.alertRule", "42")},
		{"/beta/tenantRelationships/managedTenants/tenantTags", into("beta", "managedTenants.tenantTag")},
		{"/me/mailboxSettings", at("", "mailboxSettings", "")},
		{"/v1.0/users/42/mailboxSettings/automaticRepliesSetting", at("v1.0", "automaticRepliesSetting", "")},
		{"/beta/drives/1/items/2/workbook/worksheets('Sheet1')/range(address='$A$1')", at("beta", "workbookRange", "")},
		{"/v1.0/drives/1/items/2/workbook/names/x/range/format/fill", at("v1.0", "workbookRangeFill", "")},
		{"/v1.0/drives/1/items/2/workbook/names/x/range/format/borders", into("v1.0", "workbookRangeBorder")},
		{url: "/v1.0/drives/1/items/2/workbook/worksheets/range(address='A1')"},
		{url: "/v1.0/drives/1/items/2/workbook/names/x/range/clear"},
		{url: "/v1.0/drives/1/items/2/workbook/tables/itemAt(index=1)"},
		{url: "/beta/admin/cloudLicensing/allotments/42"}, // docs/metadata.md names the paths that the facts of beta lack
		{url: "/beta/security/partner/securityAlerts/42"},
		{url: "/users/42/mailboxSettings/timeZone"},
		{url: "/users/42/mailboxSettings('43')"},
		{url: "/users/42/assignedLicenses"},
		{url: "/deviceManagement/deviceConfigurations/42/assign"},
		{url: "/deviceManagement/deviceConfigurations/42/microsoft.graph.assign"},
		{url: "/deviceManagement/deviceConfigurations/42/displayName"},
		{url: "/identityProtection/riskyUsers/dismiss"},
		{url: "/identityProtection/riskyUsers/microsoft.graph.dismiss"},
		{url: "/users/delta()"},
		{url: "/users/nosuchfunction(x=1)"},
		{url: "/users/$filter(@f)"},
		{url: "/users/42/$value"},
		{url: "/groups/42/members/$ref"},
		{url: "/users(42"},
		{url: "/users()"},
		{url: "/nosuchset/42"},
		{url: "/users/42/nosuchproperty/43"},
		{url: "https://graph.microsoft.com/"},
		{url: ""},
	} {
		got, ok, _ := recognize.Resolve(nil, test.url, "")
		if diff := cmp.Diff(test.want, got); diff != "" || ok != (test.want != recognize.Endpoint{}) {
			t.Errorf("%s: %v (-want +got):\n%s", test.url, ok, diff)
		}
	}
}

// TestResolveAgain checks that a URL costs no search through the facts when one for the
// same types was resolved before: a file may hold thousands of them. A search takes
// memory for what it reads.
func TestResolveAgain(t *testing.T) {
	for _, url := range []string{
		"https://graph.microsoft.com/beta/users/1", "/identity/conditionalAccess/policies/1", "/me/manager",
		"/deviceManagement/deviceConfigurations('1')/microsoft.graph.windows10GeneralConfiguration", "/groups/1/nothing",
	} {
		if n := testing.AllocsPerRun(10, func() { recognize.Resolve(nil, url, "") }); n > 12 {
			t.Errorf("%s takes %v allocations", url, n)
		}
	}
}

// TestVersion checks which API version a document shows.
func TestVersion(t *testing.T) {
	const context = `{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users/$entity"}`
	for _, test := range []struct {
		given schema.Version
		src   string
		want  schema.Version
	}{
		{"", context, "v1.0"},
		{"beta", context, "beta"},
		{"", strings.Replace(context, "graph.microsoft.com", "contoso.example", 1), ""},
		{"", strings.Replace(context, "https://graph.microsoft.com/v1.0/", "", 1), ""},
		{"", `{"x@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users('1')/x"}`, "v1.0"},
		{"", `{"@odata.type": "#microsoft.graph.user", "x@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users('1')/x"}`, ""},
	} {
		doc, err := patchlint.Parse([]byte(test.src), patchlint.JSON)
		if err != nil {
			t.Fatal(err)
		}
		if got := recognize.Version(test.given, doc); got != test.want {
			t.Errorf("%s: %q, want %q", test.src, got, test.want)
		}
	}
}

// TestLocate checks the endpoints of URLs that services read in different ways.
func TestLocate(t *testing.T) {
	const partners = "/beta/deviceManagement/complianceManagementPartners"
	for url, want := range map[string]recognize.Scope{
		partners + "/42":        recognize.Addressed,
		partners + "/a:%2F%2Fb": recognize.Addressed,
		partners + "('a;b')":    recognize.Addressed,
		partners + "/42;v=1":    recognize.Addressed,
		partners + "%252F42":    recognize.Addressed,
		"/beta/deviceManagement('x')/complianceManagementPartners/42": recognize.Addressed,
		"/beta/$batch":                recognize.Batched,
		"/beta/%2524batch":            recognize.Batched,
		partners + "/a://b":           recognize.Partial,
		partners + "/42/displayName":  recognize.Partial,
		partners + "('4/2')":          recognize.Partial,
		partners + "/42/$batch":       recognize.Partial,
		partners + "/..%2F..%2Fusers": recognize.Addressed, // a key, decoded once
		"/beta/deviceManagement/x/complianceManagementPartners/42": recognize.Partial,
		"/beta/$batch/x": recognize.Partial,
		"/beta/$entity?$id=deviceManagement/complianceManagementPartners/42": recognize.Partial,
		"/beta/deviceManagement":                            recognize.Containing,
		"https://graph.microsoft.us/v1.0/DeviceManagement/": recognize.Containing,
		"/beta/deviceManagement/deviceConfigurations":       recognize.Unrelated,
		"/beta/$entity?$id=users/42":                        recognize.Unrelated,
		partners + "/../deviceConfigurations/42":            recognize.Unrelated,
		"/beta/users/42":                                    recognize.Unrelated,
		"":                                                  recognize.Unrelated,
		"%":                                                 recognize.Unrelated,
	} {
		if e, got := recognize.Locate(url); got != want {
			t.Errorf("%s: %v as %+v, want %v", url, got, e, want)
		}
	}
	e, _ := recognize.Locate(partners + "/42;v=1")
	if diff := cmp.Diff(recognize.Endpoint{Version: "beta", Type: "microsoft.graph.complianceManagementPartner", Key: "42"}, e); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
