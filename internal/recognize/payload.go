// Package recognize finds the type in Microsoft Graph of a payload, a context, a URL or a
// request in a batch. It returns only what is certain: it does not recognize anything that
// another service may also have.
package recognize

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/schema"
)

// SetType ends the message about a payload whose type is unknown if the user can set the type.
const SetType = "set the type"

// Payload returns the resource of a payload, or nil if that is not certain. It uses the
// first of these that the payload has:
//   - an @odata.type at the root, even in a spelling that can mean nothing else;
//   - an @odata.context of one entity, with a host of Graph or a path or type that no
//     other service is likely to have, or that of an expanded navigation property of one;
//   - a property that only partners have, such as "iosOnboarded" in any case, or two that
//     nearly have such a name; or, for an assignment, "target" as its only property;
//   - an @odata.type where PowerShell and SDKs print it, such as OdataType.
//
// A member that identifies something else, such as a foreign @odata.type, @context or
// $schema, outweighs the properties. Properties that other types of Graph share
// (displayName, partnerState, lastHeartbeatDateTime) are no evidence.
//
// A list, the "value" of a saved response and a string that contains JSON are payloads in
// the wrong shape. In them, Payload recognizes only partners and their parts, and all
// elements of a list must have the same type, unless its @odata.context says that it has
// partners.
func Payload(m *schema.Model, n patchlint.Node) *schema.Type {
	switch n.Kind() {
	case patchlint.Array:
		return partnerFamily(m, listResource(m, n))
	case patchlint.String:
		if inner, ok := form.Encoded(n); ok {
			return partnerFamily(m, Payload(m, inner.Root()))
		}
		return nil
	case patchlint.Object:
	default:
		return nil
	}
	annotation := odata.TypeOf(n)
	if t, text := m.TypeOf(annotation), annotation.TextBytes(); t != nil && text[0] == '#' && string(text[1:]) == t.Name { // the usual case, which does not allocate
		return t.Resource()
	}
	if text := annotation.Text(); strings.TrimSpace(text) != "" {
		return typeResource(m, text)
	}
	context := n.Member("@odata.context")
	if context.Exists() {
		r, entity := contextOf(m, odata.ParseContext(context.Text()), true)
		switch list := odata.Wrapped(n); {
		case r != nil && entity:
			return r
		case r != nil && r != partner(m):
			return nil // a list of something else
		case r != nil && list.Kind() == patchlint.Array && !list.Empty():
			return r
		}
	}
	if r := byMembers(m, n); r != nil || context.Exists() {
		return r
	}
	above, _ := payloadContext(n)
	if r, entity := contextOf(m, above, true); r != nil && entity && r.Entity {
		return r
	}
	return nil
}

const partnerName = "complianceManagementPartner"

// partner returns the resource of compliance management partners, or nil if the model does
// not have it.
func partner(m *schema.Model) *schema.Type { return m.Type(partnerName).Resource() }

// NeedsContext reports whether a payload is recognized as r only by an annotation, its
// @odata.context or that of an expanded navigation property.
func NeedsContext(r *schema.Type, payload, annotation patchlint.Node) bool {
	type key struct {
		of      *schema.Type
		payload patchlint.Node
	}
	needed := lazy.Get(lazy.MemoOf(payload.Document()), key{r, payload}, func() patchlint.Node { // a payload can have many annotations
		context, shownBy := payloadContext(payload)
		of, entity := contextOf(r.Model, context, true)
		if of == r && entity && strings.TrimSpace(odata.TypeOf(payload).Text()) == "" && byMembers(r.Model, payload) == nil {
			return shownBy
		}
		return patchlint.Node{}
	})
	return annotation == needed
}

