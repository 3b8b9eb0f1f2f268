// Package recognize finds the type of Microsoft Graph that a payload, a context or the URL
// of a request belongs to. It returns only what is certain: anything that other services
// may have, too, is not recognized.
package recognize

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/meaning"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/spelling"
	"github.com/patchlint/patchlint/schema"
)

// Payload returns the resource of a payload, or nil if that is not certain. It goes by the
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
// elements of a list must have the same type.
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
	list := false
	context := n.Member("@odata.context")
	if context.Exists() {
		r, entity := contextOf(m, context.Text(), true)
		switch {
		case r != nil && entity:
			return r
		case r != nil && r != partner(m):
			return nil // a list of something else
		}
		list = r != nil
	}
	if r := byMembers(m, n, list); r != nil || context.Exists() {
		return r
	}
	text, _ := payloadContext(n)
	if r, entity := contextOf(m, text, true); r != nil && entity && r.Entity {
		return r
	}
	return nil
}

// partner returns the resource of compliance management partners, or nil if the model does
// not have it.
func partner(m *schema.Model) *schema.Type {
	return m.Type("complianceManagementPartner").Resource()
}

// partnerAssignment returns the resource of the assignments of partners, or nil.
func partnerAssignment(m *schema.Model) *schema.Type {
	return m.Type("complianceManagementPartnerAssignment").Resource()
}

// NeedsContext reports whether a payload is recognized as r only by an annotation, its
// @odata.context or that of an expanded navigation property.
func NeedsContext(r *schema.Type, payload, annotation patchlint.Node) bool {
	type key struct {
		of      *schema.Type
		payload patchlint.Node
	}
	needed := lazy.Get(lazy.MemoOf(payload.Document()), key{r, payload}, func() patchlint.Node { // a payload can have many annotations
		text, shownBy := payloadContext(payload)
		of, entity := contextOf(r.Model, text, true)
		if of == r && entity && strings.TrimSpace(odata.TypeOf(payload).Text()) == "" && byMembers(r.Model, payload, false) == nil {
			return shownBy
		}
		return patchlint.Node{}
	})
	return annotation == needed
}

