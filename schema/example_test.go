package schema_test

import (
	"fmt"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// A model contains the facts about an API version.
func ExampleOpen() {
	model, err := schema.Open(schema.Beta)
	if err != nil {
		fmt.Println(err)
		return
	}
	partner, err := model.Resource("complianceManagementPartner")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(partner.Path())
	for _, name := range []string{"id", "partnerState", "iosEnrollmentAssignments"} {
		p := partner.Property(name)
		fmt.Println(p.Name, p.Type.Short(), "collection:", p.Collection, "computed:", p.Computed)
	}
	// Output:
	// /deviceManagement/complianceManagementPartners/{id}
	// id String collection: false computed: true
	// partnerState deviceManagementPartnerTenantState collection: false computed: false
	// iosEnrollmentAssignments complianceManagementPartnerAssignment collection: true computed: false
}

// Check returns what Graph would refuse in a payload, with the position.
func ExampleType_Check() {
	model, err := schema.Open(schema.V1)
	if err != nil {
		fmt.Println(err)
		return
	}
	partner, err := model.Resource("complianceManagementPartner")
	if err != nil {
		fmt.Println(err)
		return
	}
	doc, err := patchlint.Parse([]byte(`{"linuxOnboarded": true, "displayName": null}`), patchlint.JSON)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, v := range partner.Check(doc.Root()) {
		fmt.Println(v.Pointer, v.Rule, v.Message)
	}
	// Output:
	// /linuxOnboarded version-property "linuxOnboarded" is in beta only, not in v1.0; send the payload to beta, or leave it out
}
