package conform

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/spelling"
)

// The keywords of the drafts that are understood, by what their values are: schemas,
// alone or in an array; schemas by names; and anything else.
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
	// annotations are names that other tools give to what they note in a schema.
	annotations = []string{"comment", "example"}
)

// misspelt returns the first member of a schema, or of one in it, that is not a keyword
// and nearly one, and that keyword. Such a member would check nothing. Seen are the
// schemas that have been looked at.
func misspelt(schema patchlint.Node, refs []patchlint.Node, seen map[patchlint.Node]bool) (member patchlint.Node, keyword string) {
	if seen[schema] {
		return patchlint.Node{}, ""
	}
	seen[schema] = true
	for child := range schema.Children() {
		name := child.Name()
		var within []patchlint.Node // the schemas in it
		switch {
		case schema.Kind() == patchlint.Array:
			within = append(within, child)
		case slices.Contains(schemaKeywords, name):
			within = append(within, child)
		case slices.Contains(namedKeywords, name):
			within = slices.Collect(child.Children())
		case slices.Contains(otherKeywords, name), slices.Contains(annotations, name), strings.HasPrefix(name, "x-"), referred(child, refs):
		default:
			candidates := otherKeywords
			if child.Kind() != patchlint.String && child.Kind() != patchlint.Number {
				candidates = slices.Concat(schemaKeywords, namedKeywords, otherKeywords)
			}
			if near := spelling.Nearest(name, candidates); near != "" {
				return child, near
			}
		}
		for _, schema := range within {
			if member, keyword = misspelt(schema, refs, seen); keyword != "" {
				return member, keyword
			}
		}
	}
	return patchlint.Node{}, ""
}

// referred reports whether a reference leads into a member, which then has schemas.
func referred(member patchlint.Node, refs []patchlint.Node) bool {
	at := "#" + string(member.Pointer()) + "/"
	return slices.ContainsFunc(refs, func(ref patchlint.Node) bool { return strings.HasPrefix(ref.Text()+"/", at) })
}
