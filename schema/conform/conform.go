// Package conform asks the JSON Schemas for their verdict, and says where they
// refuse a payload. It is the second judge beside the walk of package schema:
// Check is what validate.Linter.Thorough takes.
//
// It is the one package that imports jsonschema/v5, and it hides the habits of
// that: percent-encoded locations, causes in random order, a $ref that could read a
// file or the network, and a panic at a number with an absurd exponent.
package conform

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

// compiled keeps one compiled schema for each type of each model; a compile
// costs more than many payloads together.
var compiled sync.Map // *schema.Type -> func() (*jsonschema.Schema, error)

// Check asks the JSON Schema of a resource about a payload. It returns nothing
// when the payload conforms, else a violation for each value that fails a
// keyword, sorted by pointer and keyword. Of several members of one name the
// JSON Schema sees the last.
func Check(r *schema.Resource, payload patchlint.Node) []schema.Violation {
	var list []schema.Violation
	for _, f := range failures(r, payload.Value()) {
		n := find(payload, f.pointer)
		list = append(list, schema.Violation{
			Rule: "wrong-type", Node: n, Span: n.Span(),
			Message: fmt.Sprintf("the JSON Schema refuses this value (%s)", f.keyword),
		})
	}
	return list
}

// find returns the value that a pointer of the validator leads to.
func find(n patchlint.Node, p patchlint.Pointer) patchlint.Node {
	for token := range p.Tokens() {
		if n.Kind() != patchlint.Array {
			n = n.Member(token)
		} else if i, err := strconv.Atoi(token); err == nil && n.Element(i).Exists() {
			n = n.Element(i)
		} else {
			return n
		}
	}
	return n
}

// failure is a keyword that refuses the value at a pointer.
type failure struct {
	pointer patchlint.Pointer
	keyword string
}

// failures returns what the JSON Schema refuses of a value.
func failures(r *schema.Resource, value any) (list []failure) {
	compile, ok := compiled.Load(r.Type)
	if !ok {
		compile, _ = compiled.LoadOrStore(r.Type, sync.OnceValues(func() (*jsonschema.Schema, error) {
			return Compile(r.JSONSchema())
		}))
	}
	s, err := compile.(func() (*jsonschema.Schema, error))()
	if err != nil {
		// Tests compile every schema. Were one broken, nothing would conform.
		return []failure{{keyword: "$schema"}}
	}
	invalid, fault := ask(s, value)
	switch {
	case fault != nil:
		return []failure{{keyword: "type"}}
	case invalid == nil:
		return nil
	}
	collect(invalid, &list)
	slices.SortFunc(list, func(a, b failure) int {
		return cmp.Or(cmp.Compare(a.pointer, b.pointer), cmp.Compare(a.keyword, b.keyword))
	})
	return slices.Compact(list)
}

// ask returns why a schema refuses a value, or the fault that keeps it from judging
// that: v5 panics at numbers with an absurd exponent.
func ask(s *jsonschema.Schema, value any) (invalid *jsonschema.ValidationError, fault any) {
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

// collect gathers the leaves of a validation error.
func collect(invalid *jsonschema.ValidationError, into *[]failure) {
	for _, cause := range invalid.Causes {
		collect(cause, into)
	}
	if len(invalid.Causes) == 0 {
		*into = append(*into, failure{unescape(invalid.InstanceLocation), last(invalid.KeywordLocation)})
	}
}

// documentName is the URL of a schema that is compiled: absolute, so that no
// message shows the working directory.
const documentName = "patchlint:///schema.json"

// Compile compiles a JSON Schema document that must not refer to another one:
// nothing is read from a file or the network, whatever its $ref says.
func Compile(src []byte) (*jsonschema.Schema, error) { return compile(src, nil) }

// compile is Compile. A judge, unless it is nil, counts every later step of the schema.
func compile(src []byte, j *judge) (s *jsonschema.Schema, err error) {
	if err := readableNumbers(src); err != nil {
		return nil, fmt.Errorf("JSON Schema: %w", err)
	}
	defer func() {
		if fault := recover(); fault != nil {
			s, err = nil, fmt.Errorf("JSON Schema: %v", fault)
		}
	}()
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.LoadURL = refuseToLoad
	if j != nil {
		c.RegisterExtension("budget", nil, j)
	}
	if err := c.AddResource(documentName, bytes.NewReader(src)); err != nil {
		return nil, fmt.Errorf("JSON Schema: %w", err)
	}
	if s, err = c.Compile(documentName); err != nil {
		return nil, fmt.Errorf("JSON Schema: %w", err)
	}
	return s, nil
}

// readableNumbers returns an error for a number whose exponent package math/big
// does not read: as a bound it would be ignored, and as a constant panic when a
// value is compared with it. Text that is not JSON is left to the compiler.
func readableNumbers(src []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(src))
	decoder.UseNumber()
	for {
		token, err := decoder.Token()
		if err != nil {
			return nil
		}
		if number, ok := token.(json.Number); ok {
			if _, ok := new(big.Rat).SetString(number.String()); !ok {
				return fmt.Errorf("the exponent of the number %s is too large", inert.Text(number.String()))
			}
		}
	}
}

func refuseToLoad(url string) (io.ReadCloser, error) {
	return nil, fmt.Errorf("%s is another document, and a schema must be self-contained", url)
}
