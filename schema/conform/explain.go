package conform

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/secret"
)

// teamCheck converts the failures of one payload into findings.
type teamCheck struct {
	*Team
	payload  patchlint.Node
	refusals []refusal
}

// refusal is a value of the payload that fails a keyword.
type refusal struct {
	node     patchlint.Node
	span     patchlint.Span
	location string // of the keyword, for a stable order
	at       keyword
	about    string
	explain  func() string // returns a message if the author has none
}

// collect adds the refusals of the keywords that fail. It does not descend into the
// branches of a choice, because it is unknown which one was meant. about is the author's
// text at the last reference on the way.
func (c *teamCheck) collect(v *jsonschema.ValidationError, about string) {
	at := c.keyword(v)
	switch name := at.name; {
	case len(v.Causes) == 0, v.Message != "" && slices.Contains([]string{"anyOf", "oneOf", "minContains"}, name):
		c.fail(v, at, about)
		return
	case slices.Contains(references, name):
		about = cmp.Or(authorText(at.owner, true), c.enclosingTitle(at.owner), about)
	}
	for _, cause := range v.Causes {
		c.collect(cause, about)
	}
}

// keyword is a keyword in the schema that fails.
type keyword struct {
	name         string         // "" for the schema false
	owner, value patchlint.Node // the schema that has the keyword, and the keyword's value
}

func (c *teamCheck) keyword(v *jsonschema.ValidationError) keyword {
	_, fragment, _ := strings.Cut(v.AbsoluteKeywordLocation, "#")
	at := pointerOf(fragment)
	n := c.doc.Find(at)
	if n.Kind() == patchlint.Bool && v.Message == "not allowed" || v.Message == "" || at == "" {
		return keyword{"", n, n}
	}
	tokens := slices.Collect(at.Tokens())
	own := len(tokens) - 1 // the index of the keyword
	for i, name := range tokens {
		if i == len(tokens)-3 && (name == "dependentRequired" || name == "dependencies") || i == len(tokens)-2 && name == "allOf" {
			own = i
		}
	}
	var owner patchlint.Pointer
	for _, token := range tokens[:own] {
		owner = owner.Append(token)
	}
	return keyword{tokens[own], c.doc.Find(owner), n}
}

// authorText returns the description or title of a schema, preferring the description if
// descriptionFirst is set, and otherwise the title.
func authorText(schema patchlint.Node, descriptionFirst bool) string {
	description, title := oneLine(schema.Member("description").Text()), oneLine(schema.Member("title").Text())
	if descriptionFirst {
		return cmp.Or(description, title)
	}
	return cmp.Or(title, description)
}

// oneLine returns text on one line, without a period, and cut to a readable length.
func oneLine(text string) string {
	const limit = 500
	text = strings.TrimSuffix(strings.Join(strings.Fields(text), " "), ".")
	if runes := []rune(text); len(runes) > limit {
		text = string(runes[:limit]) + "..."
	}
	return text
}

// enclosingTitle returns the title of the nearest schema that contains n, except that of
// the whole document.
func (c *teamCheck) enclosingTitle(n patchlint.Node) string {
	for n = n.Parent(); n.Exists() && n != c.doc.Root(); n = n.Parent() {
		if text := authorText(n, false); text != "" {
			return text
		}
	}
	return ""
}

// finding returns the finding for a refusal.
func (c *teamCheck) finding(r refusal) patchlint.Diagnostic {
	at, message := r.at, authorText(r.at.owner, true)
	if message == "" && (at.name == "not" || at.name == "minContains") {
		message = authorText(at.owner.Member(strings.Replace(at.name, "minContains", "contains", 1)), true)
	}
	if message == "" {
		message = r.explain()
		if title := cmp.Or(c.enclosingTitle(at.owner), r.about, authorText(c.doc.Root(), false)); title != "" {
			message = title + ": " + message
		}
	}
	where := cmp.Or(at.value, at.owner)
	return patchlint.Diagnostic{
		Pointer: r.node.Pointer(), Span: r.span, Message: secret.Mask(c.doc, message),
		Related: []patchlint.Related{{File: c.name, Document: c.doc, Pointer: where.Pointer(), Span: where.Opening(), Message: "required by this JSON Schema"}},
	}
}

