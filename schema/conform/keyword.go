package conform

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
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
	// annotations are members that other tools add to schemas.
	annotations = []string{"comment", "example"}
)

// later maps each keyword that older drafts lack to the draft that introduced it.
var later = map[string]string{
	"const": "draft-06", "contains": "draft-06", "propertyNames": "draft-06",
	"else": "draft-07", "if": "draft-07", "then": "draft-07",
	"$recursiveRef": "2019-09", "dependentRequired": "2019-09", "dependentSchemas": "2019-09", "maxContains": "2019-09",
	"minContains": "2019-09", "unevaluatedItems": "2019-09", "unevaluatedProperties": "2019-09",
	"$dynamicRef": "2020-12", "prefixItems": "2020-12",
}

// idle are the keywords that check nothing themselves, so that it does not matter that
// drafts before 2019-09 ignore them next to a "$ref".
var idle = []string{
	"$anchor", "$comment", "$defs", "$dynamicAnchor", "$id", "$recursiveAnchor", "$ref", "$schema", "$vocabulary",
	"default", "definitions", "deprecated", "description", "examples", "id", "if", "readOnly", "title", "writeOnly",
}

// needs maps each keyword that checks nothing on its own to the keyword that it needs.
var needs = map[string]string{
	"additionalItems": "items", "else": "if", "maxContains": "contains", "minContains": "contains", "then": "if",
}

// checksSomething reports whether a schema has a keyword that can refuse a value, with a
// suitable value of its own. "format" and the keywords for content do not count, because
// they only annotate since 2019-09. A payload that is named by mistake has no such keyword.
func checksSomething(schema patchlint.Node) bool {
	keywords := slices.Concat(schemaKeywords, namedKeywords, otherKeywords)
	for child := range schema.Children() {
		name := child.Name()
		checks := slices.Contains(keywords, name) && !slices.Contains(idle, name) && name != "format" && !strings.HasPrefix(name, "content")
		if name == "$ref" || checks && schema.Member(cmp.Or(needs[name], name)).Exists() {
			return true
		}
	}
	return string(schema.Raw()) == "false"
}

// keywordCheck looks for members of a schema that check nothing though they look like
// keywords.
type keywordCheck struct {
	draft string // as messages name it: "draft-07" or "2020-12"
	refs  []patchlint.Node
	seen  map[patchlint.Node]bool // schemas that were visited
}

// find returns the first such member of a schema or its subschemas, and what is wrong with
// it: it is nearly a keyword, or one that the draft does not know. It skips the schemas
// that were visited.
func (c *keywordCheck) find(schema patchlint.Node) (member patchlint.Node, wrong string) {
	if c.seen[schema] {
		return patchlint.Node{}, ""
	}
	c.seen[schema] = true
	ignored := c.before("2019-09") && schema.Member("$ref").Kind() == patchlint.String
	for child := range schema.Children() {
		name := child.Name()
		var subschemas []patchlint.Node
		known := true
		switch {
		case schema.Kind() == patchlint.Array, slices.Contains(schemaKeywords, name):
			subschemas = append(subschemas, child)
		case slices.Contains(namedKeywords, name):
			subschemas = slices.Collect(child.Children())
		default:
			known = slices.Contains(otherKeywords, name)
		}
		switch since := later[name]; {
		case schema.Kind() == patchlint.Array:
		case known && ignored && !slices.Contains(idle, name):
			return child, fmt.Sprintf(`%s is ignored next to "$ref" in %s, so it checks nothing; put both in an "allOf", or remove "$schema"`, inert.Quote(name), c.draft)
		case since != "" && c.before(since):
			return child, fmt.Sprintf(`%s checks nothing in %s, because only %s and later support it; change or remove "$schema"`, inert.Quote(name), c.draft, since)
		case name == "additionalItems" && !c.before("2020-12"):
			return child, `"additionalItems" checks nothing in 2020-12, where "items" applies to the elements after "prefixItems"; use these, or name an older draft with "$schema"`
		case known, slices.Contains(annotations, name), strings.HasPrefix(name, "x-"), isReferenced(child, c.refs):
		default:
			candidates := otherKeywords
			if child.Kind() != patchlint.String && child.Kind() != patchlint.Number {
				candidates = slices.Concat(schemaKeywords, namedKeywords, otherKeywords)
			}
			if near := spelling.Nearest(name, candidates); near != "" {
				return child, fmt.Sprintf("unknown keyword %s of JSON Schema; did you mean %s? (start the name of your own annotation with \"x-\")", inert.Quote(name), inert.Quote(near))
			}
		}
		for _, schema := range subschemas {
			if member, wrong = c.find(schema); wrong != "" {
				return member, wrong
			}
		}
	}
	return patchlint.Node{}, ""
}

// before reports whether the draft is older than another.
func (c *keywordCheck) before(other string) bool {
	place := func(name string) int {
		return slices.IndexFunc(drafts, func(draft string) bool { return strings.Contains(draft, name) })
	}
	return place(c.draft) > place(other)
}

// isReferenced reports whether a reference points into a member, so that it contains schemas.
func isReferenced(member patchlint.Node, refs []patchlint.Node) bool {
	at := "#" + string(member.Pointer()) + "/"
	return slices.ContainsFunc(refs, func(ref patchlint.Node) bool { return strings.HasPrefix(ref.Text()+"/", at) })
}
