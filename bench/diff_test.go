package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	evanphx "github.com/evanphx/json-patch/v5"

	"github.com/patchlint/patchlint/bench/corpus"
)

// counts are the numbers of assignments on each of four platforms.
var counts = []int{10, 100, 1000, 10000}

// verifyDiff fails unless the body, applied as RFC 7396 says, makes desired out
// of current. What patchlint does otherwise is only that it takes assignments in
// another order for the same.
func verifyDiff(tb testing.TB, d Differ, mode corpus.Mode, current, desired []byte) {
	tb.Helper()
	body, err := d.Diff(current, desired)
	if err != nil {
		tb.Fatal(err)
	}
	if d.Floor {
		return
	}
	nothing := len(body) == 0 || strings.TrimSpace(string(body)) == "{}"
	if mode == corpus.Identical || mode == corpus.Shuffled && d.Name == Patchlint {
		if !nothing {
			tb.Fatalf("%s sends %.100s", d.Name, body)
		}
		return
	}
	if nothing {
		tb.Fatalf("%s sends nothing", d.Name)
	}
	if len(current) > 2<<20 {
		return // what holds of the smaller pairs
	}
	made, err := evanphx.MergePatch(current, body)
	if err != nil {
		tb.Fatal(err)
	}
	if !evanphx.Equal(made, desired) {
		tb.Fatalf("%s makes something else of it: %.100s", d.Name, body)
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
			for _, d := range differs {
				verifyDiff(t, d, mode, current, desired)
			}
		}
	}
}

// TestReports holds that a report is about the pair it is made of.
func TestReports(t *testing.T) {
	current, desired := corpus.Pair(3, corpus.Assignment)
	print := func(format string) string {
		report, err := Report(format)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := report(&b, current, desired); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if text := print("text"); !strings.Contains(text, "1 added, 1 removed, 2 kept") {
		t.Error(text)
	}
	var got struct{ Changes []struct{ Pointer string } }
	if err := json.Unmarshal([]byte(print("json")), &got); err != nil || len(got.Changes) != 1 {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := Report("yaml"); err == nil {
		t.Error("a report in no format")
	}
	body, err := Report("body")
	if err != nil {
		t.Fatal(err)
	}
	if body(io.Discard, current, []byte("[]")) == nil {
		t.Error("a body for what is no object")
	}
}

// BenchmarkDiff times two objects from bytes to the body of a PATCH.
func BenchmarkDiff(b *testing.B) {
	differs, err := Differs()
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range counts {
		for _, mode := range corpus.Modes() {
			current, desired := corpus.Pair(n, mode)
			for _, d := range differs {
				if d.Max > 0 && n > d.Max {
					continue
				}
				b.Run(fmt.Sprintf("4x%d/%s/%s", n, mode, d.Name), func(b *testing.B) {
					verifyDiff(b, d, mode, current, desired)
					b.SetBytes(int64(len(current) + len(desired)))
					b.ReportAllocs()
					for b.Loop() {
						if _, err := d.Diff(current, desired); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}

// BenchmarkReport times two objects with one assignment changed, from bytes to
// a report.
func BenchmarkReport(b *testing.B) {
	for _, format := range []string{"text", "json"} {
		report, err := Report(format)
		if err != nil {
			b.Fatal(err)
		}
		for _, n := range counts {
			current, desired := corpus.Pair(n, corpus.Assignment)
			b.Run(fmt.Sprintf("4x%d/%s", n, format), func(b *testing.B) {
				b.SetBytes(int64(len(current) + len(desired)))
				b.ReportAllocs()
				for b.Loop() {
					if err := report(io.Discard, current, desired); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
