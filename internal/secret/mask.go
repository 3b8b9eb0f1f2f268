package secret

import (
	"bytes"
	"index/suffixarray"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
)

// enough is how many characters of a credential tell too much of it.
const enough = 6

// Masker takes credentials, and parts of them, out of text that says something
// about the documents that they are in. A message may quote a part of a
// credential, so what counts is any enough characters in a row.
type Masker struct {
	own   []patchlint.Span // of the document that it belongs to
	text  []byte           // the credentials as they may be printed, apart
	short map[string]bool  // those that are shorter than enough
	seen  *trigrams        // of text; nil while it is empty
	index *suffixarray.Index
	files []*Masker // of other texts of the file that the documents are a part of
}

// trigrams is a set of three characters in a row: for the first two, which can be
// the third.
type trigrams [1 << 10]uint32

func (t *trigrams) has(code uint) bool { return t[code>>5]>>(code&31)&1 != 0 }

func (t *trigrams) add(code uint) { t[code>>5] |= 1 << (code & 31) }

// next is the code of the last three characters, given that of the three before.
func next(code uint, c byte) uint { return (code<<5 | uint(class[c])) & (1<<15 - 1) }

type maskerKey struct{}

// MaskerOf returns the Masker of the credentials in a document. It belongs to the
// document.
func MaskerOf(doc *patchlint.Document) *Masker {
	return lazy.Get(lazy.MemoOf(doc), maskerKey{}, func() *Masker { return newMasker(doc, search(doc)) })
}

func newMasker(doc *patchlint.Document, spans []patchlint.Span) *Masker {
	m := &Masker{own: spans}
	m.addAll(doc, spans)
	m.prepare()
	return m
}

// Share makes what is a credential in a text of a file hidden in a document that is a
// part of the file, too.
func Share(doc, file *patchlint.Document) {
	m := *MaskerOf(doc)
	m.files = append(slices.Clip(m.files), MaskerOf(file))
	lazy.Set(lazy.MemoOf(doc), maskerKey{}, &m)
}

