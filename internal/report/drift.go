package report

import (
	_ "embed"
	"io"

	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema/facts"
)

// Drift is how a metadata document differs from the facts of an API version.
type Drift struct {
	APIVersion string
	Revision   string // the date of the facts
	File       string // the document
	// Differences are as facts.Compare returns them.
	Differences []facts.Difference
	// Failures say in a sentence each why there was nothing to compare.
	Failures []string
}

// Breaking returns how many differences break something.
func (d *Drift) Breaking() (n int) {
	for _, difference := range d.Differences {
		if difference.Breaks {
			n++
		}
	}
	return n
}

// Text prints the differences for people, grouped by type.
func (d *Drift) Text(w io.Writer) error {
	b := newOutput(w)
	group, types, roots := "", 0, 0
	for _, difference := range d.Differences {
		switch {
		case difference.Type == "":
			if roots == 0 {
				b.WriteString("entity sets and singletons\n")
			}
			roots++
		case difference.Type != group:
			group = difference.Type
			types++
			b.WriteString(group + "\n")
		}
		mark := "         "
		if difference.Breaks {
			mark = "  breaks "
		}
		b.WriteString(mark + inert.Show(difference.String()) + "\n")
	}
	if len(d.Differences) > 0 {
		b.printf("\n%s from the facts of %s, %s, in %s", Count(len(d.Differences), "difference", "differences"), d.APIVersion, d.Revision, Count(types, "type", "types"))
		if roots > 0 {
			b.WriteString(" and " + Count(roots, "entity set or singleton", "entity sets and singletons"))
		}
		b.printf("; %d breaking\n", d.Breaking())
	}
	return b.flush()
}

//go:embed drift.schema.json
var driftSchema []byte

// DriftSchema returns the JSON Schema of what JSON prints.
func DriftSchema() []byte { return driftSchema }

// JSON prints the differences as one document.
func (d *Drift) JSON(w io.Writer) error {
	type difference struct {
		Type    string `json:"type"`
		Subject string `json:"subject"`
		Name    string `json:"name"`
		Change  string `json:"change"`
		Old     string `json:"old"`
		New     string `json:"new"`
		Breaks  bool   `json:"breaks"`
		Message string `json:"message"`
	}
	type summary struct {
		Differences int      `json:"differences"`
		Breaking    int      `json:"breaking"`
		Failures    []string `json:"failures"`
	}
	list := []difference{}
	for _, f := range d.Differences {
		list = append(list, difference{f.Type, f.Subject, f.Name, f.Change, f.Old, f.New, f.Breaks, f.String()})
	}
	out := newOutput(w)
	out.line(struct {
		Version     int          `json:"version"`
		APIVersion  string       `json:"apiVersion"`
		Revision    string       `json:"revision"`
		File        string       `json:"file"`
		Differences []difference `json:"differences"`
		Summary     summary      `json:"summary"`
	}{1, d.APIVersion, d.Revision, d.File, list, summary{len(list), d.Breaking(), orEmpty(d.Failures)}})
	return out.flush()
}
