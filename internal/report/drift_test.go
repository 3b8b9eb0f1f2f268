package report

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint/schema/facts"
)

func driftText(t *testing.T, differences ...facts.Difference) string {
	t.Helper()
	var b strings.Builder
	drift := Drift{APIVersion: "v1.0", Revision: "2026-08-20", File: "graph-v1.0.xml", Differences: differences}
	if err := NewDrift("text", &b).Close(&drift); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestDriftText checks that docs/metadata.md shows the printed text, that differences
// are grouped by type, and that the text contains no command.
func TestDriftText(t *testing.T) {
	got := driftText(t,
		facts.Difference{Type: "microsoft.graph.group", Subject: "property", Name: "preferredDataLocation", Change: "type", Old: "Edm.String", New: "Edm.Guid", Breaks: true},
		facts.Difference{Type: "microsoft.graph.group", Subject: "property", Name: "isFrozen", Change: "added", New: "Edm.Boolean"},
		facts.Difference{Subject: "singleton", Name: "wardrobe", Change: "added", New: "microsoft.graph.wardrobe"},
	)
	document, err := os.ReadFile("../../docs/metadata.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(document), "```text\n"+got+"```") {
		t.Errorf("docs/metadata.md does not show what is printed:\n%s", got)
	}
	got = driftText(t,
		facts.Difference{Type: "microsoft.graph.group", Subject: "type", Name: "group", Change: "open", Old: "false", New: "true"},
		facts.Difference{Type: "microsoft.graph.user", Subject: "property", Name: "when", Change: "deprecated", New: "##[error]\x1b"},
	)
	want := `microsoft.graph.group
         type became open
microsoft.graph.user
         property when was deprecated on #\u0023[error]\u001b

2 differences from the facts of v1.0, 2026-08-20; 0 breaking
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := driftText(t); got != "" {
		t.Errorf("without differences: %q", got)
	}
}
