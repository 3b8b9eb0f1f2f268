package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/patchlint/patchlint/schema"
)

// TestUnknownMessages checks what is said of names that are near to others.
func TestUnknownMessages(t *testing.T) {
	for _, test := range []struct{ of, name, want string }{
		{"windows10CompliancePolicy", "ScheduledActionsForRule", `did you mean the navigation property "scheduledActionsForRule"?`},
		{"windows10CompliancePolicy", "scheduledActionForRule", `did you mean the navigation property "scheduledActionsForRule"?`},
		{"windows10CompliancePolicy", "assignment", `did you mean the navigation property "assignments"?`},
		{"windows10CompliancePolicy", "deviceStatuse", `did you mean the navigation property "deviceStatuses"?`},
		{"windows10CompliancePolicy", "osmaximumversion", `did you mean "osMaximumVersion"?`},
		{"windows10CompliancePolicy", "fleetOfShips", "remove it, Graph refuses unknown properties"},
		{"androidManagedAppProtection", "displayname", `did you mean "displayName"?`},
		{"androidManagedAppProtection", "dsplayName", `did you mean "displayName"?`},
		{"complianceManagementPartner", "enrollmentAssignments", "use one or more of"},
	} {
		r, err := open(t, schema.Beta).Resource(test.of)
		if err != nil {
			t.Fatal(err)
		}
		found := r.Check(parse(t, fmt.Sprintf("{%q: 1}", test.name)).Root())
		if len(found) != 1 || !strings.Contains(found[0].Message, test.want) {
			t.Errorf("%s: %q, want %q", test.name, messages(found), test.want)
		}
	}
}