// byMembers returns the resource of an object by its properties. With list, the object has
// the context of a list of partners.
func byMembers(m *schema.Model, n patchlint.Node, list bool) *schema.Type {
	marked := false
	for member := range n.Children() {
		if contradicts(m, member) {
			return nil
		}
		marked = marked || isPartnerName(member.NameBytes()) && !isOther(member)
	}
	if marked || hasNearNames(n) {
		if r := partner(m); r != nil {
			return r
		}
	}
	if r := partnerAssignment(m); r != nil && isAssignment(r, n) {
		return r
	}
	if r := printedType(m, n); r != nil {
		return r
	}
	value := wrappedValue(n)
	if r := partnerFamily(m, Payload(m, value)); r != nil {
		return r
	}
	if list && value.Kind() == patchlint.Array && !value.Empty() && untypedObjects(m, value) {
		return partner(m)
	}
	return nil
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

// untypedObjects reports whether all elements of a list are objects without an @odata.type
// or a member that contradicts.
func untypedObjects(m *schema.Model, list patchlint.Node) bool {
	for element := range list.Children() {
		if element.Kind() != patchlint.Object || element.Member("@odata.type").Exists() {
			return false
		}
		for member := range element.Children() {
			if contradicts(m, member) {
				return false
			}
		}
	}
	return true
}

// wrappedValue returns the "value" of a saved response, or of an array as Windows
// PowerShell writes it, whose only other members are annotations and a count.
func wrappedValue(n patchlint.Node) patchlint.Node {
	for member := range n.Children() {
		if name := member.Name(); name != "value" && !strings.Contains(name, "@") && !strings.EqualFold(name, "count") {
			return patchlint.Node{}
		}
	}
	value := n.Member("value")
	if kind := value.Kind(); kind != patchlint.Object && kind != patchlint.Array {
		return patchlint.Node{}
	}
	return value
}

// The properties that only partners have, in all API versions, are named by a platform and
// one of these suffixes.
var (
	platforms        = []string{"ios", "android", "macos", "windows", "linux"}
	platformSuffixes = []string{"onboarded", "enrollmentassignments"}
)

// isPartnerName reports whether only partners have a property of that name.
func isPartnerName(name []byte) bool {
	if len(name) < len("iosOnboarded") {
		return false
	}
	for _, suffix := range platformSuffixes {
		at := len(name) - len(suffix)
		if at < len("ios") || at > len("android") || !strings.EqualFold(string(name[at:]), suffix) {
			continue
		}
		for _, platform := range platforms {
			if strings.EqualFold(string(name[:at]), platform) {
				return true
			}
		}
	}
	return false
}

// isOther reports whether the value of a member is not what a partner has there, even
// by mistake. It is a text for people, as in a table of translations, or an object in
// place of true or false that is not a switch of PowerShell, as in a JSON Schema.
func isOther(member patchlint.Node) bool {
	if member.Kind() == patchlint.Object {
		return strings.HasSuffix(strings.ToLower(member.Name()), "onboarded") && !member.Empty() && !member.Member("IsPresent").Exists()
	}
	text := strings.TrimSpace(member.Text())
	_, encoded := form.Encoded(member)
	return len(text) > len("false") && !encoded && !form.Printed(text) && !form.Placeholder(text) &&
		!strings.EqualFold(text, "enabled") && !strings.EqualFold(text, "disabled")
}

// Doubtful reports whether nothing but flags such as "iosOnboarded" shows that a payload is
// of a partner, and it has a member or a value that no partner has: it may be something
// else, in which no fix is safe.
func Doubtful(r *schema.Type, payload patchlint.Node) bool {
	if r != partner(r.Model) {
		return false
	}
	if value := wrappedValue(payload); value.Exists() {
		return Doubtful(r, value)
	}
	if inner, ok := form.Encoded(payload); ok {
		return Doubtful(r, inner.Root())
	}
	if payload.Kind() == patchlint.Array {
		for element := range payload.Children() {
			if Doubtful(r, element) {
				return true
			}
		}
		return false
	}
	var names []string
	for _, p := range r.Properties {
		names = append(names, p.Name)
	}
	foreign := false
	for member := range payload.Children() {
		name := member.Name()
		switch p := r.Property(name); {
		case isPartnerName(member.NameBytes()) && isOther(member):
			foreign = true
		case name == "@odata.type", name == "@odata.context", name == "$schema", p != nil && p.Name != "id" && p.Name != "displayName" && p.Type.Name != "Edm.Boolean":
			return false
		case p == nil && !strings.ContainsAny(name, "@#") && !isPartnerName(member.NameBytes()) && !isNearPartnerName(name):
			foreign = foreign || spelling.Nearest(name, names) == ""
		}
	}
	return foreign
}

// hasNearNames reports whether at least two members of an object nearly have the name of a
// property that only partners have.
func hasNearNames(object patchlint.Node) bool {
	found := 0
	for member := range object.Children() {
		if isNearPartnerName(member.Name()) && !isOther(member) {
			found++
		}
	}
	return found > 1
}

// isNearPartnerName reports whether a name is a misspelling of one that isPartnerName
// accepts, in its platform or in its suffix. Other words, as in isOnboarded and
// iosOnboarding, are not misspellings.
func isNearPartnerName(name string) bool {
	name = strings.ToLower(name)
	for _, suffix := range platformSuffixes {
		slips := len(suffix) / 9 // 1 for "onboarded", so that "onboard" and "onboarding" are too far
		for _, platform := range platforms {
			if rest, ok := strings.CutPrefix(name, platform); ok && spelling.Distance(rest, suffix, slips+1) <= slips {
				return true
			}
			if start, ok := strings.CutSuffix(name, suffix); ok && len(start) > len("ios") && spelling.Distance(start, platform, 2) < 2 {
				return true
			}
		}
	}
	return false
}

// contradiction is a way in which a member can show that its object is not a payload for
// Graph.
type contradiction uint8

const (
	byContext contradiction = iota + 1 // its value is a context of something else
	byURL                              // its value is a URL of something else
	byType                             // its value is the name of another type
	bySchema                           // its value is the URL of another JSON Schema
	byName                             // its value does not matter
)

// contradictionOf returns the contradiction that a member of that name can be, or 0.
func contradictionOf(name string) contradiction {
	switch name {
	case "@odata.context", "@context":
		return byContext
	case "@id": // like @context, it is a name of OData 4.01
		return byURL
	case "@type", "$type", "_type", "@class", "_class", "__typename", "type", "kind", "resourceType", "objectType",
		"odataType", "OdataType", "ODataType", "odata.type":
		return byType
	case "$schema":
		return bySchema
	case "@graph", "@vocab", "@base", "@language", "@included", "@reverse", // JSON-LD 1.1, 1.7
		"_links", "_id", // HAL, MongoDB
		"$id", "$ref", "$defs", "openapi", "swagger", "asyncapi", "jsonrpc", "apiVersion":
		return byName
	}
	return 0
}

// contradicts reports whether a member shows that its object is not a payload for Graph.
func contradicts(m *schema.Model, member patchlint.Node) bool {
	name := string(member.NameBytes())
	by := contradictionOf(name)
	if by == 0 {
		return false
	}
	text := strings.TrimSpace(member.Text())
	switch kind := member.Kind(); {
	case by == byName, name == "@context" && kind != patchlint.String:
		return true
	case by == byType && (kind == patchlint.Array || kind == patchlint.Object):
		return true
	case text == "":
		return false
	}
	switch by {
	case byContext:
		r, _ := contextOf(m, text, true)
		return r == nil || r != partner(m)
	case byURL:
		_, scope := Locate(text)
		return scope != Addressed
	case byType:
		return typeResource(m, text) == nil
	}
	text = strings.ToLower(text)
	return !strings.Contains(text, "compliancemanagementpartner") && !strings.Contains(text, "patchlint")
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
	return meaning.PortalTarget(n.Name) != "" ||
		(n.Namespace == m.Facts().Namespace || n.Namespace == m.Facts().Alias) && strings.HasSuffix(strings.ToLower(n.Name), "assignmenttarget")
}

// targetMembers are the members, in lower case, that a target can have besides the id of
// its group: those of a filter, and those that backup tools of Intune add.
var targetMembers = []string{
	"deviceandappmanagementassignmentfilterid", "deviceandappmanagementassignmentfiltertype",
	"groupname", "grouptype", "groupdisplayname", "membershiprule", "displayname", "additionalproperties", "odatatype",
}
