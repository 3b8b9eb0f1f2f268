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

type jsonPlan struct {
	Version  int             `json:"version"`
	Changed  bool            `json:"changed"`
	Body     json.RawMessage `json:"body"`
	Changes  []jsonChange    `json:"changes"`
	Skipped  []jsonSkip      `json:"skipped"`
	Warnings []jsonFinding   `json:"warnings"`
	Errors   []jsonFinding   `json:"errors"`
}

type jsonChange struct {
	Pointer patchlint.Pointer `json:"pointer"`
	Kind    string            `json:"kind"`
	Current any               `json:"current"`
	Desired any               `json:"desired"`
	Added   []any             `json:"added"`
	Removed []any             `json:"removed"`
}

type jsonSkip struct {
	Pointer patchlint.Pointer `json:"pointer"`
	Reason  diff.Reason       `json:"reason"`
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
		func(s *Set) {
			out.line(struct {
				jsonPlan
				Failures []string `json:"failures"`
			}{only.jsonPlan(), orEmpty(s.Failures)})
		},
	}
}

func directoriesJSON(out *output) plans {
	objects := []json.RawMessage{} // "changed", which precedes them, is not known before the last
	return plans{
		func(c *Comparison) {
			objects = append(objects, out.encode(struct {
				Current string `json:"current"`
				Desired string `json:"desired"`
				jsonPlan
			}{c.Sources[diff.Current].Name, c.Sources[diff.Desired].Name, c.jsonPlan()}))
		},
		func(s *Set) {
			out.line(struct {
				Version     int               `json:"version"`
				Changed     bool              `json:"changed"`
				Objects     []json.RawMessage `json:"objects"`
				OnlyCurrent []string          `json:"onlyCurrent"`
				OnlyDesired []string          `json:"onlyDesired"`
				Failures    []string          `json:"failures"`
			}{1, s.Changed > 0, objects, filesOnOneSide(s.OnlyCurrent), filesOnOneSide(s.OnlyDesired), orEmpty(s.Failures)})
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

func (c *Comparison) jsonPlan() jsonPlan {
	plan := jsonPlan{1, c.Changed(), json.RawMessage("null"), []jsonChange{}, []jsonSkip{}, c.jsonFindings(c.Warnings), c.jsonFindings(c.Errors)}
	if c.Plan == nil {
		return plan
	}
	if c.Plan.Body != nil {
		plan.Body = c.Plan.Body
	}
	for _, change := range c.Plan.Changes {
		j := jsonChange{change.Pointer, string(change.Kind), shownValue(change.Current), shownValue(change.Sent), []any{}, []any{}}
		for _, n := range change.Elements.Added {
			j.Added = append(j.Added, shownValue(n))
		}
		for _, n := range change.Elements.Removed {
			j.Removed = append(j.Removed, shownValue(n))
		}
		for _, m := range change.Elements.Modified {
			j.Added, j.Removed = append(j.Added, shownValue(m.Sent)), append(j.Removed, shownValue(m.Current))
		}
		plan.Changes = append(plan.Changes, j)
	}
	for _, s := range c.Plan.Skipped {
		plan.Skipped = append(plan.Skipped, jsonSkip{s.Pointer, s.Reason})
	}
	return plan
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

func (c *Comparison) jsonFindings(findings []diff.Finding) []jsonFinding {
	list := []jsonFinding{}
	for _, f := range c.Findings(findings) {
		list = append(list, jsonFindings(f, new(Fingerprints).Of(f))...)
	}
	return list
}
