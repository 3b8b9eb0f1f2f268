package schema

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/form"
)

// The specialties of the targets of Intune's assignments.

// The properties of an assignment filter. Their meaning hangs together, as
// Microsoft365DSC compares them: a GET shows null beside "none".
const (
	FilterID   = "deviceAndAppManagementAssignmentFilterId"
	FilterType = "deviceAndAppManagementAssignmentFilterType"
)

// WithoutFilter compares assignments by whom they target, whatever their
// filters.
var WithoutFilter = Comparison{Ignore: []patchlint.Pointer{"/*/" + FilterID, "/*/" + FilterType}}

// HasFilter reports whether objects of the type can have an assignment filter.
func (t *Type) HasFilter() bool { return t.Property(FilterType) != nil }

// Filter returns the filter that is in effect on a target: its type, "include"
// or "exclude", and the node of its id. ok is false where none is.
func Filter(target patchlint.Node) (kind string, id patchlint.Node, ok bool) {
	switch text := textOf(target.Member(FilterType)); string(text) { // the usual names need no copy
	case "include":
		kind = "include"
	case "exclude":
		kind = "exclude"
	default:
		kind = string(text)
	}
	return kind, target.Member(FilterID), kind != "" && kind != "none"
}

// NoID reports whether the id of a filter or group says that there is none:
// absent, null, empty or the zero GUID.
func NoID(id patchlint.Node) bool {
	if id.Kind() == patchlint.Number || id.Kind() == patchlint.Object {
		return false
	}
	text := textOf(id)
	return len(text) == 0 || string(text) == form.ZeroGUID
}
