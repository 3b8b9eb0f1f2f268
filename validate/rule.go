package validate

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/example"
	"github.com/patchlint/patchlint/schema"
)

// Rule is a description and what looks for the fault it describes. A rule
// whose id a schema.Violation has presents it, and one whose id starts with
// "json-" the faults of the text; neither needs Visit. These state
// their severity themselves, and Linter.Severities changes it.
type Rule struct {
	patchlint.Rule

	// Document is called once for every document, even if it cannot be read to
	// its end or shows no type.
	Document func(*Pass)
	// Visit is called at every stop of the walk through a payload.
	Visit func(*Pass, schema.Visit)

	needs example.Needs // of the examples
	at    stops         // those at which Visit has something to look at
	batch func(*Pass)   // is called once for a JSON batch, whose requests the Pass has

	registered *Rule // the rule itself, if it is of this package: a copy of it is another

	_ struct{}
}

// Example returns the Linter and the Target that the examples of the rule are for.
func (r *Rule) Example() (*Linter, Target) {
	l := new(Linter)
	if r.needs.Names != "" {
		l.Names = new(Names)
		_, _ = l.Names.Add([]byte(r.needs.Names)) // the tests check that it can be read
	}
	return l, Target{Version: schema.Version(r.needs.APIVersion), Key: r.needs.URLKey}
}

// stops are some of the stops of a walk; the zero value is all of them. The answers of
// the functions about a property or type must not change: they are not asked again for
// every payload.
type stops struct {
	properties  func(*schema.Property) bool // whose values are looked at
	objects     func(*schema.Type) bool     // whose objects are looked at
	annotations bool                        // and what else the type does not declare
	navigation  bool                        // the values of navigation properties
}

// all is complete when the package is initialised: every rule_*.go adds one.
var all []*Rule

func register(r *Rule) *Rule {
	i, _ := find(r.ID)
	all = slices.Insert(all, i, r)
	r.registered = r
	example.Register(r.ID, r.needs)
	return r
}

// textOf is Text without a copy where there need be none, as NameBytes is Name.
func textOf(n patchlint.Node) []byte {
	text, plain := n.PlainText()
	if !plain {
		text = []byte(n.Text())
	}
	return text
}

// ours reports whether a rule is one of this package.
func (r *Rule) ours() bool { return r.registered == r }

func find(id string) (at int, found bool) {
	return slices.BinarySearchFunc(all, id, func(r *Rule, id string) int { return strings.Compare(r.ID, id) })
}

// Rules returns every rule of this package, sorted by id, in a slice of its own.
func Rules() []*Rule { return slices.Clone(all) }

// Lookup returns the rule of that id, or nil.
func Lookup(id string) *Rule {
	if i, found := find(id); found {
		return all[i]
	}
	return nil
}

// ruleOf returns the rule of that id among these, where nil is all of this
// package, or nil. One that a program has put in the place of ours counts.
func ruleOf(rules []*Rule, id string) *Rule {
	ours := Lookup(id)
	if rules == nil || slices.Contains(rules, ours) {
		return ours
	}
	if i := slices.IndexFunc(rules, func(r *Rule) bool { return r.ID == id }); i >= 0 {
		return rules[i]
	}
	return nil
}
