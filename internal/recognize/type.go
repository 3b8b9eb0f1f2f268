package recognize

import (
	"cmp"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/spelling"
	"github.com/patchlint/patchlint/schema"
)

// typeResource returns the resource that an @odata.type means if that is certainly a type of
// Graph, and otherwise nil.
func typeResource(m *schema.Model, text string) *schema.Type {
	if !certain(m, text) {
		return nil
	}
	return m.Meant(text).Resource()
}

// certain reports whether the name of a type of Graph cannot be that of a type of another
// service. Others may have a "user" or a "ServicePrincipal", too, and the alias "graph".
func certain(m *schema.Model, text string) bool {
	text = strings.TrimSpace(text)
	n := odata.ParseTypeName(text)
	if host, absolute := graph.HostOf(text); absolute && !graph.IsHost(host) {
		return false
	}
	for _, r := range m.Resources() {
		if strings.EqualFold(n.Name, r.Short()) {
			return true
		}
	}
	long := len(n.Name) >= unmistakableLetters
	namespace := strings.ToLower(n.Namespace)
	switch {
	case namespace == "":
		return long && m.Facts().Has(n.Name)
	case namespace == m.Facts().Alias && n.Fragment:
		return true
	}
	return long || strings.HasPrefix(namespace, "microsoft.") || spelling.Distance(namespace, m.Facts().Namespace, 3) < 3
}

// Claims reports whether the @odata.type of a payload is in a namespace of Graph. The payload
// is then meant for Graph, even if Graph has no type of that name.
func Claims(payload patchlint.Node) bool {
	return ofGraph(cmp.Or(odata.TypeOf(payload), Misnamed(payload)))
}

// Misnamed returns the member of an object that its author likely meant as @odata.type: one
// with this name in another case or, if the value is a type of Graph, one with the name that
// another version of OData has for it. It returns the zero Node without one.
func Misnamed(object patchlint.Node) patchlint.Node {
	for member := range object.Children() {
		name := member.Name()
		if strings.EqualFold(name, "@odata.type") || (name == "@type" || name == "odata.type") && ofGraph(member) {
			return member
		}
	}
	return patchlint.Node{}
}

// ofGraph reports whether a value names a type in a namespace of Graph, in any case.
func ofGraph(name patchlint.Node) bool {
	namespace := strings.ToLower(odata.ParseTypeName(name.Text()).Namespace)
	return namespace == "microsoft.graph" || strings.HasPrefix(namespace, "microsoft.graph.")
}
