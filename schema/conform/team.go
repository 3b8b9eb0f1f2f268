package conform

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
)

// Team is a JSON Schema that a team has written.
type Team struct {
	// Type is the type of the payloads to check, including derived types; "" for all types.
	Type string

	name    string
	doc     *patchlint.Document
	schemas *sync.Pool // of *limitedSchema
}

// drafts are the supported values of "$schema".
var drafts = []string{
	"https://json-schema.org/draft/2020-12/schema", "https://json-schema.org/draft/2019-09/schema",
	"http://json-schema.org/draft-07/schema", "http://json-schema.org/draft-06/schema", "http://json-schema.org/draft-04/schema",
}

// draftOf returns the draft of a schema, as messages name it: "draft-07" or "2020-12".
func draftOf(root patchlint.Node) string {
	address := cmp.Or(withoutFragment(root.Member("$schema").Text()), drafts[0])
	return lastToken(strings.TrimSuffix(address, "/schema"))
}

// references are the keywords whose values refer to a schema.
var references = []string{"$ref", "$dynamicRef", "$recursiveRef"}

// maxParts is the maximum number of objects and booleans in a JSON Schema. v5 compiles
// subschemas, which are one or the other, in time that grows with the square of their number.
const maxParts = 5000

// ReadTeam compiles a JSON Schema; name is its file name for findings. It returns an error
// if the schema is invalid, refers to another document, even with a reference that is
// never used, or has a keyword that is misspelled or not of its draft, which would check
// nothing. The error starts with a position, "line:column: ".
func ReadTeam(name string, src []byte) (*Team, error) {
	doc, _ := patchlint.Parse(bytes.TrimPrefix(src, []byte("\ufeff")), patchlint.JSON)
	refuse := func(at patchlint.Span, format string, args ...any) (*Team, error) {
		line, column := doc.Position(at.Start)
		return nil, fmt.Errorf("%d:%d: %s", line, column, secret.Mask(doc, fmt.Sprintf(format, args...)))
	}
	if len(bytes.TrimSpace(doc.Source())) == 0 {
		return refuse(patchlint.Span{}, "the file is empty; a JSON Schema is an object")
	}
	for _, f := range doc.Faults() {
		if f.Severity == patchlint.Error {
			return refuse(f.Span, "%s", f.Message)
		}
	}
	root := doc.Root()
	if root.Kind() != patchlint.Object && root.Kind() != patchlint.Bool {
		return refuse(root.Span(), "a JSON Schema is an object, not %s", root.Kind())
	}
	if draft := root.Member("$schema"); draft.Exists() && !slices.Contains(drafts, withoutFragment(draft.Text())) {
		return refuse(draft.Span(), `unknown "$schema" %s; must be one of %s`, inert.Quote(draft.Text()), strings.Join(drafts, ", "))
	}
	parts := 0
	for n := range root.All() {
		if k := n.Kind(); k == patchlint.Object || k == patchlint.Bool {
			if parts++; parts > maxParts {
				return refuse(n.Span(), "a JSON Schema has at most %d objects and booleans, because compiling more would take too long; divide it into several", maxParts)
			}
		}
	}
	refs := referencesIn(root, nil)
	for _, ref := range refs {
		if !isInternal(root, ref.Text()) {
			return refuse(ref.Span(), `%s leads to another document (%s), which is never read; move what it names into this schema, below "$defs", and refer to it as "#/$defs/NAME"`, inert.Quote(ref.Name()), inert.Text(ref.Text()))
		}
	}
	schemas := []patchlint.Node{root}
	for _, ref := range refs {
		_, fragment, _ := strings.Cut(ref.Text(), "#")
		schemas = append(schemas, doc.Find(pointerOf(fragment)))
	}
	keywords := keywordCheck{draft: draftOf(root), refs: refs, seen: make(map[patchlint.Node]bool)}
	for _, part := range schemas {
		if member, wrong := keywords.find(part); wrong != "" {
			return refuse(member.Key(), "%s", wrong)
		}
	}
	first, err := compileLimited(doc.Source())
	if err == nil {
		t := &Team{name: name, doc: doc, schemas: new(sync.Pool)}
		t.schemas.Put(first)
		return t, nil
	}
	var invalid *jsonschema.ValidationError
	if errors.As(err, &invalid) {
		for len(invalid.Causes) > 0 {
			invalid = slices.MinFunc(invalid.Causes, func(a, b *jsonschema.ValidationError) int {
				return cmp.Compare(a.InstanceLocation, b.InstanceLocation) // the causes are in random order
			})
		}
		n := find(root, pointerOf(invalid.InstanceLocation))
		const expression = "%s is not a regular expression of Go, which has no lookahead and no backreference"
		switch format := lastToken(invalid.KeywordLocation) == "format"; {
		case format && n.Parent().Name() == "patternProperties":
			return refuse(n.Key(), expression, inert.Quote(n.Name()))
		case format && n.Name() == "pattern":
			return refuse(n.Span(), expression, inert.Quote(n.Text()))
		case n.Key().Len() > 0:
			return refuse(n.Span(), "this value of %s is not allowed in a JSON Schema", inert.Quote(n.Name()))
		}
		return refuse(n.Span(), "this value is not allowed in a JSON Schema")
	}
	for _, ref := range refs {
		if text := ref.Text(); strings.Contains(err.Error(), text+" not found") {
			return refuse(ref.Span(), "%s leads to %s, which this schema does not have", inert.Quote(ref.Name()), inert.Quote(text))
		}
	}
	var loop jsonschema.InfiniteLoopError
	if errors.As(err, &loop) && len(refs) > 0 {
		return refuse(refs[0].Span(), "%s leads back to itself", inert.Quote(refs[0].Name()))
	}
	reason := err.Error()
	for _, prefix := range []string{"JSON Schema: ", "jsonschema " + documentName + " compilation failed: "} {
		reason = strings.TrimPrefix(reason, prefix)
	}
	return refuse(root.Opening(), "this JSON Schema cannot be compiled: %s", inert.Show(strings.ReplaceAll(reason, documentName, "")))
}

