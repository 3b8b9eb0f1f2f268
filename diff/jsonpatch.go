package diff

// This file converts a plan to a JSON Patch (RFC 6902) for people and other tools; Graph
// does not accept one. It is the only file that imports jsondiff, and uses it only where
// it is reliable: for one property at a time, decoded with exact numbers. Equal ends of
// arrays are removed first and their size is limited, because the LCS of jsondiff takes
// quadratic time. If the operations are longer than replacing the property, the property
// is replaced.

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"github.com/wI2L/jsondiff"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/ordered"
)

// maxCells is the maximum size of the table for a longest common subsequence.
const maxCells = 250_000

// maxPaths is the maximum total length of the pointers into one value. With longer ones, it
// changes as a whole.
const maxPaths = 4 << 20

// operation is one operation of a JSON Patch.
type operation struct {
	Op    string            `json:"op"`
	Path  patchlint.Pointer `json:"path"`
	Value json.RawMessage   `json:"value,omitempty"`
}

// JSONPatch returns the plan as a JSON Patch (RFC 6902) that turns Current into the
// object on the service after the PATCH. It is "[]" if there is nothing to send. Its
// pointers are relative to Current.
func (p *Plan) JSONPatch() []byte {
	patch := []operation{}
	of := comparer{resource: p.Resource, plan: new(Plan)}
	for _, c := range p.Changes {
		if isSingleComplex(c.Property) && c.Desired.Kind() == patchlint.Object {
			w := writer{model: p.Resource.Model}
			of.applied(&w, c.Property, c.Current, c.Desired)
			c.Desired = literal(w.out)
		}
		patch = append(append(patch, p.restates(c)...), c.operations()...)
	}
	return ordered.Encode(patch)
}

// restates returns the operation for the annotation that states the type of a dynamic property.
func (p *Plan) restates(c Change) []operation {
	name := c.Property.Name + "@odata.type"
	at, was, is := patchlint.Pointer("").Append(name), p.Current.Member(name), c.Property.Stated
	switch {
	case !c.Property.Dynamic() || !was.Exists() && !is.Exists():
		return nil
	case !is.Exists():
		return []operation{{Op: "remove", Path: at}}
	case !was.Exists():
		return []operation{{"add", at, ordered.Encode(is.Value())}}
	case string(was.Raw()) == string(is.Raw()):
		return nil
	}
	return []operation{{"replace", at, ordered.Encode(is.Value())}}
}

// operations returns the operations for a change that are shortest as JSON.
func (c Change) operations() []operation {
	from, to := c.Current.Value(), c.Desired.Value()
	if !c.Current.Exists() {
		return []operation{{"add", c.Pointer, ordered.Encode(to)}}
	}
	best := []operation{{"replace", c.Pointer, ordered.Encode(to)}}
	for _, options := range [][]jsondiff.Option{nil, {jsondiff.LCS()}} {
		if operations, ok := compare(from, to, c.Pointer, options); ok && len(ordered.Encode(operations)) < len(ordered.Encode(best)) {
			best = operations
		}
	}
	return best
}

// measure returns the number of array elements in a value, at any depth, and the total
// length of the pointers to the value, which has the given length, and to all values in it.
func measure(v any, length int) (elements, lengths int) {
	lengths = length
	add := func(token string, child any) {
		n, below := measure(child, length+len("/")+len(token))
		elements, lengths = elements+n, lengths+below
	}
	switch v := v.(type) {
	case []any:
		elements = len(v)
		for i, element := range v {
			add(strconv.Itoa(i), element)
		}
	case map[string]any:
		for name, member := range v {
			add(name, member)
		}
	}
	return elements, lengths
}

// compare returns the operations of jsondiff, with at as the prefix of their paths. ok is
// false if jsondiff fails or must not be used.
func compare(from, to any, at patchlint.Pointer, options []jsondiff.Option) (operations []operation, ok bool) {
	if reflect.TypeOf(from) != reflect.TypeOf(to) {
		return nil, false // jsondiff would add the value, as at the root of a document
	}
	a, isArray := from.([]any)
	b, _ := to.([]any)
	prefix, a, b := cutEqualEnds(a, b, func(a, b any) bool { return reflect.DeepEqual(a, b) })
	if isArray {
		from, to = a, b
	}
	rows, lengths := measure(from, 0)
	columns, more := measure(to, 0)
	if lengths+more > maxPaths || len(options) > 0 && rows*columns > maxCells {
		return nil, false
	}
	defer func() {
		if recover() != nil { // jsondiff may panic
			operations, ok = nil, false
		}
	}()
	patch, err := jsondiff.CompareWithoutMarshal(from, to, options...)
	if err != nil {
		return nil, false
	}
	size := len(a)
	for _, o := range patch {
		path := patchlint.Pointer(o.Path)
		if isArray {
			// Adjust the index for the removed prefix, and resolve "-", which would
			// refer to the end of the whole array.
			first, _, inside := strings.Cut(o.Path[1:], "/")
			index, _ := strconv.Atoi(first)
			if first == "-" {
				index = size
			}
			switch {
			case inside:
			case o.Type == jsondiff.OperationAdd:
				size++
			case o.Type == jsondiff.OperationRemove:
				size--
			}
			path = patchlint.Pointer("/"+strconv.Itoa(prefix+index)) + path[len("/"+first):]
		}
		operation := operation{Op: o.Type, Path: at + path}
		if o.Type != jsondiff.OperationRemove {
			operation.Value = ordered.Encode(o.Value)
		}
		operations = append(operations, operation)
	}
	return operations, true
}
