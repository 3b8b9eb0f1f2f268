package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/ordered"
	"github.com/patchlint/patchlint/internal/secret"
)

//go:embed plan.schema.json
var planSchema []byte

// PlanSchema returns the JSON Schema of the json format of plans. It takes the
// definitions of findings from Schema.
func PlanSchema() []byte {
	_, definitions, _ := bytes.Cut(jsonSchema, []byte(`  "$defs": `))
	return slices.Concat(bytes.TrimSuffix(planSchema, []byte("\n}\n")), []byte(",\n  \"$defs\": "), definitions)
}

// jsonPlans prints one document: the plan, or for directories all plans. Credentials are
// masked except in the body, which would not work without them.
func jsonPlans(out *output, directories, _ bool) PlanPrinter {
	plan := new(Comparison).jsonPlan() // stays empty if a document cannot be read
	objects := []json.RawMessage{}     // kept until the end because "changed" comes before them
	print := func(c *Comparison) {
		plan = c.jsonPlan()
		if directories {
			sources := object{{"current", c.Sources[diff.Current].Name}, {"desired", c.Sources[diff.Desired].Name}}
			objects = append(objects, encode(append(sources, plan...)))
		}
	}
	end := func(s *PlanSummary) {
		failures := ordered.Member{"failures", append([]string{}, s.Failures...)}
		if directories {
			plan = object{
				{"version", 1}, {"changed", s.Changed > 0}, {"objects", objects},
				{"onlyCurrent", unpairedFiles(s.OnlyCurrent)}, {"onlyDesired", unpairedFiles(s.OnlyDesired)},
			}
		}
		out.line(append(plan, failures))
	}
	return PlanPrinter{out, print, end}
}

func unpairedFiles(list []Unpaired) []string {
	files := make([]string, len(list))
	for i, o := range list {
		files[i] = o.File
	}
	return files
}

func (c *Comparison) jsonPlan() object {
	body, changes, skipped := json.RawMessage("null"), []object{}, []object{}
	if c.Changed() {
		body = c.Plan.Body
	}
	if c.Plan != nil {
		for _, change := range c.Plan.Changes {
			added, removed := maskedValues(change.Added), maskedValues(change.Removed)
			for _, m := range change.Modified {
				added, removed = append(added, maskedValue(m[1])), append(removed, maskedValue(m[0]))
			}
			changes = append(changes, object{
				{"pointer", maskedPointer(change, change.Pointer)}, {"kind", kindOf(change)}, {"current", maskedValue(change.Current)}, {"desired", maskedValue(change.Desired)},
				{"added", added}, {"removed", removed},
			})
		}
		for _, s := range c.Plan.Skipped {
			skipped = append(skipped, object{{"pointer", maskedPointer(s, s.Pointer)}, {"reason", s.Reason}})
		}
	}
	return object{
		{"version", 1}, {"changed", c.Changed()}, {"body", body}, {"changes", changes}, {"skipped", skipped},
		{"warnings", c.jsonFindings(c.Warnings)}, {"errors", c.jsonFindings(c.Errors)},
	}
}

// kindOf returns what a change does to its property.
func kindOf(c diff.Change) string {
	switch {
	case clears(c):
		return "clear"
	case c.Property.Collection:
		return "replace-collection"
	}
	return "set"
}

func maskedValues(list []patchlint.Node) []any {
	values := make([]any, len(list))
	for i, n := range list {
		values[i] = maskedValue(n)
	}
	return values
}

// maskedValue returns n.Value() with its credentials masked.
func maskedValue(n patchlint.Node) any {
	if !n.Exists() || len(secret.In(n.Document(), n.Span())) == 0 {
		return n.Value()
	}
	switch n.Kind() {
	case patchlint.Object:
		object := make(map[string]any, n.Len())
		for member := range n.Children() {
			object[maskedName(member)] = maskedValue(member)
		}
		return object
	case patchlint.Array:
		list := make([]any, 0, n.Len())
		for element := range n.Children() {
			list = append(list, maskedValue(element))
		}
		return list
	case patchlint.String:
		return maskedString(n)
	}
	return secret.Masked
}

func (c *Comparison) jsonFindings(findings []diff.Finding) []object {
	list := []object{}
	for _, f := range c.Findings(findings) {
		list = append(list, jsonFindings(f, new(Fingerprints).Of(f))...)
	}
	return list
}
