package validate_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
)

// TestChoose checks that the fixes which are chosen can be made at once,
// whatever touches what, that each is made whole, and that none is left out that
// touches nothing.
func TestChoose(t *testing.T) {
	src := bytes.Repeat([]byte("0123456789"), 3)
	rapid.Check(t, func(t *rapid.T) {
		var findings []patchlint.Diagnostic
		for range rapid.IntRange(0, 6).Draw(t, "findings") {
			var fix patchlint.Fix
			at := rapid.IntRange(0, len(src)-1).Draw(t, "start")
			for range rapid.IntRange(1, 3).Draw(t, "edits") {
				end := min(len(src), at+rapid.IntRange(0, 4).Draw(t, "length"))
				fix.Edits = append(fix.Edits, patchlint.Edit{Span: patchlint.Span{Start: at, End: end}, NewText: "x"})
				at = min(len(src), end+rapid.IntRange(0, 2).Draw(t, "gap"))
				if last := fix.Edits[len(fix.Edits)-1].Span; at == last.Start {
					break // two edits of nothing at one place have no order
				}
			}
			fix.Safe = rapid.Bool().Draw(t, "safe")
			if rapid.Bool().Draw(t, "backwards") {
				slices.Reverse(fix.Edits)
			}
			findings = append(findings, patchlint.Diagnostic{Fixes: []patchlint.Fix{fix}})
		}
		unsafe := rapid.Bool().Draw(t, "unsafe")
		edits, n := fixes.Choose(findings, unsafe)
		if _, err := fixes.ApplyEdits(src, edits); err != nil {
			t.Fatal(err)
		}
		chosen := 0
		var taken []patchlint.Edit
		for _, d := range findings {
			fix := d.Fixes[0]
			touches := slices.ContainsFunc(fix.Edits, func(e patchlint.Edit) bool {
				return slices.ContainsFunc(taken, func(o patchlint.Edit) bool { return e.Span.Start <= o.Span.End && o.Span.Start <= e.Span.End })
			})
			if (fix.Safe || unsafe) && !touches {
				taken = append(taken, fix.Edits...)
				chosen++
			}
		}
		order := func(a, b patchlint.Edit) int {
			if a.Span.Start != b.Span.Start {
				return a.Span.Start - b.Span.Start
			}
			return a.Span.End - b.Span.End
		}
		slices.SortFunc(taken, order)
		if diff := cmp.Diff(taken, edits); diff != "" || n != chosen {
			t.Fatalf("%d fixes, want %d (-want +got):\n%s", n, chosen, diff)
		}
	})
}
