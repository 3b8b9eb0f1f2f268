package conform

import (
	"slices"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/patchlint/patchlint"
)

// A budget ends a validation that would not end by itself. v5 holds a value against
// every branch of allOf, anyOf and oneOf again wherever a reference leads to them, so
// that a schema of a few lines can take more steps than there is time for.
//
// It is a keyword to v5, one that every part of a schema has, and is called when a value
// has been held against that part.
type budget struct{ left int }

// exhausted is what a budget panics with: v5 has no other way to end.
type exhausted struct{}

// Compile implements jsonschema.ExtCompiler.
func (b *budget) Compile(jsonschema.CompilerContext, map[string]any) (jsonschema.ExtSchema, error) {
	return b, nil
}

// Validate implements jsonschema.ExtSchema. A step takes time in proportion to the
// members of its value.
func (b *budget) Validate(_ jsonschema.ValidationContext, value any) error {
	b.left--
	switch value := value.(type) {
	case map[string]any:
		b.left -= len(value)
	case []any:
		b.left -= len(value)
	}
	if b.left < 0 {
		panic(exhausted{})
	}
	return nil
}

// steps is the budget for a payload: less than a second for a small one, and for each value
// of a large one some hundreds, more than any schema needs that ends.
func steps(payload patchlint.Node) int { return 1<<18 + 16*payload.Span().Len() }

// judge is a compiled schema with the budget that what it is asked is charged to.
type judge struct {
	*jsonschema.Schema
	budget *budget
}

func newJudge(src []byte) (judge, error) {
	b := new(budget)
	s, err := compile(src, b)
	return judge{s, b}, err
}

// judges are compiled from one schema, as many as are asked at the same time.
type judges struct {
	lock sync.Mutex
	idle []judge
}

// take returns a judge that nobody else has.
func (j *judges) take(src []byte) (judge, error) {
	j.lock.Lock()
	defer j.lock.Unlock()
	if n := len(j.idle); n > 0 {
		taken := j.idle[n-1]
		j.idle = slices.Delete(j.idle, n-1, n)
		return taken, nil
	}
	return newJudge(src)
}

func (j *judges) giveBack(taken judge) {
	j.lock.Lock()
	defer j.lock.Unlock()
	j.idle = append(j.idle, taken)
}
