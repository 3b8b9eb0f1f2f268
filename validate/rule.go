package validate

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/example"
	"github.com/patchlint/patchlint/schema"
)

// Rule is a check with its description. A rule with the id of a violation of package schema
// reports those violations, and one whose id starts with "json-" reports faults of the
// text; neither needs Visit. Such findings have their own severities, which
// Linter.Severities overrides.
type Rule struct {
	patchlint.Rule

	// Document, if not nil, is called once for every document, even if it is not Whole
	// or its type is unknown.
	Document func(*Pass)
	// Visit, if not nil, is called for every visited value of a payload.
	Visit func(*Pass, schema.Visit)

	needs example.Needs // what the examples require
	at    stops         // the visits that Visit or text is called for
	// text, if not nil, is called in place of Visit for each string n that was not refused in
	// the value of a property: the value itself or, if it is an array, its elements.
	text  func(p *Pass, of *schema.Property, n patchlint.Node, text []byte)
	batch func(*Pass) // called once for a JSON batch, with the requests in the Pass

	_ struct{}
}

// Example returns the Linter and the Target to lint the examples of the rule with.
func (r *Rule) Example() (*Linter, Target) {
	l := new(Linter)
	if r.needs.Names != "" {
		l.Names = new(Names)
		_, _ = l.Names.Add([]byte(r.needs.Names)) // the tests check that it is valid
	}
	return l, Target{Version: schema.Version(r.needs.APIVersion), Key: r.needs.URLKey}
}

// stops selects visits of a walk; the zero value selects all. The functions must always
// return the same result for a property or type, because it is cached.
type stops struct {
	properties  func(*schema.Property) bool // selects values by their property
	objects     func(*schema.Type) bool     // selects objects by their type
	annotations bool                        // selects undeclared members
	navigation  bool                        // selects values of navigation properties
}

// all lists the rules sorted by id. Every rule_*.go registers one during initialization.
var all = make([]*Rule, 0, 64)

func init() {
	example.Of = func(id string) example.Needs {
		if r := Lookup(id); r != nil {
			return r.needs
		}
		return example.Needs{} // a rule of diff
	}
}

func register(r *Rule) *Rule {
	i, _ := slices.BinarySearchFunc(all, r.ID, func(r *Rule, id string) int { return strings.Compare(r.ID, id) })
	all = slices.Insert(all, i, r)
	return r
}

// The good examples of several rules.
const (
	sampleClean  = "{\n  \"iosOnboarded\": true\n}\n"
	sampleTarget = `{
  "target": {
    "@odata.type": "#microsoft.graph.groupAssignmentTarget",
    "groupId": "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"
  }
}
`
)

// describe registers a rule that has no function: the scanner reports the faults whose
// rule starts with "json-", and the walk and the Linter report the others.
func describe(r patchlint.Rule) *Rule { return register(&Rule{Rule: r}) }

// Rules returns a new slice with every rule of this package, sorted by id.
func Rules() []*Rule { return slices.Clone(all) }

// Lookup returns the rule of this package with the given id, or nil.
func Lookup(id string) *Rule { return find(all, id) }

// find returns the first of some rules with the given id, or nil. It does not search in halves,
// because few ids have the same length, which is compared first.
func find(rules []*Rule, id string) *Rule {
	for _, r := range rules {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// ruleOf returns the rule with the given id in rules, or nil. Rules of nil means all
// rules of this package. A rule of another package may replace one of ours.
func ruleOf(rules []*Rule, id string) *Rule {
	ours := Lookup(id)
	if rules == nil || slices.Contains(rules, ours) {
		return ours
	}
	return find(rules, id)
}
