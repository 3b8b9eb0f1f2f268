package corpus_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/bench/corpus"
	"github.com/patchlint/patchlint/validate"
)

// counts lints a payload as the command would and counts the findings.
func counts(src []byte) (errors, others int, found []patchlint.Diagnostic) {
	var linter validate.Linter
	found = linter.Lint(src)
	for _, d := range found {
		if d.Severity == patchlint.Error {
			errors++
		} else {
			others++
		}
	}
	return errors, others, found
}

// check holds that a payload is of its class.
func check(t *testing.T, name string, class corpus.Class, src []byte) {
	t.Helper()
	errors, others, found := counts(src)
	ok := false
	switch class {
	case corpus.Clean:
		ok = errors+others == 0
	case corpus.Reference:
		ok = errors == 0 && others > 0
	case corpus.Faulty:
		ok = errors == 1
	}
	if !ok {
		t.Errorf("%s: %d errors and %d other findings:\n%v\n%s", name, errors, others, found, src)
	}
}

func TestClasses(t *testing.T) {
	for _, class := range corpus.Classes() {
		for _, size := range corpus.Sizes() {
			for _, fault := range corpus.Faults() {
				check(t, size.String()+", "+class.String()+", "+fault.String(), class, corpus.Payload(size, class, fault))
			}
		}
		for _, src := range corpus.Mix(2000, class) {
			check(t, "mix, "+class.String(), class, src)
		}
	}
	for _, n := range []int{1, 10, 1000} {
		check(t, "assignments", corpus.Clean, corpus.Assignments(n))
	}
}

// TestFaults holds that a fault is what its name says.
func TestFaults(t *testing.T) {
	rules := map[corpus.Fault]string{
		corpus.BadEnum: "enum-value", corpus.UnknownProperty: "unknown-property", corpus.WrongType: "wrong-type",
		corpus.BadGUID: "guid", corpus.MissingGroupID: "required-property", corpus.Syntax: "json-syntax",
	}
	for _, fault := range corpus.Faults() {
		for i, src := range slices.Concat(
			[][]byte{corpus.Payload(corpus.Small, corpus.Faulty, fault), corpus.Payload(corpus.Typical, corpus.Faulty, fault), corpus.Payload(corpus.Big, corpus.Faulty, fault)},
		) {
			_, _, found := counts(src)
			if j := slices.IndexFunc(found, func(d patchlint.Diagnostic) bool { return d.Severity == patchlint.Error }); j < 0 || found[j].Rule != rules[fault] {
				t.Errorf("%s, payload %d: want %s, got %v", fault, i, rules[fault], found)
			}
		}
	}
}

// TestReferenceShape holds that the typical payload of class Reference is the
// example of the reference page, but for the two texts that nobody would send.
func TestReferenceShape(t *testing.T) {
	shape := func(src []byte) map[string]any {
		var o map[string]any
		if err := json.Unmarshal(src, &o); err != nil {
			t.Fatal(err)
		}
		delete(o, "partnerState")
		delete(o, "displayName")
		return o
	}
	page, err := os.ReadFile("../../testdata/payload/err/reference-request.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(shape(page), shape(corpus.Payload(corpus.Typical, corpus.Reference, 0))); diff != "" {
		t.Error(diff)
	}
}

// TestSizes holds what the documentation says of the sizes.
func TestSizes(t *testing.T) {
	within := func(what string, got, low, high int) {
		if got < low || got > high {
			t.Errorf("%s has %d bytes, want %d to %d", what, got, low, high)
		}
	}
	within("small", len(corpus.Payload(corpus.Small, corpus.Clean, 0)), 140, 160)
	within("typical", len(corpus.Payload(corpus.Typical, corpus.Clean, 0)), 900, 1300)
	within("big", len(corpus.Payload(corpus.Big, corpus.Clean, 0)), 26000, 30000)
	current, desired := corpus.SmallPair()
	within("current", len(current), 900, 1300)
	within("desired", len(desired), 900, 1300)

	total := 0
	for _, src := range corpus.Mix(10000, corpus.Clean) {
		total += len(src)
	}
	within("the mean of the mix", total/10000, 1700, 2300)
}

// TestFixed holds that the corpus is the one that figures were recorded with.
// Whoever changes it on purpose records the figures anew.
func TestFixed(t *testing.T) {
	h := sha256.New()
	for _, class := range corpus.Classes() {
		for _, src := range corpus.Mix(1000, class) {
			h.Write(src)
		}
	}
	for _, mode := range corpus.Modes() {
		current, desired := corpus.Pair(10, mode)
		h.Write(current)
		h.Write(desired)
	}
	const want = "cd39dd7e0f41f23b"
	if got := hex.EncodeToString(h.Sum(nil))[:16]; got != want {
		t.Errorf("the corpus has changed: %s, want %s", got, want)
	}
}

func TestModes(t *testing.T) {
	for _, n := range []int{1, 10, 100} {
		for _, mode := range corpus.Modes() {
			current, desired := corpus.Pair(n, mode)
			if again, _ := corpus.Pair(n, mode); !slices.Equal(current, again) {
				t.Errorf("4x%d, %s: not the same twice", n, mode)
			}
			if same := slices.Equal(current, desired); same != (mode == corpus.Identical || mode == corpus.Shuffled && n == 1) {
				t.Errorf("4x%d, %s: equal is %t", n, mode, same)
			}
		}
	}
}

func TestTree(t *testing.T) {
	dir := t.TempDir()
	const n = 600
	if err := corpus.WriteTree(dir, n, corpus.Parsable); err != nil {
		t.Fatal(err)
	}
	faulty, broken := 0, 0
	for _, f := range corpus.Tree(n) {
		src, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.Name)))
		if f.Class == corpus.Faulty {
			faulty++
			if f.Fault == corpus.Syntax {
				broken++
				if err == nil {
					t.Errorf("%s is not JSON and was written", f.Name)
				}
				continue
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		check(t, f.Name, f.Class, src)
	}
	if faulty != n/50 || broken != 2 {
		t.Errorf("%d of %d are faulty, %d of them in their syntax", faulty, n, broken)
	}

	if err := corpus.WriteTree(dir, n, corpus.Kubernetes); err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile(filepath.Join(dir, "00", "partner-000000.json"))
	if err != nil {
		t.Fatal(err)
	}
	var o struct{ APIVersion, Kind string }
	if err := json.Unmarshal(src, &o); err != nil || o.Kind != "complianceManagementPartner" || o.APIVersion == "" {
		t.Errorf("%s: %v", src, err)
	}
}
