package diff

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/entity"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/schema"
)

// The rules about side effects of sending a body, which need both objects.
var (
	collectionLosesAssignments = &patchlint.Rule{
		ID: "collection-loses-assignments", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "a collection that is sent whole removes assignments",
		Why:     `A PATCH replaces a whole collection of assignments: assignments that current has and the body lacks are removed. That may be intended, but not for an assignment that somebody else added after the file was written. With --base, the object that was applied last, patchlint recognizes these assignments and keeps them.`,
		Links:   []string{"https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html"},
	}
	filtersLost = &patchlint.Rule{
		ID: "filters-lost", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "assignments that are sent through v1.0 lose their filters",
		Why:     `Only beta has assignment filters. A target that was read from beta with a filter loses it when it is sent through v1.0, so the assignment applies to more devices, or to different ones. Send it through beta.`,
	}
)

// Rules lists the rules of this package, sorted by id.
func Rules() []*patchlint.Rule { return []*patchlint.Rule{collectionLosesAssignments, filtersLost} }

// warn adds warnings about side effects of sending the body.
func (c *comparer) warn() {
	if etag := c.plan.Current.Member("@odata.etag"); etag.Text() != "" && entity.ETag(c.plan.Current) == "" {
		c.warnf(Current, "control-information", etag, etag.Span(),
			"this etag contains characters that cannot be sent in If-Match, so the request is sent without it and would overwrite later changes; get current again")
	}
	if len(entity.Key(c.resource)) == 0 && strings.HasSuffix(c.resource.Path(), "/{id}") {
		c.warnf(Desired, "id-mismatch", c.plan.Desired, c.plan.Desired.Opening(),
			"the key of %s is not published, so it is unknown whether this and current are the same object", inert.Text(c.resource.Short()))
	}
	for _, change := range c.plan.Changes {
		c.warnChange(change)
	}
}

func (c *comparer) warnChange(change Change) {
	p, name := change.Property, inert.Quote(change.Property.Name)
	at := c.plan.Desired.Member(p.Name)
	key, span := at.Key(), at.Span()
	if !at.Exists() {
		at = c.plan.Desired
		span = at.Opening()
	}
	if p.Maintained && !p.Volatile {
		c.warnf(Desired, "server-managed-property", at, key,
			"%s is updated by the service, and is sent because desired has it; it is unknown whether a PATCH can change it", name)
	}
	if lost := c.unsendable(p, change.Current, nil); len(lost) > 0 && !empty(change.Desired) {
		text := inert.Quote(lost[0].Current.Name())
		if more := len(lost) - 1; more > 0 {
			text += " and " + strconv.Itoa(more) + " more"
		}
		c.warnf(Desired, lost[0].Rule(), at, span, "sending %s replaces its whole value, which may remove values of current that cannot be sent: %s", name, text)
	}
	switch {
	case c.shows(p):
	case p.Collection:
		c.warnf(Desired, collectionLosesAssignments.ID, at, span,
			"sending %s replaces its whole value, but current does not show what that removes: %s", name, c.unseen(name))
	case p.Type.Structured() && !empty(change.Desired):
		c.warnf(Desired, payloadShape, at, span,
			"sending %s may reset members that it leaves out, but current does not show all of them: %s", name, c.unseen(name))
	}
	for _, of := range append([]Change{change}, change.Inside...) {
		if len(of.Removed) > 0 {
			c.warnRemoved(change, of, at, span)
		}
	}
	if lost := c.filtersLost(change.Current); lost > 0 && !empty(change.Desired) {
		what := "its filter"
		if p.Collection {
			what = "the filters of " + change.Elements(lost)
		}
		c.warnf(Desired, filtersLost.ID, at, span, "sending %s through %s loses %s: only beta has filters", name, c.resource.Model.Version, what)
	}
	if p.Collection {
		c.warnConflicts(p, change.Desired)
	}
}

