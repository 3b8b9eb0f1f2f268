// Package secret finds credentials in text, and masks them in everything that is printed
// about it.
//
// Find searches bytes and not a tree, so that it works the same for JSON, invalid JSON,
// JSON with comments, and files of HTTP requests. It recognizes a credential by its form (a
// JSON Web Token, a private key, a token with a vendor's prefix, the user information of a
// URL) or by its name.
//
// The time is linear in the length of the text: bytes are examined again only if they
// contained no credential and are few (maxExamined). TestLinear checks this.
package secret

import (
	"bytes"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/span"
)

// Masked replaces a credential.
const Masked = "***"

// Find returns the spans of the credentials in a document, sorted and not overlapping,
// without quotation marks. The result is cached and must not be changed.
func Find(doc *patchlint.Document) []patchlint.Span { return maskerOf(doc).own }

// Searched reports whether the result of Find is already known.
func Searched(doc *patchlint.Document) bool {
	_, ok := lazy.Lookup[*masker](lazy.MemoOf(doc), maskerKey{})
	return ok
}

func search(doc *patchlint.Document) []patchlint.Span {
	// A document that is not parsed has no faults and is not broken.
	return find(doc.Source(), len(doc.Faults()) > 0 && !doc.Whole())
}

// Mark adds spans to the credentials of a document, which Find alone cannot recognize. It
// must be called before any other function is called for the document.
func Mark(doc *patchlint.Document, spans []patchlint.Span) {
	if len(spans) > 0 {
		lazy.Set(lazy.MemoOf(doc), maskerKey{}, newMasker(doc, span.Join(append(search(doc), spans...))))
	}
}

func find(src []byte, broken bool) []patchlint.Span {
	s := scanner{src: src, broken: broken}
	s.scan()
	return span.Join(s.spans)
}

// In returns the spans to mask in a part of a document: the credentials that share a byte
// with it, and text that repeats one.
func In(doc *patchlint.Document, at patchlint.Span) []patchlint.Span {
	m, from := maskerOf(doc), at.Start
	if m.empty() {
		return nil
	}
	var spans []patchlint.Span
	repeated := func(to int) { // adds repetitions up to an offset
		for _, s := range m.find(doc.Source()[from:max(from, to)]) {
			spans = append(spans, patchlint.Span{Start: from + s.Start, End: from + s.End})
		}
	}
	for _, s := range span.Within(m.own, at) {
		repeated(s.Start)
		spans, from = append(spans, s), s.End
	}
	repeated(at.End)
	return spans
}

// Redact returns a part of a document with the spans of In replaced by Masked. A credential
// of several lines is masked in each, so that line numbers do not change.
func Redact(doc *patchlint.Document, at patchlint.Span) []byte {
	return redact(doc.Source(), at, In(doc, at))
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
