// Package diff computes the smallest body that, sent as PATCH, turns the object
// the service holds into the one that is wanted, and what the service would
// hold after a PATCH.
//
// It follows what OData and Graph do, not RFC 7396: what is left out is kept,
// null sets a property to null, and a collection is replaced as one value. Values
// are compared as the service would (schema.Model.Canonical): the order of
// assignments, the case of a GUID and the offset of an instant make no difference.
//
// Compute(r, current, desired) gives a Plan, whose Body is nil when there is
// nothing to send. Apply(r, "", current, body) is its inverse: for every property that
// the plan did not skip, the result is what was desired. An object
// that the service cannot hold, or would refuse, is a Refusal.
package diff

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/identity"
	"github.com/patchlint/patchlint/schema"
)

// Options say what is to be sent beyond what desired names, and what is not.
// The zero value leaves alone whatever is absent in desired.
type Options struct {
	// Prune clears what is absent in desired, where its type allows.
	Prune bool
	// Base is the object that was applied last, nil where that is not known.
	// Properties that it has and desired lacks are cleared; assignments that neither has
	// stay, for somebody else made them.
	Base *patchlint.Document
	// Ordered takes the order of a collection as part of its value.
	Ordered bool
	// Ignore are pointers to values that are not compared; "*" stands for one token. One
	// that is not Valid leads to nothing, nor does one of Send.
	Ignore []patchlint.Pointer
	// Send are pointers to properties that the service updates itself and that
	// are to be sent all the same.
	Send []patchlint.Pointer
	// ODataType puts the entity's own @odata.type into the body.
	ODataType bool
	// AnyVersion takes a response of another API version than the resource's, with
	// a warning. v1.0 shows less than beta does, so without it one is refused.
	AnyVersion bool
	// Object is the object in current's document that is compared; the zero Node has
	// Compute find it.
	Object patchlint.Node
}

// Side names one of the documents.
type Side uint8

const (
	Current Side = iota
	Desired
	Base
)

// String returns "current", "desired" or "base".
func (s Side) String() string {
	names := [...]string{"current", "desired", "base"}
	if int(s) < len(names) {
		return names[s]
	}
	return fmt.Sprintf("Side(%d)", uint8(s))
}

// Finding is a diagnostic about one of the documents.
type Finding struct {
	Side Side
	patchlint.Diagnostic
}

// Refusal is the error of a pair from which no body can be computed.
type Refusal struct {
	// Findings are the reasons, those about current first, each list in the
	// order of its places.
	Findings []Finding
}

// Error returns the first reason.
func (r *Refusal) Error() string {
	if len(r.Findings) == 0 {
		return "refused"
	}
	f := r.Findings[0]
	text := fmt.Sprintf("%s is refused at %q: %s [%s]", f.Side, f.Pointer, f.Message, f.Rule)
	if more := len(r.Findings) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}

// Kind says what a change does to a property.
type Kind string

const (
	Set               Kind = "set"                // gives it another value
	Clear             Kind = "clear"              // sets it to null, or a collection to []
	ReplaceCollection Kind = "replace-collection" // sends a collection whole
)

// Change is a property that the service holds with another value than is wanted: the
// body changes it, or it is skipped.
type Change struct {
	Pointer  patchlint.Pointer
	Property *schema.Property
	// Kind is what the body does to the property, "" where the change is skipped.
	Kind Kind
	// Reason says why the change is skipped, "" where it is not.
	Reason Reason
	// Current is the value that the service holds; absent where it holds none.
	Current patchlint.Node
	// Desired is the value in the body; of a change that is skipped, the one in desired,
	// absent where it has none.
	Desired patchlint.Node

	// Added are the elements of a collection that only the body has, in its order;
	// Removed those that only current has, in current's order. Collections are compared
	// as multisets of what the service takes for the same; of several equal elements the
	// last are removed.
	Added, Removed []patchlint.Node
	// Modified are those for one target with another filter: current's and the body's.
	Modified [][2]patchlint.Node
	// Kept is the number of the others.
	Kept int

	// Inside are the changes in a single complex value, in the order of Desired and at
	// any depth; none where it is another value as a whole.
	Inside []Change
}

// Reason says why a difference is not sent, as a report prints it.
type Reason string

