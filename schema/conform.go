package schema

// This is the one file that imports jsonschema/v5. It turns its habits into
// ours: locations are percent-encoded there, causes come in random order, a
// $ref could read a file or the network, and a number with an absurd exponent
// makes it panic.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/patchlint/patchlint"
)

// Refusal is one place at which the JSON Schema refuses a payload.
type Refusal struct {
	Pointer patchlint.Pointer // relative to the payload
	Keyword string            // the keyword that failed, such as "enum"
}

// compiled keeps one compiled schema for each type of each model; a compile
// costs more than many payloads together.
var compiled sync.Map // *Type -> func() (*jsonschema.Schema, error)

// Conform asks the JSON Schema of the resource for its verdict: nothing when
// the payload conforms, else where it does not, sorted by pointer and keyword.
// Of several members of one name it sees the last.
func (r *Resource) Conform(payload patchlint.Node) []Refusal {
	return sorted(r.verdict(payload.Value()))
}

// ConformUncertain is Conform for what of the payload the accept plan does not
// certify, which takes as much less time as that is less. It does not ask about
// what is refused already, nor about anything in it; of what holds that, the
// JSON Schema may then say that something is missing.
func (r *Resource) ConformUncertain(payload patchlint.Node, refused map[patchlint.Node]bool) []Refusal {
	value, left, ok := r.uncertain(payload, refused)
	if !ok {
		return nil
	}
	refusals := r.verdict(value)
	for i := range refusals {
		refusals[i].Pointer = left.pointer(refusals[i].Pointer)
	}
	return sorted(refusals)
}

func sorted(refusals []Refusal) []Refusal {
	slices.SortFunc(refusals, func(a, b Refusal) int {
		return strings.Compare(string(a.Pointer)+"\x00"+a.Keyword, string(b.Pointer)+"\x00"+b.Keyword)
	})
	return slices.Compact(refusals)
}

// verdict returns what the JSON Schema refuses of a value, in any order.
func (r *Resource) verdict(value any) (refusals []Refusal) {
	compile, ok := compiled.Load(r.Type)
	if !ok {
		compile, _ = compiled.LoadOrStore(r.Type, sync.OnceValues(func() (*jsonschema.Schema, error) {
			return Compile(r.JSONSchema())
		}))
	}
	s, err := compile.(func() (*jsonschema.Schema, error))()
	if err != nil {
		// Tests compile every schema. Were one broken, nothing would conform.
		return []Refusal{{Keyword: "$schema"}}
	}
	defer func() {
		if recover() != nil {
			refusals = []Refusal{{Keyword: "type"}}
		}
	}()
	err = s.Validate(value)
	if err == nil {
		return nil
	}
	failure, ok := err.(*jsonschema.ValidationError)
	if !ok {
		return []Refusal{{Keyword: "type"}}
	}
	collect(failure, &refusals)
	return refusals
}

// collect gathers the leaves of a failure.
func collect(failure *jsonschema.ValidationError, into *[]Refusal) {
	for _, cause := range failure.Causes {
		collect(cause, into)
	}
	if len(failure.Causes) == 0 {
		location, err := url.PathUnescape(failure.InstanceLocation)
		if err != nil {
			location = failure.InstanceLocation
		}
		keyword := failure.KeywordLocation
		*into = append(*into, Refusal{patchlint.Pointer(location), keyword[strings.LastIndexByte(keyword, '/')+1:]})
	}
}

// Compile compiles a JSON Schema document that must not refer to another one:
// nothing is read from a file or the network, whatever its $ref says.
func Compile(src []byte) (s *jsonschema.Schema, err error) {
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
	const name = "patchlint:///schema.json" // absolute, so that no message shows the working directory
	if err := c.AddResource(name, bytes.NewReader(src)); err != nil {
		return nil, fmt.Errorf("JSON Schema: %w", err)
	}
	if s, err = c.Compile(name); err != nil {
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
				return fmt.Errorf("the exponent of the number %s is too large", patchlint.Printable(number.String()))
			}
		}
	}
}

func refuseToLoad(url string) (io.ReadCloser, error) {
	return nil, fmt.Errorf("%s is another document, and a schema must be self-contained", url)
}
