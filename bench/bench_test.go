package bench

import (
	"fmt"
	"strings"
	"testing"

	evanphx "github.com/evanphx/json-patch/v5"

	"github.com/patchlint/patchlint/bench/corpus"
)

// TestVerdicts checks that every judge gives the expected verdict for each payload, so
// that all are measured with the same work.
func TestVerdicts(t *testing.T) {
	judges, err := Judges()
	if err != nil {
		t.Fatal(err)
	}
	check := func(src []byte, fault corpus.Fault) {
		t.Helper()
		for name, accepts := range judges {
			if want := fault == corpus.None || name == TokenScan && fault != corpus.Syntax; accepts(src) != want {
				t.Errorf("%s accepts a payload that is %s: %t\n%s", name, fault, !want, src)
			}
		}
	}
	for _, size := range corpus.Sizes() {
		for _, fault := range append(corpus.Faults(), corpus.None) {
			check(corpus.Payload(size, fault), fault)
		}
	}
	for _, src := range append(corpus.Mix(600), corpus.Assignments(1), corpus.Assignments(1000)) {
		check(src, corpus.None)
	}
}

// verifyBody fails unless applying the body according to RFC 7396 turns current into
// desired. Patchlint differs in one way: it ignores the order of assignments.
func verifyBody(tb testing.TB, name string, differ Differ, mode corpus.Mode, current, desired []byte) {
	tb.Helper()
	body, err := differ(current, desired)
	if err != nil {
		tb.Fatal(err)
	}
	if name == DecodeBoth {
		return
	}
	nothing := len(body) == 0 || strings.TrimSpace(string(body)) == "{}"
	if mode == corpus.Identical || mode == corpus.Shuffled && name == Patchlint {
		if !nothing {
			tb.Fatalf("%s sends %.100s", name, body)
		}
		return
	}
	if nothing {
		tb.Fatalf("%s sends nothing", name)
	}
	if len(current) > 2<<20 {
		return // the smaller pairs are checked
	}
	made, err := evanphx.MergePatch(current, body)
	if err != nil {
		tb.Fatal(err)
	}
	if !evanphx.Equal(made, desired) {
		tb.Fatalf("%s: applying the body to current does not give desired: %.100s", name, body)
	}
}

func TestBodies(t *testing.T) {
	differs, err := Differs()
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range corpus.Modes() {
		for _, n := range []int{2, 100} {
			current, desired := corpus.Pair(n, mode)
			for name, differ := range differs {
				verifyBody(t, name, differ, mode, current, desired)
			}
		}
	}
}

// BenchmarkLint measures linting from the bytes of a payload to the verdict.
func BenchmarkLint(b *testing.B) {
	judges, err := Judges()
	if err != nil {
		b.Fatal(err)
	}
	lint := func(b *testing.B, payload string, src []byte, judge string) {
		b.Run(payload+"/"+judge, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				judges[judge](src)
			}
		})
	}
	for _, size := range corpus.Sizes() {
		for _, fault := range append([]corpus.Fault{corpus.None}, corpus.Faults()...) {
			src := corpus.Payload(size, fault)
			for _, name := range []string{Patchlint, Placed, TokenScan, V5, V6} {
				lint(b, fmt.Sprintf("%s/%s", size, fault), src, name)
			}
		}
	}
	for _, name := range []string{Patchlint, TokenScan} {
		lint(b, "user/clean", corpus.User(), name)
	}
}

// BenchmarkDiff measures the way from the bytes of two objects to the body of a PATCH.
func BenchmarkDiff(b *testing.B) {
	differs, err := Differs()
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range []int{10, 100, 1000, 10000} {
		for _, mode := range corpus.Modes() {
			current, desired := corpus.Pair(n, mode)
			for _, name := range []string{Patchlint, Evanphx, Jsondiff, DecodeBoth} {
				b.Run(fmt.Sprintf("4x%d/%s/%s", n, mode, name), func(b *testing.B) {
					verifyBody(b, name, differs[name], mode, current, desired)
					b.SetBytes(int64(len(current) + len(desired)))
					b.ReportAllocs()
					for b.Loop() {
						if _, err := differs[name](current, desired); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}