// The reasons that a reader may want to treat apart, and the others.
const (
	ServerManaged Reason = "kept by the service"                                                // and not in Options.Send
	OrderOnly     Reason = "the same elements in another order"                                 // and not Options.Ordered
	NotClearable  Reason = "cannot be cleared: it is not nullable"                              // asked for by Prune or Base
	Undeclared    Reason = "kept: its open type does not declare it; null in desired clears it" // asked for by Prune or Base

	ignored     Reason = "ignored" // by Options.Ignore
	readOnly    Reason = "read-only: only the service sets it"
	noOperation Reason = "unknownFutureValue changes nothing" // Graph's guideline on evolvable enumerations
	related     Reason = "a navigation property, which a PATCH does not update"
	binding     Reason = "a binding, which is not compared; send it by itself"
	changes     Reason = "changes of related objects, which are not compared; send them by themselves"
	unknown     Reason = "nothing publishes it"
)

// rule is the rule that a difference departs from which a PATCH cannot undo, "" for what
// is left as it is for another reason.
func (r Reason) rule() string {
	switch r {
	case related, binding, changes:
		return "navigation-property"
	case unknown:
		return "unpublished-property"
	}
	return ""
}

// Plan is what is to be done.
type Plan struct {
	// Body is compact JSON, nil when there is nothing to send.
	Body []byte
	// Changes are the properties of the body in its order.
	Changes []Change
	// Skipped are the differences that are not sent, in the order of desired, then
	// those in what only current has.
	Skipped []Change
	// Warnings are about what sending the body does, in the order of the
	// changes.
	Warnings []Finding
	// Resource, and the two objects, without what they were wrapped in.
	Resource         *schema.Resource
	Current, Desired patchlint.Node

	options Options
	base    patchlint.Node
}

// Compute returns the plan that turns current into desired. Current may be a
// response as it was saved: wrapped in "value", or a list from which the object
// with desired's id is taken, or else the only one with its displayName. The error is a *Refusal when a document cannot be
// taken for an object of the resource, current is not what the service holds, or Graph would refuse what desired holds or
// what the body would send back as current has it. The documents are not changed.
// Both may be one Document.
func Compute(r *schema.Resource, current, desired *patchlint.Document, o Options) (*Plan, error) {
	c := comparer{Options: o, declared: r.Type, resource: r, plan: &Plan{Resource: r}}
	c.check(current, desired)
	if len(c.refused) > 0 {
		return nil, &Refusal{c.refused}
	}
	c.compare()
	c.plan.options, c.plan.base = o, c.base
	if len(c.refused) > 0 {
		return nil, &Refusal{c.refused}
	}
	if len(c.plan.Changes) > 0 {
		c.plan.Body = c.body()
		c.warn()
	}
	c.warnSkipped()
	return c.plan, nil
}

// ID returns the key of the object, which is the id of most types: current's, else
// desired's, else "".
func (p *Plan) ID() string {
	t := p.Resource.Type
	return cmp.Or(identity.Of(t, p.Current), identity.Of(t, p.Desired))
}

// Compared is the number of properties that could have been sent: those that
// desired names, or Base or Prune asks for, and that are neither ignored nor kept
// by the service. Where it is 0, that there is nothing to send says nothing.
func (p *Plan) Compared() int {
	c := comparer{Options: p.options}
	n := 0
	for _, property := range p.Resource.Type.Properties {
		named := p.options.Prune || p.Desired.Member(property.Name).Exists() || p.base.Member(property.Name).Exists()
		if _, counts := c.comparison(property); named && counts && !property.Computed && (!property.Volatile || c.sends(property)) {
			n++
		}
	}
	for member := range p.Desired.Children() {
		if property := p.Resource.Type.Dynamic(member.Name()); property != nil {
			if _, counts := c.comparison(property); counts {
				n++
			}
		}
	}
	return n
}

// Incomplete reports whether desired, Prune or Base asks for something that the body
// does not bring about and that an update of this object cannot, or that was not compared.
func (p *Plan) Incomplete() bool { return slices.ContainsFunc(p.Skipped, Change.Unmet) }

// Unmet reports whether a change that is skipped is one that was asked for. What Ignore
// names was not, nor what the service keeps up to date by itself: it has moved on since a
// file was written, and nobody means to set it.
func (c Change) Unmet() bool {
	switch c.Reason {
	case NotClearable, Undeclared, noOperation, related, binding, changes, unknown:
		return true
	case readOnly:
		return c.Property.Type.Name != "Edm.DateTimeOffset" // when the object was made or changed
	}
	return false
}

// Warned reports whether a finding says that a change is skipped.
func (c Change) Warned() bool { return c.Reason.rule() != "" }
