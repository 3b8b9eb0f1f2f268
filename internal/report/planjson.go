package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
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

// planJSONPrinter prints one document: the plan, or for directories all of them.
// A credential is in the body, which would not work without it, and nowhere else.
func planJSONPrinter(w io.Writer, directories bool, _ Options) PlanPrinter {
	if directories {
		return plansJSONPrinter(w)
	}
	only := &Comparison{} // unless the documents could not be read
	return PlanPrinter{
		Print: func(c *Comparison) error { only = c; return nil },
		Close: func(s *Set) error {
			return printJSON(w, struct {
				jsonPlan
				Failures []string `json:"failures"`
			}{only.jsonPlan(), orEmpty(s.Failures)})
		},
	}
}

func plansJSONPrinter(w io.Writer) PlanPrinter {
	objects := []json.RawMessage{} // "changed", which precedes them, is not known before the last
	return PlanPrinter{
		Print: func(c *Comparison) error {
			object, err := encode(struct {
				Current string `json:"current"`
				Desired string `json:"desired"`
				jsonPlan
			}{c.Sources[diff.Current].Name, c.Sources[diff.Desired].Name, c.jsonPlan()})
			objects = append(objects, object)
			return err
		},
		Close: func(s *Set) error {
			return printJSON(w, struct {
				Version     int               `json:"version"`
				Changed     bool              `json:"changed"`
				Objects     []json.RawMessage `json:"objects"`
				OnlyCurrent []string          `json:"onlyCurrent"`
				OnlyDesired []string          `json:"onlyDesired"`
				Failures    []string          `json:"failures"`
			}{1, s.Changed(), objects, orEmpty(s.OnlyCurrent), orEmpty(s.OnlyDesired), orEmpty(s.Failures)})
		},
	}
}

func printJSON(w io.Writer, v any) error {
	text, err := encode(v)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n", text)
	return err
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
