package input

import (
	"bytes"
	"math"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/secret"
)

// credentials returns the spans of the values in a file that any of its requests uses as a
// credential: where one is expected once all variables are replaced, such as in a header.
func credentials(src []byte, requests []*request, set *variables) (spans []patchlint.Span) {
	if set.lines == 0 {
		return nil
	}
	seen := make(map[patchlint.Span]bool)
	f := flow{variables: &variables{set: set.set, budget: budgetOf(src)}, limit: math.MaxInt}
	start := 0
	for i, r := range requests {
		end := r.end
		if i == len(requests)-1 {
			end = len(src)
		}
		f.before, f.text, f.segments = r.settings, f.text[:0], f.segments[:0]
		f.write(string(src[start:end]), start)
		for _, found := range secret.Find(patchlint.Unparsed(f.text)) {
			for s, part := range f.parts(found) {
				text := bytes.TrimLeft(f.text[part.Start:part.End], " ")
				end := s.at + part.End - s.start
				at := patchlint.Span{Start: end - len(text), End: end}
				// A scheme or user name next to a credential is not a credential.
				if s.copied || seen[at] || at.Len() < found.Len() && (at.Len() == 0 || secret.Plain(string(text))) {
					continue
				}
				seen[at] = true
				spans = append(spans, at)
			}
		}
		start = end
	}
	return spans
}

// flow is a text with its variables replaced, and the variables in their values. Its
// segments say where each part is in the file, and are copied unless it is in a value.
type flow struct {
	*variables
	expansion
	text  []byte
	limit int // no value is added that would make the text longer
}

// write adds a text at an offset of the file, which is in the values of some variables. It
// reports whether all variables in it are known.
func (f *flow) write(text string, at int, in ...string) (known bool) {
	known = true
	last := 0
	literal := func(end int) {
		f.segments = append(f.segments, segment{start: len(f.text), at: at + last, copied: len(in) == 0})
		f.text = append(f.text, text[last:end]...)
	}
	for _, m := range reference.Get().FindAllStringSubmatchIndex(text, -1) {
		name := text[m[2]:m[3]]
		set, ok := f.setting(name)
		if !ok || len(in) == maxDepth || slices.Contains(in, name) || len(f.text)+len(set.value) > f.limit || !f.spend(len(set.value)) {
			known = false
			continue
		}
		literal(m[0])
		known = f.write(set.value, set.at, append(in, name)...) && known
		last = m[1]
	}
	literal(len(text))
	return known
}

// within returns the spans that are inside a part of the file, relative to its start.
func within(spans []patchlint.Span, start, end int) (list []patchlint.Span) {
	for _, s := range spans {
		if start <= s.Start && s.End <= end {
			list = append(list, patchlint.Span{Start: s.Start - start, End: s.End - start})
		}
	}
	return list
}
