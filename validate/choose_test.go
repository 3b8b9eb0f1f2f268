package validate_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// TestChoose checks that the chosen fixes can be made together, whichever fixes
// touch each other, that each is made whole, and that a fix that touches no other is
// not left out.
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
					break // two insertions at one place have no order
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

// TestFixesOfOneName checks that of two fixes that write the same name, only one is made.
func TestFixesOfOneName(t *testing.T) {
	const src = `{"@odata.typex": "#microsoft.graph.windows10GeneralConfiguration", "displayName": "x", "assignments@odata.context": "https://graph.microsoft.com/beta/$metadata#deviceManagement/deviceConfigurations('1')/microsoft.graph.windows10GeneralConfiguration/assignments"}`
	target := validate.Target{Version: schema.Beta, Type: "windows10GeneralConfiguration"}
	fixed, _ := new(validate.Linter).Fix([]byte(src), patchlint.JSON, target, true)
	if want := `{"@odata.type": "#microsoft.graph.windows10GeneralConfiguration", "displayName": "x"}`; string(fixed) != want {
		t.Errorf("%s, want %s", fixed, want)
	}
}

// TestApply checks that a fix that makes a text invalid or changes its type is not made,
// and that all others are.
func TestApply(t *testing.T) {
	// A text is a type and words. Each lower-case word has a fix, which makes it upper-case.
	lint := func(src []byte) (findings []patchlint.Diagnostic, types []string) {
		at := 0
		for word := range bytes.FieldsSeq(src) {
			at += bytes.Index(src[at:], word)
			if upper := bytes.ToUpper(word); !bytes.Equal(upper, word) {
				fix := patchlint.Fix{Safe: true, Edits: []patchlint.Edit{{Span: patchlint.Span{Start: at, End: at + len(word)}, NewText: string(upper)}}}
				findings = append(findings, patchlint.Diagnostic{Rule: string(word), Fixes: []patchlint.Fix{fix}})
			}
			at += len(word)
		}
		if bytes.Contains(src, []byte("INVALID")) {
			return findings, nil
		}
		return findings, []string{map[bool]string{true: "another", false: "one"}[bytes.Contains(src, []byte("TYPE"))]}
	}
	many := strings.Repeat(" a", 1000)
	for _, test := range []struct {
		src, safe, unsafe string
	}{
		{"a b", "A B", "A B"},
		{"type", "type", "TYPE"},
		{"a type b c d", "A type B C D", "A TYPE B C D"},
		{"type a invalid b type c", "type A invalid B type C", "TYPE A invalid B TYPE C"},
		{"INVALID a type", "INVALID A TYPE", "INVALID A TYPE"},
		{"type" + many, "type" + strings.ToUpper(many), "TYPE" + strings.ToUpper(many)},
		{strings.Repeat("type ", 12) + "a", strings.Repeat("type ", 12) + "A", strings.Repeat("TYPE ", 12) + "A"},
		{strings.Repeat("type ", 5) + many, strings.Repeat("type ", 5) + strings.ToUpper(many), strings.Repeat("TYPE ", 5) + strings.ToUpper(many)},
	} {
		for unsafe, want := range map[bool]string{false: test.safe, true: test.unsafe} {
			fixed, passes, made := fixes.Apply([]byte(test.src), unsafe, lint)
			again, edits := []byte(test.src), 0
			for _, pass := range passes {
				again, _ = fixes.ApplyEdits(again, pass)
				edits += len(pass)
			}
			if string(fixed) != want || string(again) != want || made != edits {
				t.Errorf("%q, unsafe %t: %q after %d fixes, and %q after %d edits; want %q", test.src, unsafe, fixed, made, again, edits, want)
			}
		}
	}
}
