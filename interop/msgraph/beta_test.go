package msgraph_test

import (
	"testing"

	kiotajson "github.com/microsoft/kiota-serialization-json-go"
	"github.com/microsoftgraph/msgraph-beta-sdk-go/devicemanagement"
	"github.com/microsoftgraph/msgraph-beta-sdk-go/models"
	core "github.com/microsoftgraph/msgraph-sdk-go-core"
)

// TestBeta sends through the request builder of the device management package,
// because the package that contains it would double the time to compile.
func TestBeta(t *testing.T) {
	options := core.GraphClientOptions{GraphServiceVersion: "beta"}
	g := newGuarded(t, &options)
	adapter, err := core.NewGraphRequestAdapterBaseWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(
		g.anyone, options, kiotajson.NewJsonParseNodeFactory(), kiotajson.NewJsonSerializationWriterFactory(), g.client)
	if err != nil {
		t.Fatal(err)
	}
	adapter.SetBaseUrl(g.URL + "/beta")
	builder := devicemanagement.NewDeviceManagementRequestBuilderInternal(map[string]string{"baseurl": adapter.GetBaseUrl()}, adapter)
	patch := func(change func(models.ComplianceManagementPartnerable)) func() error {
		return func() error {
			partner := models.NewComplianceManagementPartner()
			change(partner)
			_, err := builder.ComplianceManagementPartners().ByComplianceManagementPartnerId(id).Patch(t.Context(), partner, nil)
			return err
		}
	}
	assigned := func(target models.DeviceAndAppManagementAssignmentTargetable) []models.ComplianceManagementPartnerAssignmentable {
		assignment := models.NewComplianceManagementPartnerAssignment()
		assignment.SetTarget(target)
		return []models.ComplianceManagementPartnerAssignmentable{assignment}
	}
	filter := func(target models.DeviceAndAppManagementAssignmentTargetable) models.DeviceAndAppManagementAssignmentTargetable {
		target.SetDeviceAndAppManagementAssignmentFilterId(to(groupID))
		target.SetDeviceAndAppManagementAssignmentFilterType(to(models.INCLUDE_DEVICEANDAPPMANAGEMENTASSIGNMENTFILTERTYPE))
		return target
	}

	g.try(t, "/beta/deviceManagement/complianceManagementPartners/"+id, []update{
		{
			name: "good",
			send: patch(func(p models.ComplianceManagementPartnerable) {
				p.SetLinuxOnboarded(to(true))
				p.SetLinuxEnrollmentAssignments(assigned(filter(models.NewAllLicensedUsersAssignmentTarget())))
			}),
			body: `{"linuxEnrollmentAssignments":[{"target":{"deviceAndAppManagementAssignmentFilterId":"` + groupID + `","deviceAndAppManagementAssignmentFilterType":"include","@odata.type":"#microsoft.graph.allLicensedUsersAssignmentTarget"}}],"linuxOnboarded":true}`,
		},
		{
			name: "type that is not published",
			send: patch(func(p models.ComplianceManagementPartnerable) {
				target := models.NewAndroidFotaDeploymentAssignmentTarget()
				target.SetGroupId(to(groupID))
				p.SetIosEnrollmentAssignments(assigned(target))
			}),
			body:  `{"iosEnrollmentAssignments":[{"target":{"@odata.type":"#microsoft.graph.androidFotaDeploymentAssignmentTarget","groupId":"` + groupID + `"}}]}`,
			rules: []string{"unpublished-type"},
		},
		{
			name: "group without id",
			send: patch(func(p models.ComplianceManagementPartnerable) {
				p.SetIosEnrollmentAssignments(assigned(filter(models.NewExclusionGroupAssignmentTarget())))
			}),
			rules: []string{"missing-target", "required-property"},
		},
		{
			name: "target of another family",
			send: patch(func(p models.ComplianceManagementPartnerable) {
				target := models.NewGroupAssignmentTarget()
				target.SetOdataType(to("#microsoft.graph.cloudPcManagementGroupAssignmentTarget"))
				target.SetGroupId(to(groupID))
				p.SetIosEnrollmentAssignments(assigned(target))
			}),
			rules: []string{"odata-type"},
		},
		{
			name: "property of the reference page",
			send: patch(func(p models.ComplianceManagementPartnerable) {
				p.SetAdditionalData(map[string]any{"windowsOnboarded": true})
			}),
			body:  `{"windowsOnboarded":true}`,
			rules: []string{"deprecated-property"},
		},
		{
			name: "enum that there is not",
			send: patch(func(p models.ComplianceManagementPartnerable) {
				p.SetAdditionalData(map[string]any{"partnerState": "active"})
			}),
			rules: []string{"server-managed-property", "enum-value"},
		},
	})
}
