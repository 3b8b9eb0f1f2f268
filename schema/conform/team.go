package conform

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/url"
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
	at, wrong := misuse(doc)
	if wrong == "" {
		first, err := compileLimited(doc)
		if err == nil {
			t := &Team{name: name, doc: doc, schemas: new(sync.Pool)}
			t.schemas.Put(first)
			return t, nil
		}
		at, wrong = uncompiled(doc.Root(), err)
	}
	line, column := doc.Position(at.Start)
	return nil, fmt.Errorf("%d:%d: %s", line, column, secret.Mask(doc, wrong))
}

// misuse returns a fault in a JSON Schema that the compiler does not report, or not as
// well, and its position. It returns "" if there is none.
func misuse(doc *patchlint.Document) (patchlint.Span, string) {
	if len(bytes.TrimSpace(doc.Source())) == 0 {
		return patchlint.Span{}, "the file is empty; a JSON Schema must be an object"
	}
	for _, f := range doc.Faults() {
		if f.Severity == patchlint.Error {
			return f.Span, f.Message
		}
	}
	root := doc.Root()
	if root.Kind() != patchlint.Object && root.Kind() != patchlint.Bool {
		return root.Span(), fmt.Sprintf("a JSON Schema must be an object, not %s", root.Kind())
	}
	draft := root.Member("$schema")
	address := cmp.Or(withoutFragment(draft.Text()), drafts[0])
	if draft.Exists() && !slices.Contains(drafts, withoutFragment(draft.Text())) {
		return draft.Span(), fmt.Sprintf(`unknown "$schema" %s; must be one of %s`, inert.Quote(draft.Text()), strings.Join(drafts, ", "))
	}
	parts := 0
	for n := range root.All() {
		if k := n.Kind(); k == patchlint.Object || k == patchlint.Bool {
			if parts++; parts > maxParts {
				return n.Span(), fmt.Sprintf("a JSON Schema has at most %d objects and booleans, because compiling more would take too long; divide it into several", maxParts)
			}
		}
	}
	refs := referencesIn(root, nil)
	for _, ref := range refs {
		if !isInternal(root, ref.Text()) {
			return ref.Span(), fmt.Sprintf(`%s refers to another document (%s), which is never read; move its target into this schema, under "$defs", and refer to it as "#/$defs/NAME"`, inert.Quote(ref.Name()), inert.Text(ref.Text()))
		}
	}
	schemas := []patchlint.Node{root}
	for _, ref := range refs {
		_, fragment, _ := strings.Cut(ref.Text(), "#")
		schemas = append(schemas, doc.Find(pointerOf(fragment)))
	}
	keywords := keywordCheck{draft: lastToken(strings.TrimSuffix(address, "/schema")), refs: refs, seen: make(map[patchlint.Node]bool)}
	for _, part := range schemas {
		if member, wrong := keywords.find(part); wrong != "" {
			return member.Key(), wrong
		}
	}
	if !checksSomething(root) {
		return root.Opening(), `this JSON Schema checks nothing; add a keyword such as "properties", or name another file`
	}
	number, wrong := unreadable(root)
	return number.Span(), wrong
}

// uncompiled explains an error of the compiler.
func uncompiled(root patchlint.Node, err error) (at patchlint.Span, wrong string) {
	if invalid, ok := errors.AsType[*jsonschema.ValidationError](err); ok {
		for len(invalid.Causes) > 0 {
			invalid = slices.MinFunc(invalid.Causes, func(a, b *jsonschema.ValidationError) int {
				return cmp.Compare(a.InstanceLocation, b.InstanceLocation) // the causes are in random order
			})
		}
		n := find(root, pointerOf(invalid.InstanceLocation))
		const expression = "%s is not a valid Go regular expression, which cannot have lookaheads or backreferences"
		switch format := lastToken(invalid.KeywordLocation) == "format"; {
		case format && n.Parent().Name() == "patternProperties":
			return n.Key(), fmt.Sprintf(expression, inert.Quote(n.Name()))
		case format && n.Name() == "pattern":
			return n.Span(), fmt.Sprintf(expression, inert.Quote(n.Text()))
		case n.Key().Len() > 0:
			return n.Span(), fmt.Sprintf("this value of %s is not allowed in a JSON Schema", inert.Quote(n.Name()))
		}
		return n.Span(), "this value is not allowed in a JSON Schema"
	}
	refs := referencesIn(root, nil)
	for _, ref := range refs {
		if text := ref.Text(); strings.Contains(err.Error(), text+" not found") {
			return ref.Span(), fmt.Sprintf("%s refers to %s, which this schema does not have", inert.Quote(ref.Name()), inert.Quote(text))
		}
	}
	if _, loops := errors.AsType[jsonschema.InfiniteLoopError](err); loops && len(refs) > 0 {
		return refs[0].Span(), inert.Quote(refs[0].Name()) + " refers back to itself"
	}
	reason := strings.TrimPrefix(err.Error(), "JSON Schema: ")
	reason = strings.TrimPrefix(reason, "jsonschema "+documentName+" compilation failed: ")
	return root.Opening(), "this JSON Schema cannot be compiled: " + inert.Show(strings.ReplaceAll(reason, documentName, ""))
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
		s, _ = compileLimited(t.doc) // cannot fail: ReadTeam has compiled it
	}
	defer t.schemas.Put(s)
	s.left = maxSteps(payload)
	invalid, fault := run(s.schema, payload.Value())
	switch {
	case fault == nil && invalid == nil:
		return nil
	case fault == exhausted{} && depth(payload) >= 5*usual:
		unchecked.Message += ": it is nested too deeply for a schema that refers to itself"
	case fault == exhausted{}:
		unchecked.Message += ": the branches of its allOf, anyOf and oneOf refer to each other and take too many steps"
	case fault != nil:
		if _, wrong := unreadable(payload); wrong != "" { // otherwise the schema refers to itself
			unchecked.Message += ": " + wrong
		}
	}
	if fault != nil {
		return []patchlint.Diagnostic{unchecked}
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

// lastToken returns the last token of a location.
func lastToken(location string) string { return location[strings.LastIndexByte(location, '/')+1:] }

// pointerOf returns the pointer of a location of v5, which is percent-encoded.
func pointerOf(location string) patchlint.Pointer {
	if plain, err := url.PathUnescape(location); err == nil {
		location = plain
	}
	return patchlint.Pointer(location)
}
