package recognize

import (
	"cmp"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/schema"
)

// ContextVersion returns the API version that the @odata.context of a payload names, ""
// where it has none of Graph's host.
func ContextVersion(payload patchlint.Node) schema.Version {
	context := payload.Member("@odata.context")
	if !context.Exists() {
		return "" // as a rule
	}
	base, _, _ := strings.Cut(strings.TrimSpace(context.Text()), "#")
	host, absolute := graph.HostOf(base)
	path, ok := strings.CutSuffix(base, "/$metadata")
	if !ok || !absolute || !graph.IsHost(host) {
		return ""
	}
	return VersionOf(path[strings.LastIndexByte(path, '/')+1:])
}

// Context returns the resource of what an @odata.context describes, an object or a list
// of objects, or nil. One without a host is taken for one of Graph.
func Context(m *schema.Model, text string) *schema.Resource {
	r, _, _ := contextOf(m, text)
	return r
}

// shownByContext is contextOf for what certainly is a context of Graph.
func shownByContext(m *schema.Model, text string) (r *schema.Resource, entity bool) {
	r, entity, sure := contextOf(m, text)
	if !sure {
		return nil, false
	}
	return r, entity
}

// contextOf returns the resource that an @odata.context of Graph describes, nil when it
// describes another one or is not of Graph, and whether it is the context of one
// entity, not of a list (OData Protocol, 10). It is certainly of Graph if it has the host
// or what no other service is likely to have: other services speak OData, too.
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
		version = cmp.Or(VersionOf(s), version) // a path of one version may lead elsewhere in another
	}
	endpoint, names := resolve(schema.Models{m.Version: m}, path, version)
	if names == 0 || endpoint.Batch {
		return nil, false, false
	}
	r = m.Type(endpoint.Type).Resource()
	return r, r != nil && (entity || !endpoint.Collection), absolute || names >= unmistakablePath
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
