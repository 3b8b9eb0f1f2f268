// Package recognize tells which type of Microsoft Graph a payload, a context or the URL of
// a request belongs to, as far as that is certain: what other services may have, too, is
// not taken for Graph's.
package recognize

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/assignment"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/meaning"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/spelling"
	"github.com/patchlint/patchlint/schema"
)

// Payload returns the resource that a payload certainly is, or nil. In this order,
// it is told by
//   - the root's @odata.type, even in a spelling that can mean nothing else;
//   - an @odata.context that describes one entity, with a host of Graph or what no
//     other service is likely to have;
//   - a property that only partners have, such as "iosOnboarded" in any case, or
//     two that nearly are; for an assignment, a "target" and nothing beside it.
//
// A member that names something else, such as a foreign @odata.type, an @context
// or a $schema, outweighs the properties. Properties that other types of Graph
// share (displayName, partnerState, lastHeartbeatDateTime) tell nothing.
//
// A list, the "value" of a saved response and a string that holds JSON are
// payloads in the wrong shape; Payload looks into them for partners and what is in
// these, and everything in a list must be of one type.
func Payload(m *schema.Model, n patchlint.Node) *schema.Resource {
	switch n.Kind() {
	case patchlint.Array:
		return special(m, ofList(m, n))
	case patchlint.String:
		if inner, ok := form.Encoded(n); ok {
			return special(m, Payload(m, inner.Root()))
		}
		return nil
	case patchlint.Object:
	default:
		return nil
	}
	annotation := odata.TypeOf(n)
	if t := m.TypeOf(annotation); t != nil && isPlain(annotation, t) { // takes no memory
		return t.Resource()
	}
	if text := annotation.Text(); strings.TrimSpace(text) != "" {
		return shown(m, text)
	}
	list := false
	if context := n.Member("@odata.context"); context.Exists() {
		r, entity := shownByContext(m, context.Text())
		switch {
		case r != nil && entity:
			return r
		case r != nil && r != partner(m):
			return nil // a list of something else
		}
		list = r != nil
	}
	return byMembers(m, n, list)
}

// isPlain reports whether an @odata.type names a type as the service writes it.
func isPlain(annotation patchlint.Node, t *schema.Type) bool {
	text, _ := annotation.PlainText()
	return len(text) > 0 && text[0] == '#' && string(text[1:]) == t.Name
}

// partner returns the resource of compliance management partners, and partnerAssignment
// the one of their assignments; nil where the model has no such type.
func partner(m *schema.Model) *schema.Resource {
	return m.Type("complianceManagementPartner").Resource()
}

func partnerAssignment(m *schema.Model) *schema.Resource {
	return m.Type("complianceManagementPartnerAssignment").Resource()
}

// NeedsContext reports whether nothing but its @odata.context shows that a payload is
// of the resource.
func NeedsContext(r *schema.Resource, payload patchlint.Node) bool {
	of, entity := shownByContext(r.Model, payload.Member("@odata.context").Text())
	return of == r && entity && strings.TrimSpace(odata.TypeOf(payload).Text()) == "" && byMembers(r.Model, payload, false) == nil
}

// byMembers returns the resource of an object whose @odata.type and @odata.context
// do not tell it. list says that the context is the one of a list of partners.
func byMembers(m *schema.Model, n patchlint.Node, list bool) *schema.Resource {
	marked := false
	for member := range n.Children() {
		if contradicts(m, member) {
			return nil
		}
		marked = marked || marks(member.NameBytes()) && !isProse(member)
	}
	if marked || nearlyMarked(n) {
		if r := partner(m); r != nil {
			return r
		}
	}
	if r := partnerAssignment(m); r != nil && isAssignment(r, n) {
		return r
	}
	value := wrappedValue(n)
	if r := special(m, Payload(m, value)); r != nil {
		return r
	}
	if list && value.Kind() == patchlint.Array && !value.Empty() && plainObjects(m, value) {
		return partner(m)
	}
	return nil
}

// special returns a resource that has to do with partners, and nil for any other: a
// file that holds objects of other types in another shape than a payload's need not be
// meant as one.
func special(m *schema.Model, r *schema.Resource) *schema.Resource {
	if r == nil || !slices.Contains(m.Resources(), r) {
		return nil
	}
	return r
}

