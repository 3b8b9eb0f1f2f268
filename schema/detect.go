package schema

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/meaning"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/spelling"
)

// Detect returns the resource that a payload certainly is, or nil. In this order,
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
// payloads in the wrong shape; Detect looks into them for partners and what is in
// these, and everything in a list must be of one type.
func (m *Model) Detect(payload patchlint.Node) *Resource {
	if t := m.detect(payload); t != nil {
		return t.resource
	}
	return nil
}

func (m *Model) detect(n patchlint.Node) *Type {
	switch n.Kind() {
	case patchlint.Array:
		return m.special(m.detectList(n))
	case patchlint.String:
		if inner, ok := form.Encoded(n); ok {
			return m.special(m.detect(inner.Root()))
		}
		return nil
	case patchlint.Object:
	default:
		return nil
	}
	annotation := odata.TypeOf(n)
	if t := m.TypeOf(annotation); t != nil && t.isNamed(textOf(annotation)) { // takes no memory
		return m.ofPayloads(t)
	}
	if text := annotation.Text(); strings.TrimSpace(text) != "" {
		return m.shown(text)
	}
	list := false
	if context := n.Member("@odata.context"); context.Exists() {
		t, entity := m.shownByContext(context.Text())
		switch {
		case t != nil && entity:
			return t
		case t != nil && t != m.partner:
			return nil // a list of something else
		}
		list = t != nil
	}
	return m.detectByMembers(n, list)
}

// NeedsContext reports whether nothing but its @odata.context shows that a payload is
// of the resource.
func (r *Resource) NeedsContext(payload patchlint.Node) bool {
	t, entity := r.Model.shownByContext(payload.Member("@odata.context").Text())
	return t == r.Type && entity && strings.TrimSpace(odata.TypeOf(payload).Text()) == "" && r.Model.detectByMembers(payload, false) == nil
}

// detectByMembers returns the type of an object whose @odata.type and @odata.context
// do not tell it. list says that the context is the one of a list of partners.
func (m *Model) detectByMembers(n patchlint.Node, list bool) *Type {
	marked := false
	for member := range n.Children() {
		if m.contradicts(member) {
			return nil
		}
		marked = marked || marks(member.NameBytes())
	}
	switch {
	case m.partner != nil && (marked || nearlyMarked(n)):
		return m.partner
	case m.assignment != nil && m.isAssignment(n):
		return m.assignment
	}
	value := wrappedValue(n)
	if t := m.special(m.detect(value)); t != nil {
		return t
	}
	if list && value.Kind() == patchlint.Array && !value.Empty() && m.plainObjects(value) {
		return m.partner
	}
	return nil
}

// special returns a type that has to do with partners, and nil for any other: a file
// that holds objects of other types in another shape than a payload's need not be
// meant as one.
func (m *Model) special(t *Type) *Type {
	if t == nil || !slices.Contains(m.resources(), t.resource) {
		return nil
	}
	return t
}

// detectList returns the type of all elements of a list; nil when one is of
// another type, or of none.
func (m *Model) detectList(list patchlint.Node) (t *Type) {
	for element := range list.Children() {
		if element.Kind() != patchlint.Object {
			return nil
		}
		switch of := m.detect(element); {
		case of == nil, t != nil && of != t:
			return nil
		default:
			t = of
		}
	}
	return t
}

