package recognize

import (
	"bytes"
	"cmp"
	"slices"
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
	if c, shownBy := payloadContext(doc.Root()); shownBy.Exists() {
		if host, _ := graph.HostOf(c.Base); graph.IsHost(host) {
			return VersionOf(c.Version)
		}
	}
	return ""
}

// Context returns the resource of the object or list that an @odata.context describes, or
// nil. It accepts a context without a host.
func Context(m *schema.Model, c odata.Context) *schema.Type {
	r, _ := contextOf(m, c, false)
	return r
}

// OfGraph reports whether an @odata.context has a host of Graph, or none, and whether it has
// a host.
func OfGraph(c odata.Context) (ok, absolute bool) {
	host, absolute := graph.HostOf(c.Base)
	if absolute {
		return graph.IsHost(host), true
	}
	return c.Base == "" || strings.HasSuffix(c.Base, "$metadata"), false
}

// contextOf returns the resource that an @odata.context describes, or nil if it is not of
// Graph or not of a known resource, and whether it describes one entity and not a list
// (OData Protocol, 10). Other services have contexts, too: with sure, this one must have a
// host of Graph or a path or type that no other service is likely to have.
func contextOf(m *schema.Model, c odata.Context, sure bool) (r *schema.Type, entity bool) {
	ofGraph, absolute := OfGraph(c)
	if !ofGraph {
		return nil, false
	}
	sure = sure && !absolute
	if set, of := c.Names(); set == "" {
		if !m.Facts().Declares(odata.ParseTypeName(of).Namespace) || sure && !certain(m, "#"+of) {
			return nil, false
		}
		return m.Type(of).Resource(), c.Entity
	} else if set[0] == '$' { // such as $ref, $deletedEntity and $link, which describe no state of an object
		return nil, false
	}
	path := strings.Join(c.Path, "/")
	if strings.HasPrefix(path, "conditionalAccess/") { // without its container in responses of Get conditionalAccessPolicy
		path = "identity/" + path
	}
	// A path can have different meanings by version.
	endpoint, letters := resolve(schema.Models{m.Version: m}, path, cmp.Or(VersionOf(c.Version), m.Version))
	if letters == 0 || sure && letters < unmistakableLetters {
		return nil, false
	}
	r = m.Type(endpoint.Type).Resource()
	return r, r != nil && (c.Entity || !endpoint.Collection)
}

// payloadContext returns the @odata.context of a payload, and the annotation that shows it.
// For an object that has neither a context nor a type, it derives the context from that of an
// expanded navigation property, of the object itself or of a complex value in it: a
// "settings@odata.context" of "…#deviceManagement/configurationPolicies('1')/settings" shows
// the object around it. Tools that export a list of objects often leave only this.
func payloadContext(payload patchlint.Node) (c odata.Context, shownBy patchlint.Node) {
	if own := payload.Member("@odata.context"); own.Exists() {
		return odata.ParseContext(own.Text()), own
	}
	if payload.Kind() != patchlint.Object || odata.TypeOf(payload).Exists() {
		return odata.Context{}, patchlint.Node{}
	}
	for member := range payload.Children() {
		if c, ok := contextAbove(member, nil); ok {
			return c, member
		}
		if member.Kind() != patchlint.Object {
			continue
		}
		value := member.NameBytes()
		for inner := range member.Children() {
			if c, ok := contextAbove(inner, value); ok {
				return c, inner
			}
		}
	}
	return odata.Context{}, patchlint.Node{}
}

// contextAbove returns the context of the object around an annotation such as
// "settings@odata.context". The annotation is a member of the object or, if value is not
// nil, of its complex value with that name.
func contextAbove(annotation patchlint.Node, value []byte) (c odata.Context, ok bool) {
	name, ok := bytes.CutSuffix(annotation.NameBytes(), []byte("@odata.context"))
	if !ok || len(name) == 0 {
		return c, false
	}
	c = odata.ParseContext(annotation.Text())
	below := []string{string(name)}
	if value != nil {
		below = []string{string(value), string(name)}
	}
	above := len(c.Path) - len(below)
	if above <= 0 || !slices.Equal(c.Path[above:], below) {
		return c, false
	}
	c.Path, c.Entity = c.Path[:above], true
	return c, true
}
