// Package secret finds the credentials in a text and takes them out of whatever
// is printed about it.
//
// Find reads bytes, not a tree, so that a text is searched the same way whether
// it is JSON, JSON that breaks off, JSON with comments, or a file of HTTP
// requests. A credential is known by its form (a JSON Web Token, a private key,
// a token with a vendor's prefix, the user information of a URL) or by the name
// that it is the value of.
//
// Two invariants bound the time: a place is looked at again only when no
// credential was found there and what was looked at is short (maxJudged), and
// the ends of lines and strings are remembered. TestLinear checks it.
package secret

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/lazy"
)

// Masked takes the place of a credential.
const Masked = "***"

// Find returns where the credentials in a document are, in ascending order. The
// spans do not overlap and leave out quotation marks. They are remembered, and the slice
// is not to be changed.
func Find(doc *patchlint.Document) []patchlint.Span { return MaskerOf(doc).own }

// Known reports whether it has been found out, or was said, where the credentials in a
// document are.
func Known(doc *patchlint.Document) bool {
	_, known := lazy.Lookup[*Masker](lazy.MemoOf(doc), maskerKey{})
	return known
}

func search(doc *patchlint.Document) []patchlint.Span {
	// A document that is not looked into has no faults and is not broken.
	return find(doc.Source(), len(doc.Faults()) > 0 && !doc.Whole())
}

// Mark adds to the credentials of a document parts of it that are some because of what
// only its reader knows. It must be called before anything else is asked about it.
func Mark(doc *patchlint.Document, spans []patchlint.Span) {
	if len(spans) > 0 {
		lazy.Set(lazy.MemoOf(doc), maskerKey{}, newMasker(doc, joined(append(search(doc), spans...))))
	}
}

func find(src []byte, broken bool) []patchlint.Span {
	s := scanner{src: src, broken: broken}
	s.scan(0, len(src))
	if wide, place := narrow(src); wide != nil {
		in := scanner{src: wide, broken: !json.Valid(bytes.TrimPrefix(wide, []byte("?")))} // the mark
		in.scan(0, len(wide))
		for _, found := range in.spans {
			s.spans = append(s.spans, patchlint.Span{Start: place[found.Start], End: place[found.End]})
		}
	}
	return joined(s.spans)
}

// narrow returns UTF-16 text as ASCII with "?" for everything else, and where
// each byte of it is in src; nil for other text. UTF-16 is not JSON that can be
// sent, and its credentials are not to be shown either.
func narrow(src []byte) (text []byte, place []int) {
	if !isWide(src) {
		return nil, nil
	}
	high := 1 // the offset of the high byte
	if src[0] == 0 || src[0] == 0xFE {
		high = 0
	}
	for i := 0; i+1 < len(src); i += 2 {
		c := src[i+1-high]
		if src[i+high] != 0 || c == 0 {
			c = '?'
		}
		text, place = append(text, c), append(place, i)
	}
	return text, append(place, len(src))
}

// isWide reports whether a text looks like UTF-16.
func isWide(src []byte) bool {
	return len(src) >= 4 && (src[0] == 0 || src[1] == 0 || src[0] == 0xFF && src[1] == 0xFE || src[0] == 0xFE && src[1] == 0xFF)
}

// joined returns spans in order, with those that overlap as one.
func joined(spans []patchlint.Span) []patchlint.Span {
	slices.SortFunc(spans, func(a, b patchlint.Span) int { return cmp.Or(a.Start-b.Start, b.End-a.End) })
	out := spans[:0]
	for _, s := range spans {
		if last := len(out) - 1; last >= 0 && s.Start < out[last].End {
			out[last].End = max(out[last].End, s.End)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// within returns those of some spans that share a byte with another one.
func within(spans []patchlint.Span, at patchlint.Span) []patchlint.Span {
	from, _ := slices.BinarySearchFunc(spans, at.Start+1, func(s patchlint.Span, at int) int { return cmp.Compare(s.End, at) })
	to, _ := slices.BinarySearchFunc(spans, at.End, func(s patchlint.Span, at int) int { return cmp.Compare(s.Start, at) })
	return spans[from:max(from, to)]
}

// In returns what must not be shown of a part of a document: the credentials
// that share a byte with it, and text in it that repeats one.
func In(doc *patchlint.Document, at patchlint.Span) []patchlint.Span {
	masker, from := MaskerOf(doc), at.Start
	if masker.empty() {
		return nil
	}
	var spans []patchlint.Span
	repeated := func(to int) { // in what is not known
		for _, s := range masker.find(doc.Source()[from:max(from, to)]) {
			spans = append(spans, patchlint.Span{Start: from + s.Start, End: from + s.End})
		}
	}
	for _, s := range within(masker.own, at) {
		repeated(s.Start)
		spans, from = append(spans, s), s.End
	}
	repeated(at.End)
	return spans
}

// Redact returns a part of a document with Masked in place of what In returns.
// A credential over several lines is masked in each, so that lines keep their
// numbers.
func Redact(doc *patchlint.Document, at patchlint.Span) []byte {
	return redact(doc.Source(), at, In(doc, at))
}

// RedactSpans returns src with Masked in place of the spans, which may come in
// any order.
func RedactSpans(src []byte, spans []patchlint.Span) []byte {
	return redact(src, patchlint.Span{Start: 0, End: len(src)}, joined(slices.Clone(spans)))
}

func redact(src []byte, at patchlint.Span, spans []patchlint.Span) []byte {
	if len(spans) == 0 {
		return src[at.Start:at.End]
	}
	var out []byte
	from := at.Start
	for _, s := range spans {
		s = patchlint.Span{Start: max(s.Start, at.Start), End: min(s.End, at.End)}
		out = append(out, src[from:s.Start]...)
		for line := range bytes.Lines(src[s.Start:s.End]) {
			text := bytes.TrimRight(line, "\r\n")
			if len(text) > 0 {
				out = append(out, Masked...)
			}
			out = append(out, line[len(text):]...)
		}
		from = s.End
	}
	return append(out, src[from:at.End]...)
}
