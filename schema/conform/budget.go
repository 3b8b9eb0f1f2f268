package conform

import (
	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/patchlint/patchlint"
)

// limitedSchema is a compiled schema that stops a validation after a number of steps. v5
// validates a value against every branch of allOf, anyOf and oneOf again for each
// reference to them, so that a schema of a few lines can take exponential time.
//
// To count steps, it is an extension of v5 that is called after each subschema of its own
// schema. So only one goroutine may use it at a time.
type limitedSchema struct {
	schema *jsonschema.Schema
	left   int // the number of steps that are left
}

// exhausted is the value of the panic that stops a validation: v5 has no other way.
type exhausted struct{}

func compileLimited(doc *patchlint.Document) (s *limitedSchema, err error) {
	s = new(limitedSchema)
	s.schema, err = compile(doc, s)
	return s, err
}

// Compile implements jsonschema.ExtCompiler.
func (s *limitedSchema) Compile(jsonschema.CompilerContext, map[string]any) (jsonschema.ExtSchema, error) {
	return s, nil
}

// Validate implements jsonschema.ExtSchema. It counts the members of value, too, because
// the time of a step grows with them.
func (s *limitedSchema) Validate(_ jsonschema.ValidationContext, value any) error {
	s.left--
	switch value := value.(type) {
	case map[string]any:
		s.left -= len(value)
	case []any:
		s.left -= len(value)
	}
	if s.left < 0 {
		panic(exhausted{})
	}
	return nil
}

// maxSteps returns the maximum number of steps for a payload. A small payload takes less
// than a second; a large one gets hundreds of steps per value, enough for any sound schema.
// A deep one gets fewer, because v5 describes a failure in time that grows with the square
// of its depth.
func maxSteps(payload patchlint.Node) int {
	deep := max(1, depth(payload)/usual)
	return (1<<18 + 16*payload.Span().Len()) / (deep * deep)
}

// usual is the usual number of levels of a payload. One with twice as many gets fewer steps.
const usual = 20

// depth returns the number of levels of a value.
func depth(n patchlint.Node) (levels int) {
	for child := range n.Children() {
		levels = max(levels, depth(child))
	}
	return 1 + levels
}
