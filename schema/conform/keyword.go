package conform

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/spelling"
)

// The keywords of the supported drafts, by their values: a schema or an array of schemas;
// an object of schemas; and anything else.
var (
	schemaKeywords = []string{
		"additionalItems", "additionalProperties", "allOf", "anyOf", "contains", "contentSchema", "else", "if",
		"items", "not", "oneOf", "prefixItems", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties",
	}
	namedKeywords = []string{"$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"}
	otherKeywords = []string{
		"$anchor", "$comment", "$dynamicAnchor", "$dynamicRef", "$id", "$recursiveAnchor", "$recursiveRef", "$ref",
		"$schema", "$vocabulary", "const", "contentEncoding", "contentMediaType", "default", "dependentRequired",
		"deprecated", "description", "enum", "examples", "exclusiveMaximum", "exclusiveMinimum", "format", "id",
		"maxContains", "maximum", "maxItems", "maxLength", "maxProperties", "minContains", "minimum", "minItems",
		"minLength", "minProperties", "multipleOf", "pattern", "readOnly", "required", "title", "type",
		"uniqueItems", "writeOnly",
	}
	// annotations are members that other tools add to a schema.
	annotations = []string{"comment", "example"}
)

// misspelled returns the first member of a schema or its subschemas that is nearly a
// keyword, and that keyword. Such a member would check nothing. It skips the schemas in
// seen, and adds those it visits.
func misspelled(schema patchlint.Node, refs []patchlint.Node, seen map[patchlint.Node]bool) (member patchlint.Node, keyword string) {
	if seen[schema] {
		return patchlint.Node{}, ""
	}
	seen[schema] = true
	for child := range schema.Children() {
		name := child.Name()
		var subschemas []patchlint.Node
		switch {
		case schema.Kind() == patchlint.Array, slices.Contains(schemaKeywords, name):
			subschemas = append(subschemas, child)
		case slices.Contains(namedKeywords, name):
			subschemas = slices.Collect(child.Children())
		case slices.Contains(otherKeywords, name), slices.Contains(annotations, name), strings.HasPrefix(name, "x-"), isReferenced(child, refs):
		default:
			candidates := otherKeywords
			if child.Kind() != patchlint.String && child.Kind() != patchlint.Number {
				candidates = slices.Concat(schemaKeywords, namedKeywords, otherKeywords)
			}
			if near := spelling.Nearest(name, candidates); near != "" {
				return child, near
			}
		}
		for _, schema := range subschemas {
			if member, keyword = misspelled(schema, refs, seen); keyword != "" {
				return member, keyword
			}
		}
	}
	return patchlint.Node{}, ""
}

// isReferenced reports whether a reference points into a member, so that it contains schemas.
func isReferenced(member patchlint.Node, refs []patchlint.Node) bool {
	at := "#" + string(member.Pointer()) + "/"
	return slices.ContainsFunc(refs, func(ref patchlint.Node) bool { return strings.HasPrefix(ref.Text()+"/", at) })
}
