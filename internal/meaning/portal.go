package meaning

import "strings"

// PortalTarget returns Graph's name for a target of assignments that has a name from
// Intune's portal, with or without "AssignmentTarget" behind it; "" for any other name.
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
