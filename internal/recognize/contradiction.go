package recognize

import (
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

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
