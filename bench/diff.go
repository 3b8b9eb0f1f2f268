package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	evanphx "github.com/evanphx/json-patch/v5"
	jd "github.com/josephburnett/jd/v2"
	"github.com/wI2L/jsondiff"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/schema"
)

// The differs that ratios names.
const (
	Patchlint  = "patchlint" // parses and checks both, compares as Graph does, and renders the body
	Evanphx    = "evanphx CreateMergePatch"
	Jsondiff   = "jsondiff MergePatchJSON"
	JD         = "jd merge"
	DecodeBoth = "json.Unmarshal of both" // what a merge-patch maker needs first
)

// Differ takes two objects from bytes to the body of a PATCH.
type Differ struct {
	Name string
	// Floor says that the differ makes no body.
	Floor bool
	// Max is the largest number of assignments on a platform that it is asked
	// about, 0 for any: what is quadratic would take the whole day.
	Max int
	// Diff returns the body, empty or {} when there is nothing to send.
	Diff func(current, desired []byte) ([]byte, error)
}

// Differs returns all differs, ours first and the floor last.
func Differs() ([]Differ, error) {
	partner, err := partner()
	if err != nil {
		return nil, err
	}
	return []Differ{
		{Name: Patchlint, Diff: func(current, desired []byte) ([]byte, error) {
			plan, err := compute(partner, current, desired)
			if err != nil {
				return nil, err
			}
			return plan.Body, nil
		}},
		{Name: Evanphx, Diff: evanphx.CreateMergePatch},
		{Name: Jsondiff, Diff: jsondiff.MergePatchJSON},
		{Name: JD, Max: 1000, Diff: func(current, desired []byte) ([]byte, error) {
			a, err := jd.ReadJsonString(string(current))
			if err != nil {
				return nil, err
			}
			b, err := jd.ReadJsonString(string(desired))
			if err != nil {
				return nil, err
			}
			body, err := a.Diff(b, jd.MERGE).RenderMerge()
			return []byte(body), err
		}},
		{Name: DecodeBoth, Floor: true, Diff: func(current, desired []byte) ([]byte, error) {
			var a, b any
			if err := json.Unmarshal(current, &a); err != nil {
				return nil, err
			}
			return nil, json.Unmarshal(desired, &b)
		}},
	}, nil
}

// DifferNamed returns one of Differs.
func DifferNamed(name string) (Differ, error) {
	differs, err := Differs()
	if err != nil {
		return Differ{}, err
	}
	if i := slices.IndexFunc(differs, func(d Differ) bool { return d.Name == name }); i >= 0 {
		return differs[i], nil
	}
	return Differ{}, fmt.Errorf("no differ %q", name)
}

// Report takes two objects from bytes to a report of patchlint's, in one of the
// formats of its command.
func Report(format string) (func(w io.Writer, current, desired []byte) error, error) {
	partner, err := partner()
	if err != nil {
		return nil, err
	}
	formats := report.PlanFormats()
	i := slices.IndexFunc(formats, func(f report.PlanFormat) bool { return f.Name == format })
	if i < 0 {
		return nil, fmt.Errorf("no format %q", format)
	}
	return func(w io.Writer, current, desired []byte) error {
		plan, err := compute(partner, current, desired)
		if err != nil {
			return err
		}
		comparison := &report.Comparison{Plan: plan, Warnings: plan.Warnings, Sources: map[diff.Side]report.Source{
			diff.Current: {Name: "current.json", Document: plan.Current.Document()},
			diff.Desired: {Name: "desired.json", Document: plan.Desired.Document()},
		}}
		printer, set := formats[i].New(w, false, report.Options{}), new(report.Set)
		set.Count(comparison)
		if err := printer.Print(comparison); err != nil {
			return err
		}
		return printer.Close(set)
	}, nil
}

func partner() (*schema.Resource, error) {
	model, err := schema.Open(schema.Beta)
	if err != nil {
		return nil, err
	}
	return model.Resource("complianceManagementPartner")
}

// compute is all of diff, from bytes to the plan.
func compute(partner *schema.Resource, current, desired []byte) (*diff.Plan, error) {
	c, _ := patchlint.Parse(current, patchlint.JSON)
	d, _ := patchlint.Parse(desired, patchlint.JSON)
	return diff.Compute(partner, c, d, diff.Options{})
}
