package schema_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint/schema"
)

func TestParseEndpoint(t *testing.T) {
	const partner = "microsoft.graph.complianceManagementPartner"
	for _, test := range []struct {
		url  string
		want schema.Endpoint // zero for none
	}{
		{"https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/42", schema.Endpoint{Version: "beta", Type: partner, Key: "42"}},
		{"https://graph.microsoft.com/v1.0/deviceManagement/complianceManagementPartners('42')?$select=id#x", schema.Endpoint{Version: "v1.0", Type: partner, Key: "42"}},
		{"https://graph.microsoft.us/V1.0/devicemanagement/COMPLIANCEMANAGEMENTPARTNERS/4%2F2/", schema.Endpoint{Version: "v1.0", Type: partner, Key: "4/2"}},
		{"//deviceManagement//complianceManagementPartners(id='it''s')", schema.Endpoint{Type: partner, Key: "it's"}},
		{"deviceManagement/complianceManagementPartners/42/microsoft.graph.complianceManagementPartner", schema.Endpoint{Type: partner, Key: "42"}},
		{"deviceManagement/complianceManagementPartners/42/Graph.complianceManagementPartner", schema.Endpoint{Type: partner, Key: "42"}},
		{"deviceManagement/complianceManagementPartners('42')/graph.complianceManagementPartner", schema.Endpoint{Type: partner, Key: "42"}},
		{"v1.0/deviceManagement/microsoft.graph.deviceManagement/complianceManagementPartners/microsoft.graph.complianceManagementPartner/42", schema.Endpoint{Version: "v1.0", Type: partner, Key: "42"}},
		{"/beta/./deviceManagement/x/../complianceManagementPartners/%2e/42", schema.Endpoint{Version: "beta", Type: partner, Key: "42"}},
		{"/../../deviceManagement/complianceManagementPartners/42", schema.Endpoint{Type: partner, Key: "42"}},
		{"/deviceManagement/complianceManagementPartners(@k)?$select=id&@k='it''s'", schema.Endpoint{Type: partner, Key: "it's"}},
		{"/deviceManagement/complianceManagementPartners(id=@k)?%40k=%2742%27", schema.Endpoint{Type: partner, Key: "42"}},
		{"/deviceManagement/complianceManagementPartners('@k')?@k='42'", schema.Endpoint{Type: partner, Key: "@k"}},
		{"/deviceManagement/complianceManagementPartners/@k?@k='42'", schema.Endpoint{Type: partner, Key: "@k"}},
		{"/deviceManagement/complianceManagementPartners/graph.complianceManagementPartner/../42", schema.Endpoint{Type: partner, Key: "42"}},
		{"/deviceManagement/complianceManagementPartners//../42", schema.Endpoint{Type: partner, Key: "42"}},
		{"/deviceManagement/complianceManagementPartners/graph.complianceManagementPartner", schema.Endpoint{Type: partner}},
		{"/deviceManagement/complianceManagementPartners(@k)", schema.Endpoint{Type: partner, Key: "@k"}},
		{"/beta/deviceManagement/complianceManagementPartners", schema.Endpoint{Version: "beta", Type: partner}},
		{"{{graph}}/deviceManagement/complianceManagementPartners/{{id}}", schema.Endpoint{Type: partner, Key: "{{id}}"}},
		{"http://127.0.0.1:8080/stage/beta/deviceManagement/complianceManagementPartners/42", schema.Endpoint{Version: "beta", Type: partner, Key: "42"}},
		{"https://graph.microsoft.com/v1.0/$batch", schema.Endpoint{Version: "v1.0", Batch: true}},
		{"/%24batch", schema.Endpoint{Batch: true}},
		{url: "/deviceManagement/complianceManagementPartners/42/extra"},
		{url: "/deviceManagement/complianceManagementPartners('42')/43"},
		{url: "/deviceManagement/complianceManagementPartners('42'"},
		{url: "/deviceManagement/complianceManagementPartner/42"},
		{url: "https://graph.microsoft.com/beta/deviceManagement"},
		{url: "https://graph.microsoft.com/beta/users?x=/deviceManagement/complianceManagementPartners/42"},
		{url: "https://graph.microsoft.com"},
		{url: ""},
	} {
		got, ok := schema.ParseEndpoint(test.url)
		if diff := cmp.Diff(test.want, got); diff != "" || ok != (test.want != schema.Endpoint{}) {
			t.Errorf("%s: %v (-want +got):\n%s", test.url, ok, diff)
		}
	}
}
