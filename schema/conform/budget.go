package conform

import (
	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/patchlint/patchlint"
)

// judge is a compiled schema that gives up when it has taken too many steps. v5 holds a
// value against every branch of allOf, anyOf and oneOf again wherever a reference leads
// to them, so that a schema of a few lines can take more steps than there is time for.
//
// It is also a keyword to v5, one that every part of its schema has, and is called when
// a value has been held against that part. So only one goroutine may ask it at a time.
type judge struct {
	schema *jsonschema.Schema
	left   int // steps
}

// exhausted is what a judge panics with that gives up: v5 has no other way to end.
type exhausted struct{}

func newJudge(src []byte) (j *judge, err error) {
	j = new(judge)
	j.schema, err = compile(src, j)
	return j, err
}

// Compile implements jsonschema.ExtCompiler.
func (j *judge) Compile(jsonschema.CompilerContext, map[string]any) (jsonschema.ExtSchema, error) {
	return j, nil
}

// Validate implements jsonschema.ExtSchema. A step takes time in proportion to the
// members of its value.
func (j *judge) Validate(_ jsonschema.ValidationContext, value any) error {
	j.left--
	switch value := value.(type) {
	case map[string]any:
		j.left -= len(value)
	case []any:
		j.left -= len(value)
	}
	if j.left < 0 {
		panic(exhausted{})
	}
	return nil
}

// steps is how many a payload may take: less than a second for a small one, and for each
// value of a large one some hundreds, more than any schema needs that ends.
func steps(payload patchlint.Node) int { return 1<<18 + 16*payload.Span().Len() }
