package diff_test

import (
	"encoding/json"

	"github.com/wI2L/jsondiff"

	"github.com/patchlint/patchlint/diff"
)

// jsondiffSize is the length of the patch that jsondiff makes with its defaults
// for the changed properties of a plan.
func jsondiffSize(t failer, p *diff.Plan) int {
	from, to := make(map[string]any), make(map[string]any)
	for _, c := range p.Changes {
		if c.Current.Exists() {
			from[c.Property.Name] = c.Current.Value()
		}
		to[c.Property.Name] = c.Desired.Value()
	}
	patch, err := jsondiff.CompareWithoutMarshal(from, to)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if patch == nil {
		return len("[]")
	}
	text, err := json.Marshal(patch)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return len(text)
}