// fail adds a refusal, or one for each member that is not allowed.
func (c *teamCheck) fail(v *jsonschema.ValidationError, at keyword, about string) {
	n := find(c.payload, pointerOf(v.InstanceLocation))
	add := func(n patchlint.Node, span patchlint.Span, format string) {
		c.refusals = append(c.refusals, refusal{n, span, v.KeywordLocation, at, about, func() string {
			if format == "" {
				return explain(v, at, n)
			}
			return fmt.Sprintf(format, inert.Quote(n.Name()))
		}})
	}
	switch {
	case at.name == "additionalProperties" && at.value.Kind() == patchlint.Bool:
		for member := range n.Children() {
			if !declares(at.owner, member.Name()) {
				add(member, member.Key(), "%s is not allowed here")
			}
		}
	case at.name == "" && n.Key().Len() > 0:
		add(n, n.Key(), "%s is not allowed here")
	case strings.Contains(v.KeywordLocation, "/propertyNames/") && n.Key().Len() > 0 && !strings.Contains(v.KeywordLocation, "properties/propertyNames/"):
		add(n, n.Key(), "the name %s is not allowed here")
	case slices.Contains(absenceKeywords, at.name):
		add(n, n.Opening(), "")
	default:
		add(n, n.Span(), "")
	}
}

// absenceKeywords are the keywords that fail because something is missing.
var absenceKeywords = []string{"required", "dependentRequired", "dependencies", "minProperties", "minItems", "minContains"}

// declares reports whether a schema declares a property, by name or by a pattern.
func declares(schema patchlint.Node, name string) bool {
	if schema.Member("properties").Member(name).Exists() {
		return true
	}
	for pattern := range schema.Member("patternProperties").Children() {
		if matches, err := regexp.MatchString(pattern.Name(), name); err == nil && matches {
			return true
		}
	}
	return false
}

// explanations say why a value fails a keyword, with %s for the value of the keyword.
var explanations = map[string]string{
	"": "this value is not allowed here", "const": "must be %s", "not": `matches a schema under "not"`,
	"uniqueItems": "two elements are equal", "anyOf": "does not match any of the allowed forms",
	"oneOf":     "must match exactly one of the allowed forms",
	"minLength": "must be a string of length %s or more", "maxLength": "must be a string of length %s or less",
	"minimum": "must be at least %s", "maximum": "must be at most %s", "multipleOf": "must be a multiple of %s",
	"exclusiveMinimum": "must be greater than %s", "exclusiveMaximum": "must be less than %s",
	"minItems": "the number of elements must be at least %s", "maxItems": "the number of elements must be at most %s",
	"minProperties": "the number of properties must be at least %s", "maxProperties": "the number of properties must be at most %s",
	"minContains": `the number of elements that match "contains" must be at least %s`, "maxContains": `the number of elements that match "contains" must be at most %s`,
}

// explain returns a message that says why a value fails a keyword.
func explain(v *jsonschema.ValidationError, at keyword, n patchlint.Node) string {
	limit := cmp.Or(inert.Text(at.value.Raw()), "1") // the default of minContains
	if text, ok := explanations[at.name]; ok {
		return strings.Replace(text, "%s", limit, 1)
	}
	switch at.name {
	case "type":
		kinds := strings.Trim(strings.ReplaceAll(strings.ReplaceAll(limit, `"`, ""), ",", " or "), "[]")
		return fmt.Sprintf("must be of type %s; found %s", strings.Join(strings.Fields(kinds), " "), n.Kind())
	case "pattern":
		return fmt.Sprintf("%s does not match the pattern %s", inert.Quote(n.Text()), inert.Quote(at.value.Text()))
	case "format":
		return fmt.Sprintf("%s is not a valid %s", inert.Quote(n.Text()), inert.Text(at.value.Text()))
	case "enum":
		var values []string
		for value := range at.value.Children() {
			values = append(values, inert.Text(value.Raw()))
		}
		return "must be one of " + bounds.List(values, maxListed)
	case "required":
		var missing []string
		for name := range at.value.Children() {
			if !n.Member(name.Text()).Exists() {
				missing = append(missing, inert.Quote(name.Text()))
			}
		}
		if len(missing) == 1 {
			return "missing property " + missing[0]
		}
		return "missing properties " + bounds.List(missing, maxListed)
	case "dependentRequired", "dependencies":
		return fmt.Sprintf("missing property %s, which %s requires", inert.Quote(at.value.Text()), inert.Quote(at.value.Parent().Name()))
	}
	return oneLine(v.Message)
}

// maxListed is how many values a message lists.
const maxListed = 100
