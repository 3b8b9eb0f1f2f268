package report

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
)

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
	Pointer string            `json:"pointer"`
	Kind    string            `json:"kind"`
	Current json.RawMessage   `json:"current"`
	Desired json.RawMessage   `json:"desired"`
	Added   []json.RawMessage `json:"added"`
	Removed []json.RawMessage `json:"removed"`
}

type jsonSkip struct {
	Pointer string `json:"pointer"`
	Reason  string `json:"reason"`
}

type jsonObject struct {
	Current string `json:"current"`
	Desired string `json:"desired"`
	jsonPlan
}

type jsonSet struct {
	Version     int          `json:"version"`
	Changed     bool         `json:"changed"`
	Objects     []jsonObject `json:"objects"`
	OnlyCurrent []string     `json:"onlyCurrent"`
	OnlyDesired []string     `json:"onlyDesired"`
}

// printPlanJSON prints one document: the plan, or for directories all of them.
func printPlanJSON(w io.Writer, s *Set, _ Options) error {
	var document any
	if s.Directories {
		set := jsonSet{1, s.Changed(), []jsonObject{}, orEmpty(s.OnlyCurrent), orEmpty(s.OnlyDesired)}
		for _, c := range s.Comparisons {
			set.Objects = append(set.Objects, jsonObject{c.Sources[diff.Current].Name, c.Sources[diff.Desired].Name, planJSON(c)})
		}
		document = set
	} else if len(s.Comparisons) == 1 {
		document = planJSON(s.Comparisons[0])
	} else { // the documents could not be read
		document = planJSON(&Comparison{})
	}
	text, err := encode(document)
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

func planJSON(c *Comparison) jsonPlan {
	p := jsonPlan{
		Version: 1, Changed: c.Changed(), Body: json.RawMessage("null"),
		Changes: []jsonChange{}, Skipped: []jsonSkip{},
		Warnings: c.jsonFindings(c.Warnings), Errors: c.jsonFindings(c.Errors),
	}
	if c.Plan == nil {
		return p
	}
	if c.Plan.Body != nil {
		p.Body = c.Plan.Body
	}
	for _, change := range c.Plan.Changes {
		j := jsonChange{
			Pointer: string(change.Pointer), Kind: change.Kind.String(),
			Current: raw(change.Current), Desired: raw(change.Sent),
			Added: []json.RawMessage{}, Removed: []json.RawMessage{},
		}
		added, removed, modified, _ := change.Elements(c.Plan.Resource.Model)
		for _, m := range modified {
			added, removed = append(added, m.Sent), append(removed, m.Current)
		}
		for _, n := range added {
			j.Added = append(j.Added, raw(n))
		}
		for _, n := range removed {
			j.Removed = append(j.Removed, raw(n))
		}
		p.Changes = append(p.Changes, j)
	}
	for _, skip := range c.Plan.Skipped {
		p.Skipped = append(p.Skipped, jsonSkip{string(skip.Pointer), string(skip.Reason)})
	}
	return p
}

// raw is a value as compact JSON, null where there is none. Numbers keep their
// digits; comments, which the document may have, are left out.
func raw(n patchlint.Node) json.RawMessage {
	if !n.Exists() {
		return json.RawMessage("null")
	}
	text, err := encode(n.Value())
	if err != nil {
		return json.RawMessage("null")
	}
	return text
}

func (c *Comparison) jsonFindings(findings []diff.Finding) []jsonFinding {
	list := []jsonFinding{}
	for _, f := range c.Findings(findings) {
		list = append(list, jsonFindings(f)...)
	}
	return list
}
