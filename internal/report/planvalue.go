package report

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/secret"
)

// value returns a value on one line, cut if it is long, with its credentials masked. It
// shows the name of an object before its id, if that is known.
func (c *Comparison) value(n patchlint.Node) string {
	if c.isNamed(n) {
		return withName(c.Names, maskedString(n))
	}
	return inert.Text(compact(n))
}

// isNamed reports whether a value is the id of an object whose name is known.
func (c *Comparison) isNamed(n patchlint.Node) bool {
	return n.Kind() == patchlint.String && c.Names.Of(n.Text()) != ""
}

// compact returns the compact JSON text of a value with its credentials masked.
func compact(n patchlint.Node) string {
	if !n.Exists() {
		return "nothing"
	}
	var b bytes.Buffer
	if text := secret.Redact(n.Document(), n.Span()); json.Compact(&b, text) != nil {
		b.Write(text)
	}
	return b.String()
}

// differing returns two values as value does, except that long texts start shortly before
// the first difference.
func (c *Comparison) differing(a, b patchlint.Node) (string, string) {
	if c.isNamed(a) || c.isNamed(b) {
		return c.value(a), c.value(b)
	}
	const before, short = 20, 60
	from, to := compact(a), compact(b)
	at := 0
	for at < min(len(from), len(to)) && from[at] == to[at] {
		at++
	}
	if at > 2*before && max(len(from), len(to)) > short {
		for at -= before; !utf8.RuneStart(from[at]); at-- {
		}
		from, to = "..."+from[at:], "..."+to[at:]
	}
	return inert.Text(from), inert.Text(to)
}

// elementText describes an element of a collection: the target and filter of an assignment,
// or the JSON text of anything else. If that is too long for a line, it names an object, and
// shows what differs in other, a similar element, if that exists.
func (c *Comparison) elementText(n, other patchlint.Node) string {
	if !n.Member("target").Exists() {
		whole := compact(n)
		if name := inert.Text(whole); name != inert.Show(whole) {
			if n.Kind() == patchlint.String && other.Exists() {
				name, _ = c.differing(n, other)
			} else if text := maskedString(named(n)); text != "" {
				name = inert.Quote(text)
			}
			return name + c.unlike(n, other)
		}
	}
	text := c.describeTarget(n)
	if _, _, filtered := graph.Filter(n.Member("target")); filtered {
		text += ", filter " + c.describeFilter(n)
	}
	return text
}

// named returns the member that names an object, or the zero Node.
func named(n patchlint.Node) patchlint.Node { return firstText(n, "displayName", "name", "id") }

// firstText returns the first of some members that is a string and not empty, or the zero
// Node.
func firstText(n patchlint.Node, names ...string) patchlint.Node {
	for _, name := range names {
		if member := n.Member(name); member.Kind() == patchlint.String && member.Text() != "" {
			return member
		}
	}
	return patchlint.Node{}
}

// similar pairs the removed elements with the added ones of the same name, in both
// directions, and one removed element with the one added.
func similar(removed, added []patchlint.Node) map[patchlint.Node]patchlint.Node {
	const most = 50
	if max(len(removed), len(added)) > most {
		return nil // too many to compare
	}
	pairs := make(map[patchlint.Node]patchlint.Node)
	for _, n := range removed {
		for _, other := range added {
			same := named(n).Exists() && bytes.Equal(named(n).Raw(), named(other).Raw()) || len(removed)+len(added) == 2
			if same && !pairs[n].Exists() && !pairs[other].Exists() {
				pairs[n], pairs[other] = other, n
			}
		}
	}
	return pairs
}

func maskedName(member patchlint.Node) string {
	return secret.Mask(member.Document(), secret.MaskName(member.Name()))
}

// unlike lists the members of an object that differ from those of another one, if that
// exists, after a colon. It returns "" if none do.
func (c *Comparison) unlike(n, other patchlint.Node) string {
	if !other.Exists() {
		return ""
	}
	var parts []string
	for member := range n.Children() {
		if text, with := c.differing(member, other.Member(member.Name())); text != with {
			parts = append(parts, inert.Text(maskedName(member))+" "+text)
		}
	}
	for member := range other.Children() {
		if !n.Member(member.Name()).Exists() {
			parts = append(parts, "no "+inert.Text(maskedName(member)))
		}
	}
	if parts == nil {
		return ""
	}
	return ": " + bounds.List(parts, 5)
}

// describeTarget describes the target of an assignment.
func (c *Comparison) describeTarget(n patchlint.Node) string {
	target := n.Member("target")
	id := func(name string) string { return withName(c.Names, maskedString(target.Member(name))) }
	switch odata.ParseTypeName(target.Member("@odata.type").Text()).Name {
	case "groupAssignmentTarget":
		return "include group " + id("groupId")
	case "exclusionGroupAssignmentTarget":
		return "exclude group " + id("groupId")
	case "allLicensedUsersAssignmentTarget":
		return "all licensed users"
	case "allDevicesAssignmentTarget":
		return "all devices"
	case "configurationManagerCollectionAssignmentTarget":
		return "collection " + id("collectionId")
	}
	return c.value(n)
}

// describeFilter describes the filter of an assignment.
func (c *Comparison) describeFilter(n patchlint.Node) string {
	target := n.Member("target")
	_, id, ok := graph.Filter(target)
	if !ok {
		return "none"
	}
	kind := maskedString(target.Member(graph.FilterType))
	if graph.NoID(id) {
		return inert.Text(kind) + " (without id)"
	}
	return inert.Text(kind) + " " + withName(c.Names, maskedString(id))
}
