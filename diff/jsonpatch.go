package diff

// This file converts a plan to a JSON Patch (RFC 6902) for people and other tools; Graph
// does not accept one. It is the only file that imports jsondiff, and uses it only where
// it is reliable: for one property at a time, decoded with exact numbers. Equal ends of
// arrays are removed first and their size is limited, because the LCS of jsondiff takes
// quadratic time. If the operations are longer than replacing the property, the property
// is replaced.

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/wI2L/jsondiff"

	"github.com/patchlint/patchlint"
)

// maxCells is the maximum size of the table for a longest common subsequence.
const maxCells = 1_000_000

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
func (p *Plan) JSONPatch() ([]byte, error) {
	patch := []operation{}
	of := comparer{resource: p.Resource, plan: new(Plan)}
	for _, c := range p.Changes {
		if isSingleComplex(c.Property) && c.Desired.Kind() == patchlint.Object {
			w := writer{model: p.Resource.Model}
			of.applied(&w, c.Property, c.Current, c.Desired)
			c.Desired = literal(w.out)
		}
		operations, err := c.operations()
		if err != nil {
			return nil, err
		}
		patch = append(patch, operations...)
	}
	return encode(patch)
}

func (c Change) operations() ([]operation, error) {
	value, err := encode(c.Desired.Value())
	if err != nil {
		return nil, err
	}
	if !c.Current.Exists() {
		return []operation{{"add", c.Pointer, value}}, nil
	}
	best := []operation{{"replace", c.Pointer, value}}
	size, err := length(best)
	if err != nil {
		return nil, err
	}
	from, to := c.Current.Value(), c.Desired.Value()
	ways := [][]jsondiff.Option{nil, {jsondiff.LCS()}}
	if a, b := asArray(from), asArray(to); a != nil && b != nil && !shares(a, b) {
		// Without common elements, LCS gives the same result as nil in quadratic time.
		ways = ways[:1]
	}
	for _, options := range ways {
		operations, ok := compare(from, to, c.Pointer, options)
		if !ok {
			continue
		}
		n, err := length(operations)
		if err != nil {
			return nil, err
		}
		if n < size {
			best, size = operations, n
		}
	}
	return best, nil
}

func length(operations []operation) (int, error) {
	text, err := encode(operations)
	return len(text), err
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

func asArray(v any) []any {
	a, _ := v.([]any)
	return a
}

// shares reports whether two arrays may have a common element, or contain arrays, which
// may have some.
func shares(a, b []any) bool {
	seen := make(map[string]bool, len(a))
	for _, element := range a {
		text, err := encode(element)
		if err != nil || bytes.IndexByte(text, '[') >= 0 {
			return true
		}
		seen[string(text)] = true
	}
	for _, element := range b {
		text, err := encode(element)
		if err != nil || seen[string(text)] || bytes.IndexByte(text, '[') >= 0 {
			return true
		}
	}
	return false
}

// cells returns the maximum total size of the LCS tables for two values.
func cells(from, to any) int {
	members, isObject := from.(map[string]any)
	others, areObjects := to.(map[string]any)
	if !isObject || !areObjects {
		return elementsIn(from) * elementsIn(to)
	}
	n := 0
	for name, member := range members {
		n += cells(member, others[name])
	}
	return n
}

// elementsIn returns the number of array elements in a value, at any depth.
func elementsIn(v any) (n int) {
	switch v := v.(type) {
	case []any:
		n = len(v)
		for _, element := range v {
			n += elementsIn(element)
		}
	case map[string]any:
		for _, member := range v {
			n += elementsIn(member)
		}
	}
	return n
}

// pathsIn returns the total size of the paths of a value, which has a path of the given
// length, and of all values in it.
func pathsIn(v any, length int) int {
	n := length
	switch v := v.(type) {
	case []any:
		for i, element := range v {
			n += pathsIn(element, length+len("/")+len(strconv.Itoa(i)))
		}
	case map[string]any:
		for name, member := range v {
			n += pathsIn(member, length+len("/")+len(name))
		}
	}
	return n
}

// compare returns the operations of jsondiff, with at as the prefix of their paths. ok is
// false if jsondiff fails or must not be used.
func compare(from, to any, at patchlint.Pointer, options []jsondiff.Option) (operations []operation, ok bool) {
	prefix := 0
	if a, isArray := from.([]any); isArray {
		b, isArray := to.([]any)
		if !isArray {
			return nil, false
		}
		for prefix < len(a) && prefix < len(b) && reflect.DeepEqual(a[prefix], b[prefix]) {
			prefix++
		}
		a, b = a[prefix:], b[prefix:]
		for len(a) > 0 && len(b) > 0 && reflect.DeepEqual(a[len(a)-1], b[len(b)-1]) {
			a, b = a[:len(a)-1], b[:len(b)-1]
		}
		if len(a)*len(b) > maxCells {
			return nil, false
		}
		from, to = a, b
	}
	if len(options) > 0 && cells(from, to) > maxCells { // in arrays inside a complex value
		return nil, false
	}
	if pathsIn(from, 0)+pathsIn(to, 0) > maxPaths {
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
	size := 0
	if a, isArray := from.([]any); isArray {
		size = len(a)
	}
	for _, o := range patch {
		path := patchlint.Pointer(o.Path)
		if _, isArray := from.([]any); isArray {
			// Adjust the index for the removed prefix, and resolve "-", which would
			// refer to the end of the whole array.
			tokens := slices.Collect(path.Tokens())
			if len(tokens) == 0 {
				return nil, false
			}
			index, err := strconv.Atoi(tokens[0])
			if tokens[0] == "-" {
				index, err = size, nil
			}
			if err != nil {
				return nil, false
			}
			if len(tokens) == 1 {
				switch o.Type {
				case jsondiff.OperationAdd:
					size++
				case jsondiff.OperationRemove:
					size--
				}
			}
			path = patchlint.Pointer("").Append(strconv.Itoa(prefix+index)) + path[len("/"+tokens[0]):]
		}
		operation := operation{Op: o.Type, Path: at + path}
		if o.Type != jsondiff.OperationRemove {
			if operation.Value, err = encode(o.Value); err != nil {
				return nil, false
			}
		}
		if strings.Contains("add remove replace", o.Type) {
			operations = append(operations, operation)
		} else {
			return nil, false
		}
	}
	return operations, true
}
