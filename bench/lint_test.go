package bench

import (
	"slices"
	"sync"
	"testing"

	"github.com/patchlint/patchlint/bench/corpus"
)

// lintSet is what a benchmark lints in turn, one payload an operation.
type lintSet struct {
	name     string
	class    corpus.Class
	payloads [][]byte
}

// lintSets are the payloads by size and class: one of each, of a fault one for
// each fault, and the mix.
var lintSets = sync.OnceValue(func() []lintSet {
	var sets []lintSet
	for _, class := range corpus.Classes() {
		for _, size := range corpus.Sizes() {
			s := lintSet{name: size.String() + "/" + class.String(), class: class}
			for _, fault := range corpus.Faults() {
				if class == corpus.Faulty || fault == 0 {
					s.payloads = append(s.payloads, corpus.Payload(size, class, fault))
				}
			}
			sets = append(sets, s)
		}
		sets = append(sets, lintSet{"mix/" + class.String(), class, corpus.Mix(10000, class)})
	}
	return sets
})

// right reports that a judge gives payload i the verdict of its class.
func (s lintSet) right(j Judge, i int) bool {
	want := s.class != corpus.Faulty
	if fault := corpus.Fault(i % len(corpus.Faults())); j.Floor && !want {
		want = fault != corpus.Syntax
	}
	return j.Accepts(s.payloads[i]) == want
}

// sample is how much of a mix is tried before the clock starts.
const sample = 600

// wrong counts the verdicts that are wrong, by set and judge: tests and
// benchmarks ask for the same ones.
var wrong = make(map[string]int)

// verify fails when a judge is not right about a set.
func (s lintSet) verify(tb testing.TB, j Judge) {
	tb.Helper()
	key := s.name + "/" + j.Name
	n, known := wrong[key]
	if !known {
		for i := range min(len(s.payloads), sample) {
			if !s.right(j, i) {
				n++
			}
		}
		wrong[key] = n
	}
	if n > 0 {
		tb.Errorf("%s: %d verdicts are wrong", key, n)
	}
}

// TestVerdicts holds that all judges give the same verdicts, so that they are
// measured at the same work.
func TestVerdicts(t *testing.T) {
	judges, err := Judges()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range lintSets() {
		for _, j := range judges {
			s.verify(t, j)
		}
	}
}

// BenchmarkLint times payloads from bytes to verdict.
func BenchmarkLint(b *testing.B) {
	judges, err := Judges()
	if err != nil {
		b.Fatal(err)
	}
	for _, s := range lintSets() {
		for _, j := range judges {
			b.Run(s.name+"/"+j.Name, func(b *testing.B) {
				s.verify(b, j)
				b.ReportAllocs()
				i, bytes, bad := 0, 0, 0
				for b.Loop() {
					if !s.right(j, i) {
						bad++
					}
					bytes += len(s.payloads[i])
					i = (i + 1) % len(s.payloads)
				}
				b.SetBytes(int64(bytes / b.N))
				if bad > 0 {
					b.Errorf("%d verdicts are wrong", bad)
				}
			})
		}
	}
}

// TestStrictness holds what docs/performance.md says of who accepts what.
func TestStrictness(t *testing.T) {
	for _, test := range []struct {
		name, payload string
		refuse        []string
	}{
		{"a duplicate name", `{"iosOnboarded": true, "iosOnboarded": true}`, []string{Reused, OneShot, Placed, Kaptinlin, TokenScan}},
		{"invalid UTF-8", "{\"iosOnboarded\": true, \"displayName\": \"\xff\"}", []string{Reused, OneShot, Placed, Kaptinlin, TokenScan}},
	} {
		judges, err := Judges()
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range judges {
			if got, want := j.Accepts([]byte(test.payload)), !slices.Contains(test.refuse, j.Name); got != want {
				t.Errorf("%s accepts %s: %t, want %t", j.Name, test.name, got, want)
			}
		}
	}
}
