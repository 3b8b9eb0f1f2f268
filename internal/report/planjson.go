package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/secret"
)

//go:embed plan.schema.json
var planSchema []byte

// PlanSchema returns the JSON Schema of what the json format of diff prints. Its
// findings are defined as those of the other report are.
func PlanSchema() []byte {
	_, definitions, _ := bytes.Cut(jsonSchema, []byte(`  "$defs": `))
	return slices.Concat(bytes.TrimSuffix(planSchema, []byte("\n}\n")), []byte(",\n  \"$defs\": "), definitions)
}

// jsonPlans prints one document: the plan, or for directories all of them.
// A credential is in the body, which would not work without it, and nowhere else.
func jsonPlans(out *output, directories bool, _ Options) plans {
	if directories {
		return directoriesJSON(out)
	}
	only := &Comparison{} // unless the documents could not be read
	return plans{
		func(c *Comparison) { only = c },
		func(s *Set) { out.line(append(only.jsonPlan(), member{"failures", orEmpty(s.Failures)})) },
	}
}

func directoriesJSON(out *output) plans {
	objects := []json.RawMessage{} // "changed", which precedes them, is not known before the last
	return plans{
		func(c *Comparison) {
			sources := object{{"current", c.Sources[diff.Current].Name}, {"desired", c.Sources[diff.Desired].Name}}
			objects = append(objects, out.encode(append(sources, c.jsonPlan()...)))
		},
		func(s *Set) {
			out.line(object{
				{"version", 1}, {"changed", s.Changed > 0}, {"objects", objects},
				{"onlyCurrent", filesOnOneSide(s.OnlyCurrent)}, {"onlyDesired", filesOnOneSide(s.OnlyDesired)}, {"failures", orEmpty(s.Failures)},
			})
		},
	}
}

func filesOnOneSide(list []OnOneSide) []string {
	files := make([]string, len(list))
	for i, o := range list {
		files[i] = o.File
	}
	return files
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func (c *Comparison) jsonPlan() object {
	body, changes, skipped := json.RawMessage("null"), []object{}, []object{}
	if c.Changed() {
		body = c.Plan.Body
	}
	if c.Plan != nil {
		for _, change := range c.Plan.Changes {
			added, removed := shownValues(change.Added), shownValues(change.Removed)
			for _, m := range change.Modified {
				added, removed = append(added, shownValue(m[1])), append(removed, shownValue(m[0]))
			}
			changes = append(changes, object{
				{"pointer", change.Pointer}, {"kind", change.Kind}, {"current", shownValue(change.Current)}, {"desired", shownValue(change.Desired)},
				{"added", added}, {"removed", removed},
			})
		}
		for _, s := range c.Plan.Skipped {
			skipped = append(skipped, object{{"pointer", s.Pointer}, {"reason", s.Reason}})
		}
	}
	return object{
		{"version", 1}, {"changed", c.Changed()}, {"body", body}, {"changes", changes}, {"skipped", skipped},
		{"warnings", c.jsonFindings(c.Warnings)}, {"errors", c.jsonFindings(c.Errors)},
	}
}

func shownValues(list []patchlint.Node) []any {
	values := make([]any, len(list))
	for i, n := range list {
		values[i] = shownValue(n)
	}
	return values
}

// shownValue is the Value of a node with a mask for every credential in it.
func shownValue(n patchlint.Node) any {
	if !n.Exists() || len(secret.In(n.Document(), n.Span())) == 0 {
		return n.Value()
	}
	switch n.Kind() {
	case patchlint.Object:
		object := make(map[string]any, n.Len())
		for member := range n.Children() {
			object[secret.Mask(n.Document(), secret.MaskName(member.Name()))] = shownValue(member)
		}
		return object
	case patchlint.Array:
		list := make([]any, 0, n.Len())
		for element := range n.Children() {
			list = append(list, shownValue(element))
		}
		return list
	case patchlint.String:
		return shownText(n)
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
