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

// DriftPrinter writes a report of a Drift.
type DriftPrinter = Reporter[struct{}, *Drift]

// NewDrift returns a DriftPrinter of the format text or json.
func NewDrift(format string, w io.Writer) DriftPrinter {
	out := newOutput(w)
	if format == "json" {
		return DriftPrinter{out: out, end: out.driftJSON}
	}
	return DriftPrinter{out: out, end: out.driftText}
}

// driftText prints the differences for people, grouped by type.
func (out *output) driftText(d *Drift) {
	group := ""
	for _, difference := range d.Differences {
		if title := cmp.Or(difference.Type, "entity sets and singletons"); title != group {
			group = title
			out.WriteString(group + "\n")
		}
		mark := "         "
		if difference.Breaks {
			mark = "  breaks "
		}
		out.WriteString(mark + inert.Show(difference.String()) + "\n")
	}
	if n := len(d.Differences); n > 0 {
		out.printf("\n%s from the facts of %s, %s; %d breaking\n", Count(n, "difference", "differences"), d.APIVersion, d.Revision, d.Breaking())
	}
}

//go:embed drift.schema.json
var driftSchema []byte

// DriftSchema returns the JSON Schema of the json format of drift.
func DriftSchema() []byte { return driftSchema }

// driftJSON prints the differences as one document.
func (out *output) driftJSON(d *Drift) {
	list := []object{}
	for _, f := range d.Differences {
		list = append(list, object{
			{"type", f.Type}, {"subject", f.Subject}, {"name", f.Name}, {"change", f.Change}, {"old", f.Old}, {"new", f.New},
			{"breaks", f.Breaks}, {"message", f.String()},
		})
	}
	out.line(object{
		{"version", 1}, {"apiVersion", d.APIVersion}, {"revision", d.Revision}, {"file", d.File}, {"differences", list},
		{"summary", object{{"differences", len(list)}, {"breaking", d.Breaking()}, {"failures", append([]string{}, d.Failures...)}}},
	})
}
