package secret

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/corpus"
)

// sample is a labeled text of the corpus.
type sample struct {
	line  int
	kind  string
	text  string
	spans []patchlint.Span // of the credentials in it
}

func (s sample) document() *patchlint.Document {
	dialect := patchlint.JSON
	switch s.kind {
	case "http":
		return patchlint.Unparsed([]byte(s.text))
	case "jsonc":
		dialect = patchlint.JSONC
	}
	doc, _ := patchlint.Parse([]byte(s.text), dialect)
	return doc
}

func samples(t testing.TB) (list []sample) {
	src, err := os.ReadFile("testdata/corpus.txt")
	if err != nil {
		t.Fatal(err)
	}
	number := 0
	for line := range strings.Lines(string(src)) {
		number++
		kind, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if !ok || kind == "#" {
			continue
		}
		s := sample{line: number, kind: kind}
		text = strings.NewReplacer("␤", "\n", "␉", "\t").Replace(text)
		for {
			before, rest, ok := strings.Cut(text, "⟦")
			s.text += before
			if !ok {
				break
			}
			secret, after, _ := strings.Cut(rest, "⟧")
			s.spans = append(s.spans, patchlint.Span{Start: len(s.text), End: len(s.text) + len(secret)})
			s.text += secret
			text = after
		}
		list = append(list, s)
	}
	return list
}

// covered returns the number of bytes of want that are in one of spans.
func covered(want patchlint.Span, spans []patchlint.Span) (n int) {
	for _, got := range spans {
		n += max(0, min(got.End, want.End)-max(got.Start, want.Start))
	}
	return n
}

// TestCorpus checks that every labeled credential is found whole, and nothing else.
func TestCorpus(t *testing.T) {
	found, credentials, wrong, clean := 0, 0, 0, 0
	for _, s := range samples(t) {
		doc := s.document()
		spans := Find(doc)
		if len(s.spans) == 0 {
			if clean++; len(spans) > 0 {
				wrong++
				t.Logf("line %d: %q is not a credential", s.line, s.text[spans[0].Start:spans[0].End])
			}
			continue
		}
		for _, want := range s.spans {
			credentials++
			if n := covered(want, spans); n == want.Len() {
				found++
			} else {
				t.Logf("line %d: %d of %d bytes of %q are found", s.line, n, want.Len(), s.text[want.Start:want.End])
			}
		}
		for _, got := range spans {
			within := false
			for _, want := range s.spans {
				within = within || got.Start <= want.End && want.Start <= got.End && got.Len() <= want.Len()+24
			}
			if !within {
				wrong++
				t.Logf("line %d: %q is not a credential", s.line, s.text[got.Start:got.End])
			}
		}
	}
	t.Logf("%d of %d credentials found; %d wrong in %d texts without one", found, credentials, wrong, clean)
	if found < credentials || wrong > 0 {
		t.Error("every credential must be found, and nothing else")
	}
}

// TestNeighbors checks that the credentials of a text are found after any other text on the
// same line, and that two texts without one have none together.
func TestNeighbors(t *testing.T) {
	all := slices.DeleteFunc(samples(t), func(s sample) bool { return !json.Valid([]byte(s.text)) })
	for i, a := range all {
		for k, b := range all {
			if (i+k)%corpus.Size(11, 1) > 0 {
				continue
			}
			src := a.text + "," + b.text
			spans := find([]byte(src), false)
			if len(a.spans)+len(b.spans) == 0 && len(spans) > 0 {
				t.Errorf("lines %d and %d: found %v in %s", a.line, b.line, spans, src)
			}
			for _, want := range b.spans {
				before := len(a.text + ",")
				want = patchlint.Span{Start: before + want.Start, End: before + want.End}
				if n := covered(want, spans); n != want.Len() {
					t.Errorf("line %d after line %d: %d of %d bytes of %q are found", b.line, a.line, n, want.Len(), src[want.Start:want.End])
				}
			}
		}
	}
}
