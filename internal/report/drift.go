package report

import (
	"cmp"
	_ "embed"
	"io"

	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema/facts"
)

// Drift is the comparison of a metadata document with the facts of an API version.
type Drift struct {
	APIVersion string
	Revision   string // the date of the facts
	File       string // the document
	// Differences is the result of facts.Compare.
	Differences []facts.Difference
	// Failures are the reasons why nothing could be compared, a sentence each.
	Failures []string
}

// Breaking returns the number of breaking differences.
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
	group := ""
	for _, difference := range d.Differences {
		if title := cmp.Or(difference.Type, "entity sets and singletons"); title != group {
			group = title
			b.WriteString(group + "\n")
		}
		mark := "         "
		if difference.Breaks {
			mark = "  breaks "
		}
		b.WriteString(mark + inert.Show(difference.String()) + "\n")
	}
	if n := len(d.Differences); n > 0 {
		b.printf("\n%s from the facts of %s, %s; %d breaking\n", Count(n, "difference", "differences"), d.APIVersion, d.Revision, d.Breaking())
	}
	return b.Flush()
}

//go:embed drift.schema.json
var driftSchema []byte

// DriftSchema returns the JSON Schema of the document that JSON prints.
func DriftSchema() []byte { return driftSchema }

// JSON prints the differences as one document.
func (d *Drift) JSON(w io.Writer) error {
	list := []object{}
	for _, f := range d.Differences {
		list = append(list, object{
			{"type", f.Type}, {"subject", f.Subject}, {"name", f.Name}, {"change", f.Change}, {"old", f.Old}, {"new", f.New},
			{"breaks", f.Breaks}, {"message", f.String()},
		})
	}
	out := newOutput(w)
	out.line(object{
		{"version", 1}, {"apiVersion", d.APIVersion}, {"revision", d.Revision}, {"file", d.File}, {"differences", list},
		{"summary", object{{"differences", len(list)}, {"breaking", d.Breaking()}, {"failures", append([]string{}, d.Failures...)}}},
	})
	return out.Flush()
}
