package recognize

import (
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/schema"
)

// isOtherSchema reports whether a "$schema" does not name a type, nor patchlint, whose
// schemas describe types.
func isOtherSchema(member patchlint.Node, of string) bool {
	text := strings.ToLower(strings.TrimSpace(member.Text()))
	return text != "" && !strings.Contains(text, strings.ToLower(of)) && !strings.Contains(text, "patchlint")
}

// contradicts reports whether a member shows that its object is not a payload for Graph.
func contradicts(m *schema.Model, member patchlint.Node) bool {
	text := strings.TrimSpace(member.Text())
	isText := member.Kind() == patchlint.String
	switch name := string(member.NameBytes()); name {
	case "@odata.context", "@context": // of something else
		r, _ := contextOf(m, odata.ParseContext(text), true)
		return name == "@context" && !isText || text != "" && (r == nil || r != partner(m))
	case "@id": // like @context, it is a name of OData 4.01
		_, scope := Locate(text)
		return text != "" && scope != Addressed && scope != Batched
	case "@type", "$type", "_type", "@class", "_class", "__typename", "type", "kind", "resourceType", "objectType",
		"odataType", "OdataType", "ODataType", "odata.type":
		return member.Kind() == patchlint.Array || member.Kind() == patchlint.Object || text != "" && typeResource(m, text) == nil
	case "$schema":
		return isOtherSchema(member, partnerName)
	case "@graph", "@vocab", "@base", "@language", "@included", "@reverse", // JSON-LD 1.1, 1.7
		"_links", "_id", // HAL, MongoDB
		"$id", "$ref", "$defs", "openapi", "swagger", "asyncapi", "jsonrpc", "apiVersion": // whatever their value
		return true
	}
	return false
}
