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

// ContextVersion returns the API version in the @odata.context of a payload, or in the one
// that it implies, or "" if it has no @odata.context with a host of Graph.
func ContextVersion(payload patchlint.Node) schema.Version {
	text, _ := payloadContext(payload)
	base, _, _ := strings.Cut(strings.TrimSpace(text), "#")
	host, absolute := graph.HostOf(base)
	path, ok := strings.CutSuffix(base, "/$metadata")
	if !ok || !absolute || !graph.IsHost(host) {
		return ""
	}
	return VersionOf(path[strings.LastIndexByte(path, '/')+1:])
}

// Context returns the resource of the object or list that an @odata.context describes, or
// nil. It accepts a context without a host.
func Context(m *schema.Model, text string) *schema.Resource {
	r, _, _ := contextOf(m, text)
	return r
}

// certainContext is contextOf for a context that is certainly of Graph.
func certainContext(m *schema.Model, text string) (r *schema.Resource, entity bool) {
	r, entity, sure := contextOf(m, text)
	if !sure {
		return nil, false
	}
	return r, entity
}

// contextOf returns the resource that an @odata.context describes, or nil if it is not of
// Graph or not of a known resource, and whether it describes one entity and not a list
// (OData Protocol, 10). Other services have contexts, too: sure means that this one has a
// host of Graph or a path or type that no other service is likely to have.
func contextOf(m *schema.Model, text string) (r *schema.Resource, entity, sure bool) {
	base, fragment, _ := strings.Cut(strings.TrimSpace(text), "#")
	version := m.Version
	host, absolute := graph.HostOf(base)
	if absolute && !graph.IsHost(host) || !absolute && base != "" && !strings.HasSuffix(base, "$metadata") {
		return nil, false, false
	}
	if r := m.Named("#" + fragment).Resource(); r != nil {
		return r, true, absolute || certain(m, "#"+fragment)
	}
	path, entity := strings.CutSuffix(fragment, "/$entity")
	path = withoutSelection(strings.TrimSuffix(path, "/$delta"))
	for s := range strings.SplitSeq(base, "/") {
		version = cmp.Or(VersionOf(s), version) // a path can have different meanings by version
	}
	endpoint, letters := resolve(schema.Models{m.Version: m}, path, version)
	if letters == 0 || endpoint.Batch {
		return nil, false, false
	}
	r = m.Type(endpoint.Type).Resource()
	return r, r != nil && (entity || !endpoint.Collection), absolute || letters >= unmistakableLetters
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
	if payload.Kind() != patchlint.Object || odata.TypeOf(payload).Exists() || !bytes.Contains(payload.Raw()[:min(len(payload.Raw()), maxSearched<<6)], []byte("@odata.context")) {
		return "", patchlint.Node{}
	}
	left := maxSearched
	for member := range payload.Children() {
		if text := contextAbove(member, ""); text != "" {
			return text, member
		}
		if left--; left < 0 {
			break
		}
		if member.Kind() != patchlint.Object {
			continue
		}
		for inner := range member.Children() {
			if left--; left < 0 {
				break
			}
			if text := contextAbove(inner, "/"+member.Name()); text != "" {
				return text, inner
			}
		}
	}
	return "", patchlint.Node{}
}

// maxSearched is the number of members in which payloadContext searches. NeedsContext may
// search again for every annotation.
const maxSearched = 1000

// contextAbove returns the context of the object around an annotation such as
// "settings@odata.context", which is at path in the object, or "".
func contextAbove(annotation patchlint.Node, path string) string {
	name, ok := strings.CutSuffix(annotation.Name(), "@odata.context")
	if !ok || name == "" {
		return ""
	}
	text := strings.TrimSuffix(strings.TrimSpace(annotation.Text()), "/$entity")
	if text, ok = strings.CutSuffix(withoutSelection(text), path+"/"+name); !ok {
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