// ofList returns the resource of all elements of a list; nil when one is of another
// type, or of none.
func ofList(m *schema.Model, list patchlint.Node) (r *schema.Resource) {
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

// plainObjects reports whether all elements of a list are objects that do not say
// what they are.
func plainObjects(m *schema.Model, list patchlint.Node) bool {
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
// PowerShell writes one: only annotations and a count are beside it.
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

// The names of the properties that only partners have are a platform and one of
// these, in lower case. They do not depend on the API version.
var (
	markPlatforms = []string{"ios", "android", "macos", "windows", "linux"}
	markEndings   = []string{"onboarded", "enrollmentassignments"}
)

// marks reports whether the name of a member marks its object as a partner.
func marks(name []byte) bool {
	if len(name) < len("iosOnboarded") {
		return false
	}
	for _, ending := range markEndings {
		at := len(name) - len(ending)
		if at < len("ios") || at > len("android") || !strings.EqualFold(string(name[at:]), ending) {
			continue
		}
		for _, platform := range markPlatforms {
			if strings.EqualFold(string(name[:at]), platform) {
				return true
			}
		}
	}
	return false
}

// isProse reports whether a member is a text for people, as a table of translations has it
// where a partner has true, false or assignments.
func isProse(member patchlint.Node) bool {
	text := strings.TrimSpace(member.Text())
	_, encoded := form.Encoded(member)
	return len(text) > len("false") && !encoded && !form.Printed(text) && !form.Placeholder(text) &&
		!strings.EqualFold(text, "enabled") && !strings.EqualFold(text, "disabled")
}

// Doubtful reports whether nothing but flags such as "iosOnboarded" shows that a payload is
// of a partner, and it has a member that no partner has: it may be something else, in which
// no fix is safe.
func Doubtful(r *schema.Resource, payload patchlint.Node) bool {
	if r != partner(r.Model) || wrappedValue(payload).Exists() {
		return false
	}
	var names []string
	for _, p := range r.Type.Properties {
		names = append(names, p.Name)
	}
	foreign := false
	for member := range payload.Children() {
		name := member.Name()
		switch p := r.Type.Property(name); {
		case name == "@odata.type", name == "@odata.context", name == "$schema", p != nil && p.Name != "id" && p.Name != "displayName" && p.Type.Name != "Edm.Boolean":
			return false
		case member.IsMember() && !strings.ContainsAny(name, "@#") && !marks(member.NameBytes()) && !nearlyMarks(name) && spelling.Nearest(name, names) == "":
			foreign = true
		}
	}
	return foreign
}

// nearlyMarked reports whether two members of an object nearly mark it as a partner.
func nearlyMarked(object patchlint.Node) bool {
	found := 0
	for member := range object.Children() {
		if nearlyMarks(member.Name()) && !isProse(member) {
			found++
		}
	}
	return found > 1
}

// nearlyMarks reports whether a name is a slip of the pen away from one that marks
// a partner: in the platform or in what follows it, never in a whole word, as
// isOnboarded and iosOnboarding are.
func nearlyMarks(name string) bool {
	name = strings.ToLower(name)
	for _, ending := range markEndings {
		slips := len(ending) / 9 // "onboard" and "onboarding" are words of their own
		for _, platform := range markPlatforms {
			if rest, ok := strings.CutPrefix(name, platform); ok && spelling.Distance(rest, ending, slips+1) <= slips {
				return true
			}
			if start, ok := strings.CutSuffix(name, ending); ok && len(start) > len("ios") && spelling.Distance(start, platform, 2) < 2 {
				return true
			}
		}
	}
	return false
}

// contradiction says by what a member can say that its object is something else than
// a payload for Graph.
type contradiction uint8

const (
	byContext contradiction = iota + 1 // a context that is not of ours
	byURL                              // a URL of something else
	byType                             // the name of another type
	bySchema                           // a JSON Schema that is not of ours
	byItself                           // whatever its value
)

// contradictionOf returns what a member of that name can contradict by, 0 for nothing.
func contradictionOf(name string) contradiction {
	switch name {
	case "@odata.context", "@context":
		return byContext
	case "@id": // a name of OData 4.01, too, as @context is
		return byURL
	case "@type", "$type", "_type", "__typename", "type", "kind", "resourceType", "objectType",
		"odataType", "OdataType", "ODataType", "odata.type":
		return byType
	case "$schema":
		return bySchema
	case "@graph", "@vocab", "@base", "@language", "@included", "@reverse", // JSON-LD 1.1, 1.7
		"$id", "$ref", "$defs", "openapi", "swagger", "asyncapi", "jsonrpc", "apiVersion":
		return byItself
	}
	return 0
}

// contradicts reports whether a member says that its object is something else than
// a payload for Graph.
func contradicts(m *schema.Model, member patchlint.Node) bool {
	name := string(member.NameBytes())
	by := contradictionOf(name)
	if by == 0 {
		return false
	}
	text := strings.TrimSpace(member.Text())
	switch kind := member.Kind(); {
	case by == byItself, name == "@context" && kind != patchlint.String:
		return true
	case by == byType && (kind == patchlint.Array || kind == patchlint.Object):
		return true
	case text == "":
		return false
	}
	switch by {
	case byContext:
		r, _ := shownByContext(m, text)
		return r == nil || r != partner(m)
	case byURL:
		_, scope := Locate(text)
		return scope != Addressed
	case byType:
		return shown(m, text) == nil
	}
	text = strings.ToLower(text)
	return !strings.Contains(text, "compliancemanagementpartner") && !strings.Contains(text, "patchlint")
}

// isAssignment reports whether an object is of r, an assignment of a partner: "target" is
// its only member besides annotations, and looks like the target of one. The
// assignments of other resources have an id and more.
func isAssignment(r *schema.Resource, n patchlint.Node) bool {
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
			// There are others that group something, such as Maven by its groupId.
			if !strings.Contains(name, "@") && !slices.Contains(besideGroup, name) || contradicts(r.Model, member) {
				return false
			}
		}
	}
	return names
}

// meansTarget reports whether an @odata.type is meant as that of an assignment
// target: one that is known, or a name that Graph does not have.
func meansTarget(r *schema.Resource, text string) bool {
	m := r.Model
	if t := m.Meant(text); t != nil {
		return t.Is(r.Type.Property("target").Type)
	}
	n := odata.ParseTypeName(text)
	if m.Type(n.Name) != nil {
		return false // of another family
	}
	return meaning.PortalTarget(n.Name) != "" ||
		(n.Namespace == m.Namespace || n.Namespace == m.Facts().Alias) && strings.HasSuffix(strings.ToLower(n.Name), "assignmenttarget")
}

// besideGroup are names, in lower case, that a target may have beside the id of its
// group: those of a filter, and what backups of Intune add.
var besideGroup = []string{
	strings.ToLower(assignment.FilterID), strings.ToLower(assignment.FilterType),
	"groupname", "grouptype", "groupdisplayname", "membershiprule", "displayname", "additionalproperties", "odatatype",
}
