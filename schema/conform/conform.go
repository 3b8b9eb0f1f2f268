// Package conform validates payloads against JSON Schemas. It checks independently what
// the walk of package schema checks: Check is a value for validate.Linter.Thorough.
//
// It is the only package that imports jsonschema/v5, and it works around its
// peculiarities: percent-encoded locations, causes in random order, a $ref that could read
// a file or the network, and a panic for a number with a huge exponent.
package conform

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

// compiled caches the compiled schemas of types, because compiling one takes longer than
// validating many payloads. Most take some megabytes, so that no more than maxCompiled are
// kept.
var compiled = struct {
	lock sync.Mutex
	of   map[*schema.Type]func() (*jsonschema.Schema, error)
}{of: make(map[*schema.Type]func() (*jsonschema.Schema, error))}

const maxCompiled = 64

func compiledFor(t *schema.Type) (*jsonschema.Schema, error) {
	compiled.lock.Lock()
	get := compiled.of[t]
	if get == nil {
		if len(compiled.of) == maxCompiled {
			clear(compiled.of)
		}
		get = sync.OnceValues(func() (*jsonschema.Schema, error) { return Compile(t.JSONSchema()) })
		compiled.of[t] = get
	}
	compiled.lock.Unlock()
	return get()
}

// Check validates a payload against the JSON Schema of its type. It returns a finding for
// each value that fails a keyword, sorted by pointer and keyword. If an object has several
// members of one name, the JSON Schema sees only the last.
func Check(t *schema.Type, payload patchlint.Node) (list []patchlint.Diagnostic) {
	add := func(n patchlint.Node, message string) {
		list = append(list, patchlint.Diagnostic{Rule: "wrong-type", Severity: patchlint.Error, Pointer: n.Pointer(), Span: n.Span(), Message: message})
	}
	report := func(at patchlint.Pointer, keyword string) {
		add(find(payload, at), fmt.Sprintf("the JSON Schema refuses this value (%s)", keyword))
	}
	if s, err := compiledFor(t); err != nil {
		report("", "$schema") // cannot happen: tests compile every schema
	} else if invalid, fault := run(s, payload.Value()); fault != nil {
		if n, wrong := unreadable(payload); wrong != "" {
			add(n, "the JSON Schema cannot check this value: "+wrong)
		} else {
			report("", "type")
		}
	} else if invalid != nil {
		leaves(invalid, report)
	}
	compare := func(a, b patchlint.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Message, b.Message))
	}
	slices.SortFunc(list, compare)
	return slices.CompactFunc(list, func(a, b patchlint.Diagnostic) bool { return compare(a, b) == 0 })
}

// find returns the value at a pointer of the validator or, if it does not exist, the
// innermost value around its place.
func find(n patchlint.Node, p patchlint.Pointer) patchlint.Node {
	if !n.Exists() {
		return n
	}
	doc, at := n.Document(), n.Pointer()+p
	found := doc.Find(at)
	for !found.Exists() && at != "" {
		at = at[:strings.LastIndexByte(string(at), '/')]
		found = doc.Find(at)
	}
	return found
}

// run validates a value. It returns the reason why the value is invalid, or the fault that
// stopped the validation: an error, or the value of a panic.
func run(s *jsonschema.Schema, value any) (invalid *jsonschema.ValidationError, fault any) {
	defer func() {
		if r := recover(); r != nil {
			fault = r
		}
	}()
	err := s.Validate(value)
	if err == nil || errors.As(err, &invalid) {
		return invalid, nil
	}
	return nil, err
}

// leaves reports the leaves of a validation error: the place of a value, and the keyword that
// it fails.
func leaves(invalid *jsonschema.ValidationError, report func(at patchlint.Pointer, keyword string)) {
	if len(invalid.Causes) == 0 {
		report(pointerOf(invalid.InstanceLocation), lastToken(invalid.KeywordLocation))
	}
	for _, cause := range invalid.Causes {
		leaves(cause, report)
	}
}

// documentName is the URL of the schema being compiled. It is absolute, so that no message
// shows the working directory.
const documentName = "patchlint:///schema.json"

// Compile compiles a JSON Schema. It returns an error if the schema refers to another
// document or has a number that v5 cannot read, and never reads a file or the network.
func Compile(src []byte) (*jsonschema.Schema, error) {
	doc, err := patchlint.Parse(src, patchlint.JSON)
	if err != nil {
		return nil, fmt.Errorf("JSON Schema: %w", err)
	}
	return compile(doc, nil)
}

// compile is Compile with an extension that counts the steps of validations, or nil.
func compile(doc *patchlint.Document, extension *limitedSchema) (s *jsonschema.Schema, err error) {
	if _, wrong := unreadable(doc.Root()); wrong != "" {
		return nil, errors.New("JSON Schema: " + wrong)
	}
	defer func() {
		if fault := recover(); fault != nil {
			s, err = nil, fmt.Errorf("JSON Schema: %v", fault)
		}
	}()
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.LoadURL = func(url string) (io.ReadCloser, error) {
		return nil, fmt.Errorf("%s is another document, but a schema must be self-contained", url)
	}
	if extension != nil {
		c.RegisterExtension("budget", nil, extension)
	}
	if err := c.AddResource(documentName, bytes.NewReader(doc.Source())); err != nil {
		return nil, fmt.Errorf("JSON Schema: %w", err)
	}
	if s, err = c.Compile(documentName); err != nil {
		return nil, fmt.Errorf("JSON Schema: %w", err)
	}
	return s, nil
}

// unreadable returns the first number in a value whose exponent math/big cannot hold, and
// what is wrong with it, or "": v5 ignores such a number as a bound, and panics when it
// compares it with another.
func unreadable(value patchlint.Node) (number patchlint.Node, wrong string) {
	for n := range value.All() {
		if n.Kind() != patchlint.Number {
			continue
		}
		if _, ok := new(big.Rat).SetString(string(n.Raw())); !ok {
			return n, fmt.Sprintf("the exponent of the number %s is too large", inert.Text(n.Raw()))
		}
	}
	return patchlint.Node{}, ""
}
