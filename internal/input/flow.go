package input

import (
	"bytes"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/internal/span"
)

// credentials returns the spans of the values in a file that any of its requests uses as a
// credential: where one is expected once all variables are replaced, such as in a header.
// If the limits of variables do not allow a complete search, unsearched has the spans of all
// values, and unreplaced is the first reference that is sent but not replaced.
func credentials(src []byte, requests []*request, set *variables) (spans, unsearched []patchlint.Span, unreplaced patchlint.Span) {
	if set.lines == 0 {
		return nil, nil, unreplaced
	}
	f := flow{variables: &variables{set: set.set, budget: set.limit}}
	start, complete := 0, true
	write := func(end int, sent bool) {
		f.unreplaced = patchlint.Span{}
		f.write(string(src[start:end]), start)
		start = end
		complete = complete && f.unreplaced.Len() == 0
		if sent && unreplaced.Len() == 0 {
			unreplaced = f.unreplaced
		}
	}
	for i, r := range requests {
		f.before, f.text, f.segments = r.settings, f.text[:0], f.segments[:0]
		write(r.line.Start, false) // assignments and comments
		from := start
		for _, m := range commentLine.Get().FindAllIndex(src[start:r.end], -1) {
			write(from+m[0], true)
			write(from+m[1], false)
		}
		write(r.end, true)
		if i == len(requests)-1 {
			write(len(src), false)
		}
		spans = append(spans, f.credentials()...)
	}
	if !complete {
		unsearched = set.values()
	}
	return span.Join(spans), unsearched, unreplaced
}

// credentials returns the spans of the values in the file that are credentials in the text.
func (f *flow) credentials() (spans []patchlint.Span) {
	for _, found := range secret.Find(patchlint.Unparsed(f.text)) {
		for s, part := range f.parts(found) {
			text := bytes.TrimLeft(f.text[part.Start:part.End], " ")
			end := s.at + part.End - s.start
			at := patchlint.Span{Start: end - len(text), End: end}
			// A scheme or user name next to a credential is not a credential.
			if !s.copied && (at.Len() == found.Len() || at.Len() > 0 && !secret.Plain(string(text))) {
				spans = append(spans, at)
			}
		}
	}
	return spans
}

// flow is a text with its variables replaced, and the variables in their values.
type flow struct {
	*variables
	expansion
	text       []byte
	json       bool           // replace unknown variables outside strings by null
	unreplaced patchlint.Span // the first reference to a variable of known value that is not replaced because of the limits

	inString bool           // at the end of text, if json
	current  patchlint.Span // the reference in the text given to expand
}

// write adds a text at an offset of the file, which is in the values of some variables. It
// reports whether all variables in it are known.
func (f *flow) write(text string, at int, in ...string) (known bool) {
	known = true
	last := 0
	literal := func(end int) {
		part := text[last:end]
		f.segments = append(f.segments, segment{start: len(f.text), at: at + last, from: f.current.Start, copied: len(in) == 0})
		f.text = append(f.text, part...)
		for i := 0; f.json && i < len(part); i++ {
			switch {
			case part[i] == '\n':
				f.inString = false // a JSON string does not span lines
			case part[i] == '\\' && f.inString:
				i++
			case part[i] == '"':
				f.inString = !f.inString
			}
		}
	}
	for _, m := range reference.Get().FindAllStringSubmatchIndex(text, -1) {
		literal(m[0])
		last = m[1]
		if len(in) == 0 {
			f.current = patchlint.Span{Start: at + m[0], End: at + m[1]}
		}
		name := text[m[2]:m[3]]
		set, ok := f.setting(name)
		segments, start, inString := len(f.segments), len(f.text), f.inString
		ok = ok && !slices.Contains(in, name)
		within := ok && len(in) < maxDepth && f.spend(len(set.value))
		if ok && !within && f.unreplaced.Len() == 0 {
			f.unreplaced = f.current
		}
		if within {
			known = f.write(set.value, set.at, append(in, name)...) && known
			if !f.joined(segments) {
				continue
			}
			f.segments, f.text, f.inString = f.segments[:segments], f.text[:start], inString // the whole counts as unknown
		} else if len(in) > 0 {
			f.spend(0) // a value can be written often, and each reference in it takes memory
		}
		known = false
		written, s := text[m[0]:m[1]], segment{start: len(f.text), at: at + m[0], from: f.current.Start, copied: len(in) == 0, unknown: true}
		if f.json && !f.inString {
			written, s.copied, s.null = "null", false, true
		}
		f.segments = append(f.segments, s)
		f.text = append(f.text, written...)
	}
	literal(len(text))
	return known
}

// joined reports whether a null of the segments from an index is next to text that would
// belong to the same JSON value.
func (f *flow) joined(first int) bool {
	const space = " \t\r\n"
	return slices.ContainsFunc(f.segments[first:], func(s segment) bool {
		if !s.null {
			return false
		}
		before, after := bytes.TrimRight(f.text[:s.start], space), bytes.TrimLeft(f.text[s.start+len("null"):], space)
		return len(before) > 0 && !bytes.ContainsAny(before[len(before)-1:], ":,[") || len(after) > 0 && !bytes.ContainsAny(after[:1], ",]}")
	})
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