// referencesIn appends the references in a schema to list. It skips the values of const,
// enum, default and examples, which are data.
func referencesIn(n patchlint.Node, list []patchlint.Node) []patchlint.Node {
	for child := range n.Children() {
		switch name := child.Name(); {
		case child.Kind() == patchlint.String && slices.Contains(references, name):
			list = append(list, child)
		case name != "const" && name != "enum" && name != "default" && name != "examples" || n.Name() == "properties":
			list = referencesIn(child, list)
		}
	}
	return list
}

// isInternal reports whether a reference points into the document itself: it is only a
// fragment, or starts with an "$id" in the document.
func isInternal(root patchlint.Node, ref string) bool {
	ref = withoutFragment(ref)
	if ref == "" {
		return true
	}
	for n := range root.All() {
		if n.Kind() == patchlint.String && (n.Name() == "$id" || n.Name() == "id") && withoutFragment(n.Text()) == ref {
			return true
		}
	}
	return false
}

func withoutFragment(address string) string {
	address, _, _ = strings.Cut(address, "#")
	return address
}

// Check returns a finding for each failure of a payload of r, in the order of positions, and at
// most one more than bounds.Findings. The message is the schema author's text about
// the subschema that fails. If the payload cannot be validated, Check returns one finding
// that says so.
func (t *Team) Check(r *schema.Type, payload patchlint.Node) (list []patchlint.Diagnostic) {
	if t.Type != "" {
		if of, err := r.Model.Resource(t.Type); err != nil || !r.Is(of) {
			return nil
		}
	}
	unchecked := patchlint.Diagnostic{Pointer: payload.Pointer(), Span: payload.Opening(), Message: "this payload cannot be checked with " + inert.Quote(t.name)}
	s, ok := t.schemas.Get().(*limitedSchema)
	if !ok {
		s, _ = compileLimited(t.doc.Source()) // cannot fail: ReadTeam has compiled it
	}
	defer t.schemas.Put(s)
	s.left = maxSteps(payload)
	invalid, fault := run(s.schema, payload.Value())
	switch {
	case fault == exhausted{} && depth(payload) >= 5*usual:
		unchecked.Message += ": it is nested too deeply for a schema that refers to itself"
		return []patchlint.Diagnostic{unchecked}
	case fault == exhausted{}:
		unchecked.Message += ": the branches of its allOf, anyOf and oneOf refer to each other and take too many steps"
		return []patchlint.Diagnostic{unchecked}
	case fault != nil:
		return []patchlint.Diagnostic{unchecked}
	case invalid == nil:
		return nil
	}
	c := teamCheck{Team: t, payload: payload}
	c.collect(invalid, "")
	slices.SortFunc(c.refusals, func(a, b refusal) int {
		return cmp.Or(a.span.Start-b.span.Start, a.span.End-b.span.End, cmp.Compare(a.location, b.location))
	})
	for _, r := range c.refusals[:min(len(c.refusals), bounds.Findings+1)] {
		list = append(list, c.finding(r))
	}
	slices.SortStableFunc(list, patchlint.Diagnostic.Compare)
	return list
}

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

// oneLine returns text on one line, without a full stop, and cut to a readable length.
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
	"": "this value is not allowed here", "const": "must be %s", "not": `matches "not", which is not allowed`,
	"uniqueItems": "two elements are equal", "anyOf": "does not match any of the allowed forms",
	"minLength": "must have at least %s characters", "maxLength": "must have at most %s characters",
	"minimum": "must be at least %s", "maximum": "must be at most %s", "multipleOf": "must be a multiple of %s",
	"exclusiveMinimum": "must be greater than %s", "exclusiveMaximum": "must be less than %s",
	"minItems": "must have at least %s elements", "maxItems": "must have at most %s elements",
	"minProperties": "must have at least %s properties", "maxProperties": "must have at most %s properties",
	"maxContains": `at most %s elements may match "contains"`,
}

// explain returns a message that says why a value fails a keyword.
func explain(v *jsonschema.ValidationError, at keyword, n patchlint.Node) string {
	limit := inert.Text(at.value.Raw())
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
		return "must be one of " + some(values)
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
		return "missing properties " + some(missing)
	case "dependentRequired", "dependencies":
		return fmt.Sprintf("missing property %s, which %s requires", inert.Quote(at.value.Text()), inert.Quote(at.value.Parent().Name()))
	case "minContains":
		if limit != "" {
			return "at least " + limit + ` elements must match "contains"`
		}
		return `no element matches "contains"`
	case "oneOf":
		if len(v.Causes) == 0 {
			return "matches more than one of the forms of which exactly one is allowed"
		}
		return explanations["anyOf"]
	}
	return oneLine(v.Message)
}

// some lists values, up to a readable number.
func some(values []string) string {
	const limit = 100
	if more := len(values) - limit; more > 0 {
		values = append(values[:limit:limit], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(values, ", ")
}

// lastToken returns the last token of a location.
func lastToken(location string) string { return location[strings.LastIndexByte(location, '/')+1:] }

// pointerOf returns the pointer of a location of v5, which is percent-encoded.
func pointerOf(location string) patchlint.Pointer {
	if plain, err := url.PathUnescape(location); err == nil {
		location = plain
	}
	return patchlint.Pointer(location)
}
