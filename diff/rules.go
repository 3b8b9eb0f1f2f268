package diff

import "github.com/patchlint/patchlint"

// The rules about side effects of sending a body, which need both objects.
var (
	collectionLosesAssignments = &patchlint.Rule{
		ID: "collection-loses-assignments", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "a collection that is sent whole drops assignments",
		Why:     `A PATCH replaces a collection of assignments whole: what current has and the body lacks is gone. That may be meant. It is not when somebody else added an assignment since the file was written; with --base, the object that was applied last, patchlint can tell the two apart and keeps theirs.`,
		Links:   []string{"https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html"},
	}
	filtersLost = &patchlint.Rule{
		ID: "filters-lost", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "a collection that is sent through v1.0 loses its filters",
		Why:     `Assignment filters are in beta only. A collection that was read from beta with filters and is sent whole through v1.0 comes back without them, so the assignments apply to more devices, or to other ones. Send it through beta.`,
	}
)

// Rules lists the rules of this package, sorted by id.
func Rules() []*patchlint.Rule { return []*patchlint.Rule{collectionLosesAssignments, filtersLost} }