// warnRemoved warns of the elements that a change removes from a collection. of is the change
// of that collection: the change itself or one inside its value. If desired lacks the
// collection, the warning is at the given node and span.
func (c *comparer) warnRemoved(change, of Change, at patchlint.Node, span patchlint.Span) {
	place, what, verb := c.plan.Desired, of.Elements(len(of.Removed)), "are"
	for token := range of.Pointer.Tokens() {
		place = place.Member(token)
	}
	if place.Exists() {
		at, span = place, place.Span()
	}
	if of.Pointer != change.Pointer {
		what += fmt.Sprintf(" of %q", of.Pointer)
	}
	if len(of.Removed) == 1 {
		verb = "is"
	}
	outcome := "lost"
	if len(of.Added) > 0 && of.Property.Type.Structured() && !of.assigns() {
		outcome = "lost or changed" // an assignment with another target is another assignment
	}
	c.warnf(Desired, collectionLosesAssignments.ID, at, span,
		"sending %s replaces its whole value, and %s that current has and desired lacks %s %s; get current again right before you send", inert.Quote(change.Property.Name), what, verb, outcome)
}

// warnConflicts warns of groups that the body includes because of desired and excludes
// because of an element that only current has, or vice versa. Rules find such conflicts
// only within desired.
func (c *comparer) warnConflicts(p *schema.Property, sent patchlint.Node) {
	elements, desired := children(sent), children(c.plan.Desired.Member(p.Name))
	if len(elements) <= len(desired) {
		return // the body has no elements that only the service has
	}
	opposite := map[string]string{"groupAssignmentTarget": "exclusionGroupAssignmentTarget", "exclusionGroupAssignmentTarget": "groupAssignmentTarget"}
	target := func(element patchlint.Node) (kind string, group patchlint.Node) {
		target := element.Member("target")
		return odata.ParseTypeName(target.Member("@odata.type").Text()).Name, target.Member("groupId")
	}
	use := func(kind string, group patchlint.Node) string { return kind + " " + strings.ToLower(group.Text()) }
	kept := make(map[string]bool)
	for _, element := range elements[len(desired):] {
		kept[use(target(element))] = true
	}
	for i, element := range desired { // its group in the body may be the ignored one of current
		kind, group := target(elements[i])
		if other := opposite[kind]; other != "" && !graph.NoID(group) && kept[use(other, group)] {
			_, at := target(element)
			at = cmp.Or(at, element)
			c.warnf(Desired, "conflicting-assignment", at, opening(at), "group %s is both included and excluded in %s, because current has the opposite assignment, which is kept; keep one of the two",
				inert.Text(group.Text()), inert.Quote(p.Name))
		}
	}
}

// warnSkipped warns if Prune did not look at all properties, and of each difference that a
// PATCH cannot resolve.
func (c *comparer) warnSkipped() {
	if c.unpruned {
		c.warnf(Current, payloadShape, c.plan.Current, c.plan.Current.Opening(),
			"only properties that current shows are cleared: %s", c.unseen("the others"))
	}
	for _, s := range c.plan.Skipped {
		side, at, outcome := Desired, s.Desired, "sent"
		if !at.Exists() {
			side, at, outcome = Current, s.Current, "cleared"
		}
		if rule := s.Rule(); rule != "" {
			c.warnf(side, rule, at, at.Key(), "%s is not %s (%s)", inert.Quote(s.Property.Name), outcome, s.Reason)
		}
	}
}

func (c *comparer) warnf(side Side, rule string, at patchlint.Node, span patchlint.Span, format string, args ...any) {
	d := fault(rule, at, span, format, args...)
	d.Severity = patchlint.Warning
	c.plan.Warnings = append(c.plan.Warnings, Finding{side, d})
}

// filtersLost returns the number of targets in a value of current with a filter, if the API
// version does not support filters.
func (c *comparer) filtersLost(current patchlint.Node) (lost int) {
	target := c.resource.Model.Type(graph.AssignmentTarget)
	if target == nil || target.Property(graph.FilterType) != nil {
		return 0
	}
	for n := range current.All() {
		_, _, filtered := graph.Filter(n)
		if t := c.resource.Model.TypeOf(n.Member("@odata.type")); filtered && t != nil && t.Is(target) {
			lost++
		}
	}
	return lost
}