// plainObjects reports whether all elements of a list are objects that do not say
// what they are.
func (m *Model) plainObjects(list patchlint.Node) bool {
	for element := range list.Children() {
		if element.Kind() != patchlint.Object || element.Member("@odata.type").Exists() {
			return false
		}
		for member := range element.Children() {
			if m.contradicts(member) {
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

// nearlyMarked reports whether two members of an object nearly mark it as a partner.
func nearlyMarked(object patchlint.Node) bool {
	found := 0
	for member := range object.Children() {
		if nearlyMarks(member.Name()) {
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
func (m *Model) contradicts(member patchlint.Node) bool {
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
		t, _ := m.shownByContext(text)
		return t == nil || t != m.partner
	case byURL:
		_, scope := Locate(text)
		return scope != Addressed
	case byType:
		return m.shown(text) == nil
	}
	text = strings.ToLower(text)
	return !strings.Contains(text, "compliancemanagementpartner") && !strings.Contains(text, "patchlint")
}

// ContextVersion returns the API version that the @odata.context of a payload names, ""
// where it has none of Graph's host.
func ContextVersion(payload patchlint.Node) Version {
	base, _, _ := strings.Cut(strings.TrimSpace(payload.Member("@odata.context").Text()), "#")
	host, absolute := graph.HostOf(base)
	path, ok := strings.CutSuffix(base, "/$metadata")
	if !ok || !absolute || !graph.IsHost(host) {
		return ""
	}
	return versionOf(path[strings.LastIndexByte(path, '/')+1:])
}

// ContextType returns the type of what an @odata.context describes, an object or a list
// of objects, or nil. One without a host is taken for one of Graph.
func (m *Model) ContextType(text string) *Type {
	t, _, _ := m.contextOf(text)
	return t
}

// shownByContext is contextOf for what certainly is a context of Graph.
func (m *Model) shownByContext(text string) (t *Type, entity bool) {
	t, entity, certain := m.contextOf(text)
	if !certain {
		return nil, false
	}
	return t, entity
}

// contextOf returns the type that an @odata.context of Graph describes, nil when it
// describes another one or is not of Graph, and whether it is the context of one
// entity, not of a list (OData Protocol, 10). It is certainly of Graph if it has the host
// or what no other service is likely to have: other services speak OData, too.
func (m *Model) contextOf(text string) (t *Type, entity, certain bool) {
	base, fragment, _ := strings.Cut(strings.TrimSpace(text), "#")
	version := m.Version
	host, absolute := graph.HostOf(base)
	if absolute && !graph.IsHost(host) || !absolute && base != "" && !strings.HasSuffix(base, "$metadata") {
		return nil, false, false
	}
	if t := m.Named("#" + fragment); t != nil && t.Structured() && !t.isRoot() {
		return t, true, absolute || m.certain("#"+fragment)
	}
	path, entity := strings.CutSuffix(fragment, "/$entity")
	path = withoutSelection(path)
	for s := range strings.SplitSeq(base, "/") {
		version = cmp.Or(versionOf(s), version) // a path of one version may lead elsewhere in another
	}
	endpoint, names := Models{m.Version: m}.resolve(path, version)
	if names == 0 || endpoint.Batch {
		return nil, false, false
	}
	t = m.Type(endpoint.Type)
	return t, t != nil && (entity || !endpoint.Collection), absolute || names >= unmistakablePath
}

// withoutSelection returns the path of a context without the list of the selected
// properties at its end (OData Protocol, 10.8), as in "groups(id,displayName)". A key
// is never last: the context of an entity of a set ends in /$entity.
func withoutSelection(path string) string {
	if !strings.HasSuffix(path, ")") {
		return path
	}
	depth := 0
	for i := len(path) - 1; i >= 0; i-- {
		switch path[i] {
		case ')':
			depth++
		case '(':
			if depth--; depth == 0 {
				return path[:i]
			}
		}
	}
	return path
}

// isAssignment reports whether an object is an assignment of a partner: "target" is
// its only member besides annotations, and looks like the target of one. The
// assignments of other resources have an id and more.
func (m *Model) isAssignment(n patchlint.Node) bool {
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
				return m.meansTarget(text)
			}
		case "groupid", "collectionid":
			names = true
		default:
			// There are others that group something, such as Maven by its groupId.
			if !strings.Contains(name, "@") && !slices.Contains(besideGroup, name) || m.contradicts(member) {
				return false
			}
		}
	}
	return names
}

// meansTarget reports whether an @odata.type is meant as that of an assignment
// target: one that is known, or a name that Graph does not have.
func (m *Model) meansTarget(text string) bool {
	if t := m.meant(text); t != nil {
		return t.Is(m.assignment.Property("target").Type)
	}
	n := odata.ParseTypeName(text)
	if m.Type(n.Name) != nil {
		return false // of another family
	}
	return meaning.PortalTarget(n.Name) != "" ||
		(n.Namespace == m.Namespace || n.Namespace == m.facts.Alias) && strings.HasSuffix(strings.ToLower(n.Name), "assignmenttarget")
}

// besideGroup are names, in lower case, that a target may have beside the id of its
// group: those of a filter, and what backups of Intune add.
var besideGroup = []string{
	strings.ToLower(FilterID), strings.ToLower(FilterType),
	"groupname", "grouptype", "groupdisplayname", "membershiprule", "displayname", "additionalproperties", "odatatype",
}

// DetectDocument is Detect for what a document holds. Of a text that broke off, the
// names in it tell: one that marks a partner, in quotes and with a colon after it,
// in the place of a member of a payload. That is enough to report why it does not
// parse, and not enough to change anything in it.
func (m *Model) DetectDocument(doc *patchlint.Document) *Resource {
	if doc.Whole() {
		return m.Detect(doc.Root())
	}
	src := bytes.ReplaceAll(doc.Source(), []byte{0}, nil) // of UTF-16, as PowerShell's ">" writes it
	// Whether a string goes on after the end of a line is not known.
	within, foreign := m.detectBroken(src, true)
	across, also := m.detectBroken(src, false)
	if t := cmp.Or(within, across); t != nil && !foreign && !also {
		return t.resource
	}
	return nil
}

// detectBroken returns what a text that is not JSON must be meant as, nil where that
// is not known, and whether it says that it is something else. It takes the text
// apart as JSON would be, with strings that end with the line or not, whatever else
// is in it, and looks at the members of the outermost object, or of those in a list
// or a response.
func (m *Model) detectBroken(src []byte, lines bool) (t *Type, foreign bool) {
	type container struct {
		opening byte
		key     string
	}
	var open []container
	outermost := func() bool {
		n := len(open)
		switch {
		case n == 0 || open[n-1].opening != '{':
			return false
		case n == 1:
			return true
		case n == 2:
			return open[0].opening == '[' || open[1].key == "value"
		}
		return n == 3 && open[1].key == "value" && open[1].opening == '['
	}
	key := "" // of the value that comes next
	for i := 0; i < len(src); i++ {
		switch c := src[i]; c {
		case '{', '[':
			if len(open) == patchlint.MaxDepth {
				return nil, false
			}
			open, key = append(open, container{c, key}), ""
		case '}', ']':
			open = open[:max(len(open)-1, 0)]
		case ',':
			key = ""
		case '"', '\'':
			text, after := quotedText(src, i, lines)
			i = after - 1
			before := key
			key = ""
			if rest := bytes.TrimLeft(src[after:min(len(src), after+100)], " \t\r\n"); len(rest) > 0 && rest[0] == ':' {
				key = string(text)
			}
			switch {
			case !outermost():
			case key != "" && marks(text):
				t = cmp.Or(t, m.partner)
			case contradictionOf(key) > byContext || key == "@context":
				return nil, true // whatever its value
			case before == "@odata.type" && key == "":
				if t = m.shown(string(text)); t == nil {
					return nil, true
				}
			case before == "@odata.context" && key == "":
				of, entity := m.shownByContext(string(text))
				switch {
				case of == nil, of != m.partner && !entity:
					return nil, true
				case entity:
					t = cmp.Or(t, of)
				}
			}
		}
	}
	return t, false
}

// quotedText returns the text in the quotes that start at i, and where to read on. With
// lines, it ends at the end of the line.
func quotedText(src []byte, i int, lines bool) (text []byte, after int) {
	quote := src[i]
	for end := i + 1; end < len(src); end++ {
		switch c := src[end]; {
		case c == '\\':
			end++
		case c == quote:
			return src[i+1 : end], end + 1
		case c == '\n' && lines:
			return src[i+1 : end], end
		}
	}
	return src[i+1:], len(src)
}
