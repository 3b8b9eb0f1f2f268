package graph_test

import (
	"testing"

	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/schema"
)

// TestPortalTargets checks that the names in the portal mean types that exist.
func TestPortalTargets(t *testing.T) {
	m, err := schema.Open(schema.Beta)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, want string }{
		{"alluser", "allLicensedUsersAssignmentTarget"},
		{"alldevice", "allDevicesAssignmentTarget"},
		{"includegroup", "groupAssignmentTarget"},
		{"includegroups", "groupAssignmentTarget"},
		{"includedgroup", "groupAssignmentTarget"},
		{"inclusiongroup", "groupAssignmentTarget"},
		{"inclusiongroups", "groupAssignmentTarget"},
		{"excludegroup", "exclusionGroupAssignmentTarget"},
		{"excludegroups", "exclusionGroupAssignmentTarget"},
		{"excludedgroup", "exclusionGroupAssignmentTarget"},
		{"exclusiongroup", "exclusionGroupAssignmentTarget"},
		{"exclusiongroups", "exclusionGroupAssignmentTarget"},
		{"All users", "allLicensedUsersAssignmentTarget"},
		{"all_devices", "allDevicesAssignmentTarget"},
		{"AllUsersAssignment", "allLicensedUsersAssignmentTarget"},
		{"Included groups", "groupAssignmentTarget"},
		{"excludedGroupsAssignmentTarget", "exclusionGroupAssignmentTarget"},
		{"All users and all devices", ""},
		{"allDevicesExceptSales", ""},
	} {
		got := graph.PortalTarget(test.name)
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		if typ := m.Type(got); got != "" && (typ == nil || typ.Abstract || typ.Unpublished != "") {
			t.Errorf("%s: %s", test.name, got)
		}
	}
}
