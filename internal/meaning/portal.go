package meaning

import "strings"

// PortalTarget returns the type of the assignment target with a name from Intune's portal,
// which may end in "AssignmentTarget", or "" for any other name.
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