// byMembers returns the resource that the properties of an object show, or nil.
func byMembers(m *schema.Model, n patchlint.Node) *schema.Type {
	marked, near := false, 0
	for member := range n.Children() {
		switch {
		case contradicts(m, member):
			return nil
		case isPartnerName(member.NameBytes()):
			marked = marked || !isOther(member)
		case !marked && isNearPartnerName(member.Name()) && !isOther(member):
			near++
		}
	}
	if r := partner(m); r != nil && (marked || near > 1) {
		return r
	}
	if r := m.Type("complianceManagementPartnerAssignment").Resource(); r != nil && isAssignment(r, n) {
		return r
	}
	if r := printedType(m, n); r != nil {
		return r
	}
	return partnerFamily(m, Payload(m, odata.Wrapped(n)))
}

// printedType returns the resource of an object that PowerShell or an SDK printed, by the
// place that each has for its @odata.type, or nil.
func printedType(m *schema.Model, n patchlint.Node) *schema.Type {
	for _, annotation := range []patchlint.Node{
		n.Member("AdditionalProperties").Member("@odata.type"), n.Member("additionalProperties").Member("@odata.type"),
		n.Member("OdataType"), n.Member("ODataType"),
	} {
		if text := annotation.Text(); strings.HasPrefix(text, "#"+m.Facts().Namespace+".") {
			return typeResource(m, text)
		}
	}
	return nil
}

// partnerFamily returns r if it is the resource of partners or of a type inside them, and
// otherwise nil: objects of other types in the wrong shape may not be meant as a payload.
func partnerFamily(m *schema.Model, r *schema.Type) *schema.Type {
	if r == nil || !slices.Contains(m.Resources(), r) {
		return nil
	}
	return r
}

// listResource returns the resource of the elements of a list, or nil if they are not all
// of one resource.
func listResource(m *schema.Model, list patchlint.Node) (r *schema.Type) {
	for element := range list.Children() {
		if element.Kind() != patchlint.Object {
			return nil
		}
		switch of := Payload(m, element); {
		case of == nil, r != nil && of != r:
			return nil
		default:
			r = of
		}
	}
	return r
}

// isAssignment reports whether an object is of r, an assignment of a partner: its only
// member besides annotations is "target", which looks like the target of an assignment.
// Assignments of other resources have more members, such as an id.
func isAssignment(r *schema.Type, n patchlint.Node) bool {
	target := n.Member("target")
	if target.Kind() != patchlint.Object {
		return false
	}
	for member := range n.Children() {
		if name := member.Name(); name != "target" && !strings.Contains(name, "@") {
			return false
		}
	}
	names := false
	for member := range target.Children() {
		switch name := strings.ToLower(member.Name()); name {
		case "@odata.type", "odata.type", "@type":
			if text := member.Text(); strings.TrimSpace(text) != "" {
				return meansTarget(r, text)
			}
		case "groupid", "collectionid":
			names = true
		default:
			// Other formats have a groupId, too, such as Maven's.
			if !strings.Contains(name, "@") && !slices.Contains(targetMembers, name) || contradicts(r.Model, member) {
				return false
			}
		}
	}
	return names
}

// meansTarget reports whether an @odata.type means the type of an assignment target: a
// known one, or an unknown name that looks like one.
func meansTarget(r *schema.Type, text string) bool {
	m := r.Model
	if t := m.Meant(text); t != nil {
		return t.Is(r.Property("target").Type)
	}
	n := odata.ParseTypeName(text)
	if m.Type(n.Name) != nil {
		return false // a type of something else
	}
	return graph.PortalTarget(n.Name) != "" ||
		(n.Namespace == m.Facts().Namespace || n.Namespace == m.Facts().Alias) && strings.HasSuffix(strings.ToLower(n.Name), "assignmenttarget")
}

// targetMembers are the members, in lower case, that a target can have besides the id of
// its group: those of a filter, and those that backup tools of Intune add.
var targetMembers = []string{
	"deviceandappmanagementassignmentfilterid", "deviceandappmanagementassignmentfiltertype",
	"groupname", "grouptype", "groupdisplayname", "membershiprule", "displayname", "additionalproperties", "odatatype",
}
