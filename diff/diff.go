// Package diff computes the smallest PATCH body that turns the object on the service
// into a desired one, and the result of a PATCH.
//
// It implements the semantics of OData and Graph, not of RFC 7396: properties that are
// left out keep their value, null sets a property to null, and a collection is replaced
// as a whole. Values are compared as the service does (schema.Model.AppendCanonical): the
// order of assignments, the case of a GUID and the offset of an instant do not matter.
//
// Compute returns a Plan, whose Body is nil if there is nothing to send. Apply is its
// counterpart: applied to current and Body, it returns the desired value of every property
// that the plan did not skip. Both return a Refusal for an object that the service
// cannot hold or would refuse.
package diff

import (
	"fmt"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/schema"
)

// Options controls what Compute compares and sends. The zero value keeps all properties
// that are absent in desired.
type Options struct {
	// Prune clears properties that are absent in desired, if their type allows.
	Prune bool
	// Base is the object that was applied last, or nil if it is unknown. Properties in
	// base but not in desired are cleared. Assignments in neither of them are kept,
	// because somebody else added them.
	Base *patchlint.Document
	// Ordered treats the order of a collection as part of its value.
	Ordered bool
	// Ignore lists pointers to values that are not compared; "*" matches any one name or index.
	// Pointers that are invalid or "" match nothing.
	Ignore []patchlint.Pointer
	// Send lists pointers to properties to send although the service updates them. It has
	// the syntax of Ignore.
	Send []patchlint.Pointer
	// ODataType adds the @odata.type of the entity to the body.
	ODataType bool
	// AnyVersion accepts a response of another API version than the one of the resource,
	// with a warning. By default it is refused, because v1.0 returns less than beta.
	AnyVersion bool
	// Object is the object to compare, in the document current. If it is the zero Node,
	// Compute finds the object.
	Object patchlint.Node
}

// Side is one of the documents that are compared.
type Side string

const (
	Current Side = "current"
	Desired Side = "desired"
	Base    Side = "base"
)

// Finding is a finding about one of the documents.
type Finding struct {
	Side Side
	patchlint.Diagnostic
}

// Refusal is the error for documents that cannot be compared or must not be sent. It lists
// the reasons, those about Current first.
type Refusal []Finding

// Error returns the first reason and the number of others.
func (r Refusal) Error() string {
	if len(r) == 0 {
		return "refused"
	}
	f := r[0]
	text := fmt.Sprintf("%s is refused at %q: %s [%s]", f.Side, f.Pointer, f.Message, f.Rule)
	if more := len(r) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}

// Change is a property whose current value differs from the desired one. The body
// changes it, or the change is skipped.
type Change struct {
	Pointer patchlint.Pointer
	// Property is never nil. For a navigation property, a binding or an unpublished member,
	// it has only a name and a type, Edm.Untyped if the type is unknown.
	Property *schema.Property
	// Reason is why the change is skipped, in the wording of reports, or "" if it is not.
	Reason string
	// Current is the value on the service, or the zero Node if it is absent.
	Current patchlint.Node
	// Desired is the value in the body, which is null or [] if it clears the property. If
	// the change is skipped, it is the value in desired, or the zero Node if it is absent.
	Desired patchlint.Node

	// Added lists the elements of a collection that only the body has, in its order, and
	// Removed those that only current has, in its order. Collections are compared as
	// multisets, with the equality of the service. If current has more equal elements
	// than the body, the last ones are removed.
	Added, Removed []patchlint.Node
	// Modified lists the pairs of elements, from current and from the body, with the same
	// target but different filters.
	Modified [][2]patchlint.Node

	// Inside lists the changes in a single complex value, at any depth, in the order of
	// Desired. It is empty if the value changes as a whole.
	Inside []Change
}

// The reasons that callers may need to distinguish.
const (
	ServerManaged = "updated by the service"             // unless it is in Options.Send
	OrderOnly     = "the same elements in another order" // unless Options.Ordered is set
)

