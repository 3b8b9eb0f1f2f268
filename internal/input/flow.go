package input

import (
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/secret"
)

// flow finds the variables whose values are credentials: those that are used where a
// credential is expected once all variables are replaced, such as in a header.
type flow struct {
	variables
	seen  map[patchlint.Span]bool // spans of values that have been searched
	spans []patchlint.Span
}

// flowBudget limits the total size of the lookups of credentials.
const flowBudget = 8 << 20

// credentials returns the spans of the values in a file that any of its requests uses
// as a credential.
func credentials(src []byte, requests []*request, set *variables) []patchlint.Span {
	if set.lines == 0 {
		return nil
	}
	f := flow{variables: variables{set: set.set, budget: flowBudget}, seen: make(map[patchlint.Span]bool)}
	start := 0
	for i, r := range requests {
		end := r.end
		if i == len(requests)-1 {
			end = len(src)
		}
		f.moveTo(r.settings)
		text, segments := expand(src[start:end], nil, start, &f.variables)
		e := expansion{segments: segments}
		for _, found := range secret.Find(patchlint.Unparsed(text)) {
			for k := e.segment(found.Start); k < len(segments) && segments[k].start < found.End; k++ {
				if s := segments[k]; !s.copied && !s.unknown {
					name := reference.Get().FindSubmatch(src[s.at:])[1]
					f.mark(string(name), found.Start-s.start, found.End-s.start, found.Len())
				}
			}
		}
		start = end
	}
	return f.spans
}

// mark records the part of a variable's value from offset from to offset to, which may
// lie outside of the value, as part of a credential of the given size.
func (f *flow) mark(name string, from, to, size int) {
	set, ok := f.setting(name)
	at := patchlint.Span{Start: set.at + from, End: set.at + to}
	if !ok || f.seen[at] {
		return
	}
	f.seen[at] = true
	length, last := 0, 0 // offsets in the expanded and in the written value
	literal := func(end int) {
		start := last + min(max(from-length, 0), end-last)
		stop := last + min(max(to-length, 0), end-last)
		length += end - last
		text := strings.TrimLeft(set.value[start:max(start, stop)], " ")
		start = stop - len(text)
		// A scheme or user name next to a credential is not a credential.
		if text != "" && (len(text) == size || !secret.Plain(text)) {
			f.spans = append(f.spans, patchlint.Span{Start: set.at + start, End: set.at + stop})
		}
	}
	for _, m := range reference.Get().FindAllStringSubmatchIndex(set.value, -1) {
		literal(m[0])
		inner := set.value[m[2]:m[3]]
		value, _ := f.value(inner)
		if max(from-length, 0) < min(to-length, len(value)) {
			f.mark(inner, from-length, to-length, size)
		}
		length, last = length+len(value), m[1]
	}
	literal(len(set.value))
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
