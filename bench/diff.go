package bench

import (
	"encoding/json"

	evanphx "github.com/evanphx/json-patch/v5"
	"github.com/wI2L/jsondiff"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
)

// The differs. Patchlint parses and checks both objects, compares them as Graph does,
// and renders the body.
const (
	DecodeBoth = "json.Unmarshal of both" // the first step of merge-patch libraries; produces no body
	Evanphx    = "evanphx CreateMergePatch"
	Jsondiff   = "jsondiff MergePatchJSON"
)

// Differ computes the body of a PATCH from the bytes of two objects. The body is empty
// or {} if there is nothing to send.
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
