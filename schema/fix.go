package schema

import (
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
)

// fixes returns the fixes that resolve the violation, the most likely first.
func (v violation) fixes() (list []patchlint.Fix) {
	switch v.Rule {
	case nullValue:
		if !v.needed {
			list = append(v.replacement(false), fixes.Remove(v.Node, false))
		}
	case odataType:
		if v.into.Exists() {
			list = append(list, fixes.Move(v.Node, v.into, v.as))
		} else if v.as != "" {
			list = append(list, fixes.Wrap(v.Node.Parent(), v.as))
		}
	case payloadShape:
		if v.Suggestion == "" && v.Node.Kind() == patchlint.Object && v.Node.Name() == "value" {
			annotated := true // the wrapper has only annotations, so removing it loses nothing
			for member := range v.Node.Parent().Children() {
				annotated = annotated && (member == v.Node || strings.Contains(member.Name(), "@"))
			}
			list = append(list, fixes.Unwrap(v.Node, annotated))
		}
	case unknownProperty:
		switch {
		case v.Node.Name() == "$schema":
			list = append(list, fixes.Remove(v.Node, true))
		case v.into.Exists():
			list = append(list, fixes.Move(v.Node, v.into, v.as))
		case v.Suggestion == "" && !v.ambiguous:
			list = append(list, fixes.Remove(v.Node, false))
		}
	case unpublishedProperty:
		list = append(list, fixes.Remove(v.Node, false))
	}
	if list == nil {
		return v.replacement(v.certain)
	}
	return list
}

// replacement returns the fix that applies the suggestion, or nil if there is none.
func (v violation) replacement(safe bool) []patchlint.Fix {
	if v.Suggestion == "" {
		return nil
	}
	return []patchlint.Fix{fixes.Replace(v.Span, v.Suggestion, safe)}
}
