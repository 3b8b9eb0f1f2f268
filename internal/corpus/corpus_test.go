package corpus_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/corpus"
)

func payloads(t *testing.T) []corpus.Payload {
	t.Helper()
	list, err := corpus.Payloads("../../testdata/payload")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestPayloads checks that the corpus is read whole and in order, and that names
// determine the version.
func TestPayloads(t *testing.T) {
	list := payloads(t)
	if !slices.IsSortedFunc(list, func(a, b corpus.Payload) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("not sorted by name")
	}
	versions := make(map[string]int)
	folders := make(map[string]int)
	for _, p := range list {
		folder, _, _ := strings.Cut(p.Name, "/")
		folders[folder]++
		versions[p.Version]++
		if want := strings.Contains(p.Name, "-v1.0."); want != (p.Version == "v1.0") {
			t.Errorf("%s is for %s", p.Name, p.Version)
		}
	}
	if folders["ok"] == 0 || folders["err"] == 0 || versions["beta"] == 0 || versions["v1.0"] == 0 {
		t.Errorf("payloads of folders %v and versions %v: some are missing", folders, versions)
	}
	if _, err := corpus.Payloads("no-such-folder"); err == nil {
		t.Error("a missing folder gives no error")
	}
}

// TestMutationLaws checks that each mutation of each payload is JSON without a
// fault, is not the payload, names a place of the payload, and is the same in
// every run.
func TestMutationLaws(t *testing.T) {
	for _, p := range payloads(t) {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			original, err := patchlint.Parse(p.Source, patchlint.JSON)
			if err != nil || len(original.Faults()) > 0 {
				for range corpus.Mutations(p.Source) {
					t.Fatal("a text with faults has mutations")
				}
				return
			}
			before := bytes.Clone(p.Source)
			list := slices.Collect(corpus.Mutations(p.Source))
			if len(list) == 0 {
				t.Error("no mutations")
			}
			if !bytes.Equal(before, p.Source) {
				t.Error("the payload was changed")
			}
			var doc patchlint.Document
			every := corpus.Size(7, 1)
			for i := 0; i < len(list); i += every {
				m := list[i]
				src := m.Source()
				if err := doc.Parse(src, patchlint.JSON, 0, 0); err != nil || len(doc.Faults()) > 0 {
					t.Fatalf("%s %s: %v\n%s", m.Pointer, m.Name, doc.Faults(), src)
				}
				if bytes.Equal(src, p.Source) {
					t.Errorf("%s %s: nothing changed", m.Pointer, m.Name)
				}
				if !original.Find(m.Pointer).Exists() {
					t.Errorf("%s %s: no such place", m.Pointer, m.Name)
				}
			}
			i := 0
			for m := range corpus.Mutations(p.Source) {
				if m.Name != list[i].Name || m.Pointer != list[i].Pointer || i%every == 0 && !bytes.Equal(m.Source(), list[i].Source()) {
					t.Fatalf("mutation %d differs in the second run", i)
				}
				i++
			}
			for range corpus.Mutations(p.Source) {
				break // an iterator that yields on panics
			}
		})
	}
}

// TestMutations checks that a small document has the expected mutations.
func TestMutations(t *testing.T) {
	const src = `{"a": [1, 2, 3, 4], "@odata.type": "#microsoft.graph.groupAssignmentTarget"}`
	got := make(map[string]bool)
	for m := range corpus.Mutations([]byte(src)) {
		got[string(m.Source())] = true
	}
	for _, want := range []string{
		`null`,
		`[{}]`,
		`[` + src + `]`,
		`"System.Collections.Hashtable"`,
		`{"extra": 1, "a": [1, 2, 3, 4], "@odata.type": "#microsoft.graph.groupAssignmentTarget"}`,
		`{"@odata.foo": 1, "a": [1, 2, 3, 4], "@odata.type": "#microsoft.graph.groupAssignmentTarget"}`,
		`{"a": [-0, 2, 3, 4], "@odata.type": "#microsoft.graph.groupAssignmentTarget"}`,
		`{"a": [1, 2, 3, [4]], "@odata.type": "#microsoft.graph.groupAssignmentTarget"}`,
		`{"A": [1, 2, 3, 4], "@odata.type": "#microsoft.graph.groupAssignmentTarget"}`,
		`{"": [1, 2, 3, 4], "@odata.type": "#microsoft.graph.groupAssignmentTarget"}`,
		`{"ax": [1, 2, 3, 4], "@odata.type": "#microsoft.graph.groupAssignmentTarget"}`,
		`{"@odata.type": "#microsoft.graph.groupAssignmentTarget"}`,
		`{"a": [1, 2, 3, 4]}`,
		`{"a": [1, 2, 3, 4], "@Odata.type": "#microsoft.graph.groupAssignmentTarget"}`,
		`{"a": [1, 2, 3, 4], "@odata.typ": "#microsoft.graph.groupAssignmentTarget"}`,
		`{"a": [1, 2, 3, 4], "@odata.type": "#MICROSOFT.GRAPH.GROUPASSIGNMENTTARGET"}`,
		`{"a": [1, 2, 3, 4], "@odata.type": "#microsoft.graph.grupAssignmentTarget"}`,
		`{"a": [1, 2, 3, 4], "@odata.type": "00000000-0000-0000-0000-000000000000"}`,
		`{"a": [1, 2, 3, 4], "@odata.type": "microsoft.graph.groupAssignmentTarget"}`,
		`{"a": [1, 2, 3, 4], "@odata.type": "#graph.groupAssignmentTarget"}`,
		`{"a": [1, 2, 3, 4], "@odata.type": "https://graph.microsoft.com/beta/$metadata#microsoft.graph.groupAssignmentTarget"}`,
		`{"a": [1, 2, 3, 4], "@odata.type": "#microsoft.management.services.api.groupAssignmentTarget"}`,
		`{"a": [1, 2, 3, 4], "@odata.type": "#microsoft.graph.deviceAndAppManagementAssignmentTarget"}`,
		`{"a": [1, 2, 3, 4], "@odata.type": "#microsoft.graph.androidFotaDeploymentAssignmentTarget"}`,
	} {
		if !got[want] {
			t.Errorf("no mutation %s", want)
		}
		delete(got, want)
	}
	for _, not := range []string{
		`{"a": [1, null, 3, 4], "@odata.type": "#microsoft.graph.groupAssignmentTarget"}`,
		`{"a": [1, 2, null, 4], "@odata.type": "#microsoft.graph.groupAssignmentTarget"}`,
	} {
		if got[not] {
			t.Errorf("mutation %s of an element in the middle of a long array", not)
		}
	}
}

// growing records whether Linear fails.
type growing struct {
	testing.TB
	failed bool
}

func (g *growing) Helper()               {}
func (g *growing) Errorf(string, ...any) { g.failed = true }

func TestLinear(t *testing.T) {
	sum := 0
	for name, work := range map[string]func(n int) int{
		"linear":    func(n int) int { return 100 * n },
		"quadratic": func(n int) int { return n * n },
	} {
		g := growing{TB: t}
		corpus.Linear(&g, 1000, func(n int) {
			for i := range work(n) {
				sum += i & sum
			}
		})
		if g.failed != (name == "quadratic") {
			t.Errorf("%s: reported: %t", name, g.failed)
		}
	}
}
