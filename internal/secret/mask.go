package secret

import (
	"bytes"
	"index/suffixarray"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/span"
)

// minLeak is the number of characters of a credential from which a part of it is masked.
const minLeak = 6

// masker masks the credentials of a document in text about it. A message may quote part of
// a credential, so it masks any minLeak characters of one.
type masker struct {
	own   []patchlint.Span // the credentials in the document
	text  []byte           // the credentials in all forms in which they may be printed, separated
	short map[string]bool  // those shorter than minLeak
	chars [256]bool        // those in text
	index *suffixarray.Index
	files []*masker // of other texts of the same file
}

type maskerKey struct{}

// maskerOf returns the masker of a document, which is cached with the document. A nil
// document has no credentials.
func maskerOf(doc *patchlint.Document) *masker {
	if doc == nil {
		return nil
	}
	return lazy.Get(lazy.MemoOf(doc), maskerKey{}, func() *masker { return newMasker(doc, search(doc)) })
}

func newMasker(doc *patchlint.Document, spans []patchlint.Span) *masker {
	m := &masker{own: spans}
	for _, s := range spans {
		m.add(doc.Source()[s.Start:s.End])
	}
	if len(m.text) > 0 {
		m.index = suffixarray.New(m.text)
	}
	return m
}

// Share makes the masker of a document mask the credentials of another text of the same
// file, too.
func Share(doc, file *patchlint.Document) {
	m := *maskerOf(doc)
	if other := maskerOf(file); !other.empty() {
		m.files = append(slices.Clip(m.files), other)
		lazy.Set(lazy.MemoOf(doc), maskerKey{}, &m)
	}
}

// Gather returns a document whose text is the credentials of the records of a file:
// those in before, its previous result or nil, and those of a new record. It leaves out
// credentials that would make it longer than a few kilobytes.
func Gather(before, record *patchlint.Document) *patchlint.Document {
	const limit = 4 << 10 // bytes; each change builds a new index
	text, spans := []byte("\n"), []patchlint.Span(nil)
	if before != nil {
		text, spans = slices.Clone(before.Source()), slices.Clone(Find(before))
	}
	known := len(text)
	for _, s := range Find(record) {
		secret := record.Source()[s.Start:s.End]
		line := slices.Concat([]byte("\n"), secret, []byte("\n"))
		if len(text)+len(secret) < limit && !bytes.Contains(text, line) {
			spans = append(spans, patchlint.Span{Start: len(text), End: len(text) + len(secret)})
			text = append(text, line[1:]...)
		}
	}
	if len(text) == known {
		return before
	}
	doc := patchlint.Unparsed(text)
	Mark(doc, spans)
	return doc
}

// add adds a credential in the forms that a message may contain: as written, without the
// escapes of JSON, and with those of inert.Show.
func (m *masker) add(secret []byte) {
	written, decoded := string(secret), string(unescape(secret))
	for _, form := range slices.Compact([]string{written, inert.Show(written), decoded, inert.Show(decoded)}) {
		if len(form) < minLeak {
			if m.short == nil {
				m.short = make(map[string]bool)
			}
			m.short[form] = true
			continue
		}
		for i := range len(form) {
			m.chars[form[i]] = true
		}
		m.text = append(append(m.text, 0), form...)
	}
}

func (m *masker) empty() bool {
	return m == nil || len(m.text) == 0 && len(m.short) == 0 && len(m.files) == 0
}

// find returns the spans of credentials and parts of them in a text.
func (m *masker) find(text []byte) (spans []patchlint.Span) {
	if m.empty() {
		return nil
	}
	for _, file := range m.files {
		spans = append(spans, file.find(text)...)
	}
	var parts []patchlint.Span // of credentials, in text
	run := 0                   // of characters of credentials
	for i, c := range text {
		if run++; !m.chars[c] {
			run = 0
		}
		part := patchlint.Span{Start: i + 1 - minLeak, End: i + 1}
		if run < minLeak || len(m.index.Lookup(text[part.Start:part.End], 1)) == 0 {
			continue
		}
		if last := len(parts) - 1; last >= 0 && part.Start < parts[last].End {
			parts[last].End = part.End
		} else {
			parts = append(parts, part)
		}
	}
	for _, part := range parts {
		if !leaks(string(text[part.Start:part.End])) {
			continue
		}
		if bytes.HasPrefix(text[part.End:], []byte("...")) {
			part.End += 3 // added by inert.Text
		}
		spans = append(spans, part)
	}
	return span.Join(append(spans, m.findShort(text)...))
}

// leaks reports whether a part of a credential must not be shown. A common word such as
// "password" can be part of a credential.
func leaks(part string) bool {
	return len(part) >= 16 || strings.Contains(part, " ") || !isWords(part)
}

// findShort finds short credentials that are not part of a word. It finds very short ones
// only in quotation marks.
func (m *masker) findShort(text []byte) (spans []patchlint.Span) {
	if len(m.short) == 0 {
		return nil
	}
	for i := range text {
		if i > 0 && isAlnum(text[i-1]) {
			continue
		}
		for n := min(minLeak-1, len(text)-i); n > 0; n-- {
			if i+n < len(text) && isAlnum(text[i+n]) || !m.short[string(text[i:i+n])] {
				continue
			}
			if n > 3 || i > 0 && text[i-1] == '"' && i+n < len(text) && text[i+n] == '"' {
				spans = append(spans, patchlint.Span{Start: i, End: i + n})
				break
			}
		}
	}
	return spans
}

// mask returns a text, such as a message, with credentials masked.
func (m *masker) mask(text string) string {
	if m.empty() {
		return text
	}
	return redactText(text, m.find([]byte(text)))
}

// Mask returns a text about a document with the document's credentials masked. doc may be nil.
func Mask(doc *patchlint.Document, text string) string {
	if text == "" {
		return text
	}
	return maskerOf(doc).mask(text)
}

// MaskName returns the name of a member, or any text without a context, with everything
// that has the form of a credential masked.
func MaskName(name string) string {
	return redactText(name, find([]byte(name), false))
}

func redactText(text string, spans []patchlint.Span) string {
	if len(spans) == 0 {
		return text
	}
	return string(redact([]byte(text), patchlint.Span{End: len(text)}, spans))
}

// MaskPointer returns a pointer into a document with credentials in its tokens masked.
func MaskPointer(doc *patchlint.Document, p patchlint.Pointer) patchlint.Pointer {
	if maskerOf(doc).empty() && !Suspect([]byte(p)) {
		return p
	}
	var masked patchlint.Pointer
	for token := range p.Tokens() {
		masked = masked.Append(Mask(doc, MaskName(token)))
	}
	return masked
}

// Conceal returns deep copies of findings about a document with its credentials masked in
// all messages, suggestions and titles. doc may be nil, for a document without credentials.
func Conceal(doc *patchlint.Document, findings []patchlint.Diagnostic) []patchlint.Diagnostic {
	out := slices.Clone(findings)
	m := maskerOf(doc)
	for i := range out {
		d := &out[i]
		d.Message, d.Suggestion = m.mask(d.Message), m.mask(d.Suggestion)
		d.Related, d.Fixes = slices.Clone(d.Related), slices.Clone(d.Fixes)
		for k := range d.Related {
			r := &d.Related[k]
			r.Message = Mask(r.Document, m.mask(r.Message))
		}
		for k := range d.Fixes {
			fix := &d.Fixes[k]
			fix.Title, fix.Edits = m.mask(fix.Title), slices.Clone(fix.Edits)
		}
	}
	return out
}
