package recognize

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/schema"
)

// Version returns the API version to check a document against: the given one if it is not
// "", else the one in the @odata.context of the payload or in the one that it implies. It
// returns "" if there is no @odata.context with a host of Graph either.
func Version(given schema.Version, doc *patchlint.Document) schema.Version {
	if given != "" {
		return given
	}
	text, _ := payloadContext(doc.Root())
	base, _, _ := strings.Cut(strings.TrimSpace(text), "#")
	path, ok := strings.CutSuffix(base, "/$metadata")
	if !ok {
		return ""
	}
	if host, absolute := graph.HostOf(base); !absolute || !graph.IsHost(host) {
		return ""
	}
	return VersionOf(path[strings.LastIndexByte(path, '/')+1:])
}

// Context returns the resource of the object or list that an @odata.context describes, or
// nil. It accepts a context without a host.
func Context(m *schema.Model, text string) *schema.Type {
	r, _ := contextOf(m, text, false)
	return r
}

// contextOf returns the resource that an @odata.context describes, or nil if it is not of
// Graph or not of a known resource, and whether it describes one entity and not a list
// (OData Protocol, 10). Other services have contexts, too: with sure, this one must have a
// host of Graph or a path or type that no other service is likely to have.
func contextOf(m *schema.Model, text string, sure bool) (r *schema.Type, entity bool) {
	base, fragment, _ := strings.Cut(strings.TrimSpace(text), "#")
	version := m.Version
	host, absolute := graph.HostOf(base)
	if absolute && !graph.IsHost(host) || !absolute && base != "" && !strings.HasSuffix(base, "$metadata") {
		return nil, false
	}
	sure = sure && !absolute
	if n := odata.ParseTypeName(fragment); m.Facts().Declares(n.Namespace) {
		if r := m.Type(fragment).Resource(); r != nil {
			if sure && !certain(m, "#"+fragment) {
				return nil, false
			}
			return r, true
		}
	}
	path, entity := strings.CutSuffix(fragment, "/$entity")
	path = withoutSelection(strings.TrimSuffix(path, "/$delta"))
	for s := range strings.SplitSeq(base, "/") {
		version = cmp.Or(VersionOf(s), version) // a path can have different meanings by version
	}
	endpoint, letters := resolve(schema.Models{m.Version: m}, path, version)
	if letters == 0 || endpoint.Batch || sure && letters < unmistakableLetters {
		return nil, false
	}
	r = m.Type(endpoint.Type).Resource()
	return r, r != nil && (entity || !endpoint.Collection)
}

// payloadContext returns the @odata.context of a payload, and the annotation that shows it.
// Of an object that has neither a context nor a type, that is the context of an expanded
// navigation property, of the object itself or of a complex value in it: a
// "settings@odata.context" of "…#deviceManagement/configurationPolicies('1')/settings" shows
// the object around it. Tools that export a list of objects often leave only this.
func payloadContext(payload patchlint.Node) (text string, shownBy patchlint.Node) {
	if own := payload.Member("@odata.context"); own.Exists() {
		return own.Text(), own
	}
	if payload.Kind() != patchlint.Object || odata.TypeOf(payload).Exists() {
		return "", patchlint.Node{}
	}
	for member := range payload.Children() {
		if text := contextAbove(member, nil); text != "" {
			return text, member
		}
		if member.Kind() != patchlint.Object {
			continue
		}
		value := member.NameBytes()
		for inner := range member.Children() {
			if text := contextAbove(inner, value); text != "" {
				return text, inner
			}
		}
	}
	return "", patchlint.Node{}
}

// contextAbove returns the context of the object around an annotation such as
// "settings@odata.context", or "". The annotation is a member of the object or, if value
// is not nil, of its complex value with that name.
func contextAbove(annotation patchlint.Node, value []byte) string {
	name, ok := bytes.CutSuffix(annotation.NameBytes(), []byte("@odata.context"))
	if !ok || len(name) == 0 {
		return ""
	}
	text := strings.TrimSuffix(strings.TrimSpace(annotation.Text()), "/$entity")
	text, ok = strings.CutSuffix(withoutSelection(text), "/"+string(name))
	if ok && value != nil {
		text, ok = strings.CutSuffix(text, "/"+string(value))
	}
	if !ok {
		return ""
	}
	return text + "/$entity"
}

// withoutSelection returns the path of a context without a list of selected properties at
// its end, as in "groups(id,displayName)" (OData Protocol, 10.8). Parentheses at the end
// are never a key: the context of an entity ends in /$entity.
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
