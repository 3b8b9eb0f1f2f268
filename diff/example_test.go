package diff_test

import (
	"fmt"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/schema"
)

func ExampleCompute() {
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
	current := []byte(`{"displayName": "Contoso", "iosOnboarded": true, "macOsOnboarded": true}`)
	desired := []byte(`{"displayName": "Contoso MTD", "iosOnboarded": true}`)

	currentDoc, _ := patchlint.Parse(current, patchlint.JSON) // Compute refuses a document that is not JSON
	desiredDoc, _ := patchlint.Parse(desired, patchlint.JSON)
	plan, err := diff.Compute(partner, currentDoc, desiredDoc, diff.Options{})
	if err != nil {
		fmt.Println(err) // the reason of a refusal, with the position
		return
	}
	if plan.Body == nil {
		fmt.Println("nothing to send")
		return
	}
	fmt.Printf("PATCH %s\n%s\n", plan.Path(), plan.Body)
	// Output:
	// PATCH /deviceManagement/complianceManagementPartners/{id}
	// {"displayName":"Contoso MTD"}
}

// A PATCH that Graph would refuse is refused, with the reason and the position.
func ExampleRefusal() {
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
	current, _ := patchlint.Parse([]byte(`{"iosOnboarded": true}`), patchlint.JSON)
	desired, _ := patchlint.Parse([]byte(`{"iosOnboarded": "no"}`), patchlint.JSON)
	_, err = diff.Compute(partner, current, desired, diff.Options{})
	fmt.Println(err)
	// Output:
	// desired is refused at "/iosOnboarded": "iosOnboarded" takes true or false, not the string "no" [wrong-type]
}

// Apply returns the object that the service would hold. Properties that the body leaves
// out keep their values.
func ExampleApply() {
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
	current, _ := patchlint.Parse([]byte(`{"displayName": "Contoso", "iosOnboarded": true}`), patchlint.JSON)
	body, _ := patchlint.Parse([]byte(`{"displayName": "Contoso MTD"}`), patchlint.JSON)
	object, _, err := diff.Apply(partner, "", current, body)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s", object)
	// Output:
	// {
	//   "displayName": "Contoso MTD",
	//   "iosOnboarded": true
	// }
}
