package interop_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/schema"
)

// question is one text to judge by the schema of one resource.
type question struct {
	payload  string // the name of the payload it is made of
	mutation string // "" for the payload itself
	pointer  patchlint.Pointer
	resource *schema.Type
	source   []byte
}

// verdict is why a text is refused, and "" when it conforms.
type verdict string

func (v verdict) String() string {
	if v == "" {
		return "valid"
	}
	return "refused: " + string(v)
}

// judge is one validator. It gives its verdicts in the order of the questions.
type judge func(t *testing.T, questions []question) []verdict

// payloads returns the corpus without the texts that have faults, which other
// JSON parsers interpret differently.
func payloads(t *testing.T) []corpus.Payload {
	t.Helper()
	all, err := corpus.Payloads("../testdata/payload")
	if err != nil {
		t.Fatal(err)
	}
	var list []corpus.Payload
	for _, p := range all {
		if doc, err := patchlint.Parse(p.Source, patchlint.JSON); err == nil && len(doc.Faults()) == 0 {
			list = append(list, p)
		}
	}
	return list
}

// detect returns the resource of a payload in an API version, or nil.
func detect(t *testing.T, p corpus.Payload, v schema.Version) *schema.Type {
	t.Helper()
	m, err := schema.Open(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := patchlint.Parse(p.Source, patchlint.JSON)
	if err != nil {
		t.Fatal(err)
	}
	return recognize.Payload(m, doc.Root())
}

// all asks about every payload that shows a type, and every mutation of it, in
// both API versions.
func all(t *testing.T) []question {
	t.Helper()
	var list []question
	for _, p := range payloads(t) {
		var mutations []corpus.Mutation
		for _, v := range schema.Versions() {
			r := detect(t, p, v)
			if r == nil {
				continue
			}
			if mutations == nil {
				for m := range corpus.Mutations(p.Source) {
					mutations = append(mutations, m)
				}
			}
			list = append(list, question{payload: p.Name, resource: r, source: p.Source})
			for _, m := range mutations {
				list = append(list, question{p.Name, m.Name, m.Pointer, r, m.Source()})
			}
		}
	}
	return list
}

// sideBySide calls ask with every index below n, on every core.
func sideBySide(n int, ask func(i int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				ask(i)
			}
		}()
	}
	group.Wait()
}
