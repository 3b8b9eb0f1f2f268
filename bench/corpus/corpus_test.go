package corpus_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/bench/corpus"
	"github.com/patchlint/patchlint/validate"
)

var rules = map[corpus.Fault]string{
	corpus.BadEnum: "enum-value", corpus.UnknownProperty: "unknown-property", corpus.WrongType: "wrong-type",
	corpus.BadGUID: "guid", corpus.MissingGroupID: "required-property", corpus.Syntax: "json-syntax",
}

// found returns the rule of the only error in a payload, or "" for a payload without findings.
func found(src []byte) string {
	var linter validate.Linter
	list := linter.Lint(src, validate.Target{})
	if len(list) == 0 {
		return ""
	}
	errors := slices.DeleteFunc(list, func(d patchlint.Diagnostic) bool { return d.Severity != patchlint.Error })
	if len(errors) != 1 {
		return "not one error"
	}
	return errors[0].Rule
}

// TestFaults checks that each fault causes the finding that its name suggests, and None
// causes none.
func TestFaults(t *testing.T) {
	for _, size := range corpus.Sizes() {
		for _, fault := range append(corpus.Faults(), corpus.None) {
			src := corpus.Payload(size, fault)
			if got := found(src); got != rules[fault] {
				t.Errorf("%s, %s: found %q, want %q in\n%s", size, fault, got, rules[fault], src)
			}
		}
	}
	for _, src := range append(corpus.Mix(2000), corpus.Assignments(10), corpus.Assignments(1000), corpus.User()) {
		if got := found(src); got != "" {
			t.Errorf("found %q in\n%s", got, src)
		}
	}
}

// TestSizes checks the sizes that the documentation states.
func TestSizes(t *testing.T) {
	within := func(what string, got, low, high int) {
		if got < low || got > high {
			t.Errorf("%s has %d bytes, want %d to %d", what, got, low, high)
		}
	}
	within("small", len(corpus.Payload(corpus.Small, corpus.None)), 140, 160)
	within("a user", len(corpus.User()), 750, 850)
	within("typical", len(corpus.Payload(corpus.Typical, corpus.None)), 900, 1300)
	within("big", len(corpus.Payload(corpus.Big, corpus.None)), 26000, 30000)

	total := 0
	for _, src := range corpus.Mix(10000) {
		total += len(src)
	}
	within("the mean of the mix", total/10000, 1700, 2300)
}

// TestFixed checks that the corpus is the one for which figures were recorded. After an
// intentional change, record them again.
func TestFixed(t *testing.T) {
	h := sha256.New()
	for _, src := range corpus.Mix(1000) {
		h.Write(src)
	}
	for _, mode := range corpus.Modes() {
		current, desired := corpus.Pair(10, mode)
		h.Write(current)
		h.Write(desired)
	}
	const want = "94f5fa7b09467e73"
	if got := hex.EncodeToString(h.Sum(nil))[:16]; got != want {
		t.Errorf("the corpus has changed: %s, want %s", got, want)
	}
}

func TestTree(t *testing.T) {
	dir := t.TempDir()
	faulty, err := corpus.WriteTree(dir, 600)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.json"))
	if err != nil || len(files) != 600 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	counts := make(map[string]int)
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		counts[found(src)]++
	}
	if faulty != 12 || counts[""] != 588 || counts["enum-value"] != 3 || counts["guid"] != 2 || counts["json-syntax"] != 0 {
		t.Errorf("%d faulty, %v", faulty, counts)
	}
}
