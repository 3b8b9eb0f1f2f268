package graph

import (
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/form"
)

// AssignmentTarget is the base type of the targets of Intune's assignments that can have a
// filter.
const AssignmentTarget = "deviceAndAppManagementAssignmentTarget"

// The properties of an assignment filter. They mean something only together, and
// Microsoft365DSC compares them as a pair: a GET returns a null id with the type "none".
const (
	FilterID   = "deviceAndAppManagementAssignmentFilterId"
	FilterType = "deviceAndAppManagementAssignmentFilterType"
)

// Filter returns the filter that is in effect on a target: its type, "include" or
// "exclude", and the node of its id. ok is false without a filter.
func Filter(target patchlint.Node) (kind string, id patchlint.Node, ok bool) {
	value := target.Member(FilterType)
	switch string(value.TextBytes()) { // the usual names need no copy
	case "include":
		kind = "include"
	case "exclude":
		kind = "exclude"
	default:
		kind = value.Text()
	}
	return kind, target.Member(FilterID), kind != "" && kind != "none"
}

// NoID reports whether the id of a filter or group means no filter or group:
// absent, null, empty or the zero GUID.
func NoID(id patchlint.Node) bool {
	if id.Kind() == patchlint.Number || id.Kind() == patchlint.Object {
		return false
	}
	text := id.TextBytes()
	return len(text) == 0 || string(text) == form.ZeroGUID
}

// PortalTarget returns the type of assignment target that a name in Intune's portal means,
// or "". The name may end in "AssignmentTarget".
func PortalTarget(name string) string {
	folded := strings.ToLower(strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '-' || r == '_' }), ""))
	folded = strings.TrimSuffix(folded, "s")
	for _, ending := range []string{"assignmenttarget", "assignment", "target"} {
		if bare, ok := strings.CutSuffix(folded, ending); ok {
			folded = strings.TrimSuffix(bare, "s")
			break
		}
	}
	switch folded {
	case "alluser":
		return "allLicensedUsersAssignmentTarget"
	case "alldevice":
		return "allDevicesAssignmentTarget"
	case "includegroup", "includedgroup", "inclusiongroup":
		return "groupAssignmentTarget"
	case "excludegroup", "excludedgroup", "exclusiongroup":
		return "exclusionGroupAssignmentTarget"
	}
	return ""
}
