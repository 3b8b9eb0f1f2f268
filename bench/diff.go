package bench

import (
	"encoding/json"

	evanphx "github.com/evanphx/json-patch/v5"
	"github.com/wI2L/jsondiff"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
)

// The differs; Patchlint parses and checks both objects, compares them as Graph
// does, and renders the body.
const (
	DecodeBoth = "json.Unmarshal of both" // what a merge-patch maker needs first; makes no body
	Evanphx    = "evanphx CreateMergePatch"
	Jsondiff   = "jsondiff MergePatchJSON"
)

// Differ takes two objects from bytes to the body of a PATCH, which is empty or {}
// when there is nothing to send.
type Differ func(current, desired []byte) ([]byte, error)

// Differs returns all differs by name.
func Differs() (map[string]Differ, error) {
	partner, err := partner()
	if err != nil {
		return nil, err
	}
	return map[string]Differ{
		Patchlint: func(current, desired []byte) ([]byte, error) {
			c, _ := patchlint.Parse(current, patchlint.JSON)
			d, _ := patchlint.Parse(desired, patchlint.JSON)
			plan, err := diff.Compute(partner, c, d, diff.Options{})
			if err != nil {
				return nil, err
			}
			return plan.Body, nil
		},
		Evanphx: evanphx.CreateMergePatch,
		Jsondiff: func(current, desired []byte) ([]byte, error) {
			return jsondiff.MergePatchJSON(current, desired)
		},
		DecodeBoth: func(current, desired []byte) ([]byte, error) {
			var a, b any
			if err := json.Unmarshal(current, &a); err != nil {
				return nil, err
			}
			return nil, json.Unmarshal(desired, &b)
		},
	}, nil
}
