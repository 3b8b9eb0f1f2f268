package validate

import (
	"math/bits"
	"testing"

	"github.com/patchlint/patchlint/schema"
)

// TestVisitors holds that every rule that visits has a bit of its own, below
// those that are no rule's.
func TestVisitors(t *testing.T) {
	if n, free := len(visitors()), bits.TrailingZeros64(foreign|freeText); n > free {
		t.Errorf("%d rules visit, and there are bits for %d", n, free)
	}
}

// TestUnless holds that what a rule says of the objects in which it finds nothing
// is about types that it looks at, and that they have such a property.
func TestUnless(t *testing.T) {
	for _, r := range all {
		for name, chooses := range map[string]func(*schema.Property) bool{"With": r.At.With, "Without": r.At.Without} {
			if chooses == nil {
				continue
			}
			known := false
			for _, v := range schema.Versions() {
				m, err := schema.Open(v)
				if err != nil {
					t.Fatal(err)
				}
				for _, of := range m.Types() {
					for _, p := range of.Properties {
						known = known || r.At.object(of) && chooses(p)
					}
				}
			}
			if !known {
				t.Errorf("%s: %s chooses no property of a type that the rule looks at", r.ID, name)
			}
		}
	}
}
