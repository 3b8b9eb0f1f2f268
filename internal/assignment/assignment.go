// Package assignment handles the targets of Intune's assignments.
package assignment

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/form"
)

// Target is the base type of the targets that can have a filter.
const Target = "deviceAndAppManagementAssignmentTarget"

// The properties of an assignment filter. They have a meaning only together, and
// Microsoft365DSC compares them so: a GET shows null with "none".
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