// Gather returns a document of what is a credential in the records of a file so far:
// in those before, nil for none, and in a new one. It grows up to a few kilobytes, and
// what does not fit is left out.
func Gather(before, record *patchlint.Document) *patchlint.Document {
	const most = 4 << 10 // bytes; each time it grows, there is a new index of all
	text, spans := []byte("\n"), []patchlint.Span(nil)
	if before != nil {
		text, spans = slices.Clone(before.Source()), slices.Clone(Find(before))
	}
	known := len(text)
	for _, s := range Find(record) {
		secret := record.Source()[s.Start:s.End]
		line := slices.Concat([]byte("\n"), secret, []byte("\n"))
		if len(text)+len(secret) < most && !bytes.Contains(text, line) {
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

// Add adds the credentials of a document, before the first use.
func (m *Masker) Add(doc *patchlint.Document) { m.addAll(doc, Find(doc)) }

func (m *Masker) addAll(doc *patchlint.Document, spans []patchlint.Span) {
	for _, s := range spans {
		m.add(doc.Source()[s.Start:s.End])
	}
}

// add adds a credential, as it is written and as a message may have it: without the
// escapes of JSON, and with those of inert.Show.
func (m *Masker) add(secret []byte) {
	forms := []string{string(secret)}
	if strings.Contains(forms[0], `\`) {
		forms = append(forms, string(unescape(secret)))
	}
	for _, form := range forms {
		if printed := inert.Show(form); printed != form {
			forms = append(forms, printed)
		}
	}
	for _, form := range forms {
		if len(form) < enough {
			if m.short == nil {
				m.short = make(map[string]bool)
			}
			m.short[form] = true
			continue
		}
		if m.seen == nil {
			m.seen = new(trigrams)
		}
		code := uint(0)
		for i := range len(form) {
			if code = next(code, form[i]); i >= 2 {
				m.seen.add(code)
			}
		}
		m.text = append(append(m.text, 0), form...)
	}
}

func (m *Masker) empty() bool {
	return len(m.text) == 0 && len(m.short) == 0 && !slices.ContainsFunc(m.files, func(f *Masker) bool { return !f.empty() })
}

// prepare makes the index, unless there is one or nothing to put into it.
func (m *Masker) prepare() {
	if m.index == nil && len(m.text) > 0 {
		m.index = suffixarray.New(m.text)
	}
}

// find returns where credentials and parts of them are in a text.
func (m *Masker) find(text []byte) (spans []patchlint.Span) {
	if m.empty() {
		return nil
	}
	for _, file := range m.files {
		spans = append(spans, file.find(text)...)
	}
	start, end := -1, -1 // of what is known to be part of one
	flush := func() {
		if start >= 0 && tells(string(text[start:end])) {
			if bytes.HasPrefix(text[end:], []byte("...")) {
				end += 3 // where inert.Text has cut it off
			}
			spans = append(spans, patchlint.Span{Start: start, End: end})
		}
		start = -1
	}
	code := uint(0)
	for i := range text {
		code = next(code, text[i])
		from := i - (enough - 1)
		if from < 0 || m.seen == nil || !m.seen.has(code) || len(m.index.Lookup(text[from:i+1], 1)) == 0 {
			continue
		}
		// Two that overlap are one only if a credential has them so. To compare
		// more than a few characters each time would take too long.
		if start >= 0 && (from >= end || len(m.index.Lookup(text[max(start, i-4*enough):i+1], 1)) == 0) {
			flush()
		}
		if start < 0 {
			start = from
		}
		end = i + 1
	}
	flush()
	if len(m.short) > 0 {
		spans = append(spans, m.findShort(text)...)
	}
	return joined(spans)
}

// tells reports whether a part of a credential says something about it. A word
// or two can be in a credential and mean nothing: "password".
func tells(part string) bool {
	return len(part) >= 16 || strings.Contains(part, " ") || !words(part)
}

// findShort finds credentials that are short, where they are not a part of a word,
// and very short ones in quotation marks only.
func (m *Masker) findShort(text []byte) (spans []patchlint.Span) {
	for i := range text {
		if i > 0 && isAlnum(text[i-1]) {
			continue
		}
		for n := min(enough-1, len(text)-i); n > 0; n-- {
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

// ourWords matches the part of a message that says what a value must be. It has only
// words that are in the messages of patchlint, so it tells nothing of a credential.
var ourWords = lazy.Regexp(` takes(?: (?:an?|array|base64|date|and|time|of|day|duration|days|hours|minutes|seconds|false|GUID|in|member|name|number|object|or|string|the|true|type|whole)\b,?)+ `)

// Mask returns a text, such as a message, without credentials.
func (m *Masker) Mask(text string) string {
	if m.empty() {
		return text
	}
	m.prepare()
	ours := ourWords.Get().FindAllStringIndex(text, -1)
	spans := slices.DeleteFunc(m.find([]byte(text)), func(s patchlint.Span) bool {
		return slices.ContainsFunc(ours, func(at []int) bool { return at[0] <= s.Start && s.End <= at[1] })
	})
	if len(spans) == 0 {
		return text
	}
	return string(RedactSpans([]byte(text), spans))
}

// Mask returns a text about a document without the credentials in it.
func Mask(doc *patchlint.Document, text string) string {
	if doc == nil || text == "" {
		return text
	}
	return MaskerOf(doc).Mask(text)
}

// MaskName returns the name of a member, or another text that nothing is known
// about, without what has the form of a credential.
func MaskName(name string) string {
	if spans := find([]byte(name), false); len(spans) > 0 {
		return string(RedactSpans([]byte(name), spans))
	}
	return name
}

// MaskPointer returns a pointer into a document, with every name in it masked.
func MaskPointer(doc *patchlint.Document, p patchlint.Pointer) patchlint.Pointer {
	if (doc == nil || MaskerOf(doc).empty()) && !Suspect([]byte(p)) {
		return p
	}
	var masked patchlint.Pointer
	for token := range p.Tokens() {
		masked = masked.Append(Mask(doc, MaskName(token)))
	}
	return masked
}

// Conceal returns copies of findings about a document in which nothing says what
// its credentials are. They share no memory that can be written to with the
// document.
func Conceal(doc *patchlint.Document, findings []patchlint.Diagnostic) []patchlint.Diagnostic {
	out := clone(findings)
	masker := MaskerOf(doc)
	mask := func(of *patchlint.Document, text string) string { return Mask(of, masker.Mask(text)) }
	for i := range out {
		d := &out[i]
		d.Message, d.Suggestion = mask(nil, d.Message), mask(nil, d.Suggestion)
		for k := range d.Related {
			d.Related[k].Message = mask(d.Related[k].Document, d.Related[k].Message)
		}
		for k := range d.Fixes {
			d.Fixes[k].Title = mask(nil, d.Fixes[k].Title)
		}
	}
	return out
}

// clone returns findings that share no memory with those that it was given.
func clone(findings []patchlint.Diagnostic) []patchlint.Diagnostic {
	out := slices.Clone(findings)
	for i := range out {
		d := &out[i]
		d.Related, d.Fixes = slices.Clone(d.Related), slices.Clone(d.Fixes)
		for k := range d.Fixes {
			d.Fixes[k].Edits = slices.Clone(d.Fixes[k].Edits)
		}
	}
	return out
}
