package validate_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/validate"
)

// TestDocumentStays checks that linting a document from several goroutines, and
// changing what they found, leaves the document as it was.
func TestDocumentStays(t *testing.T) {
	for _, src := range []string{
		`{"iosOnboarded": true, "password": "Tr0ub4dor&3", "password": "Tr0ub4dor&4",}`,
		`{"password": Tr0ub4dor&3}`,
		`{"iosOnboarded": true,}`,
	} {
		doc, _ := patchlint.Parse([]byte(src), patchlint.JSON)
		again, _ := patchlint.Parse([]byte(src), patchlint.JSON)
		var linter validate.Linter
		want := linter.LintDocument(again, validate.Target{})
		var running sync.WaitGroup
		for range 4 {
			running.Add(1)
			go func() {
				defer running.Done()
				got := linter.LintDocument(doc, validate.Target{})
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
				for i := range got {
					got[i].Message = "changed"
					for k := range got[i].Related {
						got[i].Related[k].Message = "changed"
					}
					for k := range got[i].Fixes {
						got[i].Fixes[k].Title = "changed"
						got[i].Fixes[k].Edits[0].Span.Start = -1
					}
				}
			}()
		}
		running.Wait()
		if diff := cmp.Diff(again.Faults(), doc.Faults()); diff != "" {
			t.Errorf("the document has changed:\n%s", diff)
		}
	}
}