const (
	notClearable = "cannot be cleared, because it is not nullable"                                     // with Options.Prune or Options.Base
	undeclared   = "kept, because the metadata does not declare it; write null in desired to clear it" // with Options.Prune or Options.Base
	ignored      = "ignored"                                                                           // by Options.Ignore
	readOnly     = "read-only; only the service sets it"
	noOperation  = graph.UnknownFutureValue + " changes nothing" // by Graph's guideline on evolvable enumerations
	related      = "a navigation property, which a PATCH usually does not update"
	binding      = "a link to another object by @odata.bind, which is not compared; send it separately"
	changes      = "changes to related objects, which are not compared; send them separately"
	unknown      = "an unpublished property"
)

// Elements returns a number of elements of the collection in words, such as "3 assignments".
func (c Change) Elements(n int) string {
	noun := "element"
	if c.assigns() {
		noun = "assignment"
	}
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprint(n, " ", noun)
}

// assigns reports whether the values of the property are assignments.
func (c Change) assigns() bool { return strings.HasSuffix(c.Property.Type.Short(), "Assignment") }

// Rule returns the id of the rule that warns of a skipped change: one of related objects
// or of an unpublished property. It returns "" for any other change.
func (c Change) Rule() string {
	switch c.Reason {
	case related, binding, changes:
		return "navigation-property"
	case unknown:
		return "unpublished-property"
	}
	return ""
}

// Plan is the result of Compute.
type Plan struct {
	// Body is the PATCH body as compact JSON, or nil if there is nothing to send.
	Body []byte
	// Changes lists the properties in the body, in its order.
	Changes []Change
	// Skipped lists the differences that are not sent, in the order of desired, followed
	// by those that only current has.
	Skipped []Change
	// Warnings lists side effects of sending the body, in the order of Changes, and
	// differences that a PATCH cannot resolve.
	Warnings []Finding

	// Compared is the number of properties that were compared: those in desired or selected
	// by Base or Prune that are neither ignored nor updated by the service. If it is 0, an
	// empty plan does not mean that the objects agree.
	Compared int

	// Resource is the type of the objects: the one that their @odata.type names, or else
	// the declared one.
	Resource *schema.Type
	// Current and Desired are the compared objects, without the response around them.
	Current, Desired patchlint.Node
}

// Compute returns the plan that turns current into desired, which are objects of the
// resource r, a type that schema.Model.Resource returns. Current may be a saved response: an
// object wrapped in "value", or a list, which must have an object with the id of desired, or
// else exactly one with its displayName. Both may be the same Document. Compute does not
// modify the documents.
//
// It returns a Refusal if a document is not an object of the resource, if current is not
// a valid state of the service, or if Graph would refuse a value in desired or a value of
// current that the body would repeat.
func Compute(r *schema.Type, current, desired *patchlint.Document, o Options) (*Plan, error) {
	c := &comparer{Options: o, ignore: tokens(o.Ignore), send: tokens(o.Send), declared: r, resource: r, plan: new(Plan)}
	if err := c.check(current, desired); err != nil {
		return nil, err
	}
	c.plan.Resource = c.resource
	c.compare()
	c.refuseHidden()
	if err := c.refusal(); err != nil {
		return nil, err
	}
	if len(c.plan.Changes) > 0 {
		c.plan.Body = c.body()
		c.warn()
	}
	c.warnSkipped()
	return c.plan, nil
}

// Unmet reports whether a skipped change was requested, by desired, Prune or Base, and
// either no PATCH of this object can make it or it was not compared. Ignored properties do
// not count, nor do properties that the service updates, because nobody wrote their values
// on purpose.
func (c Change) Unmet() bool {
	switch c.Reason {
	case notClearable, undeclared, noOperation:
		return true
	case readOnly:
		return c.Property.Type.Name != "Edm.DateTimeOffset" // a creation or modification time, which nobody sets on purpose
	}
	return c.Rule() != ""
}
