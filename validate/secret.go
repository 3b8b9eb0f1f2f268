package validate

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/patchlint/patchlint"
)

// The forms of a credential, each with a text that it cannot be without, so
// that a payload without credentials costs a search for a few bytes.
var credentials = []credential{
	// A JSON Web Token (RFC 7519): base64url of an object that starts with {".
	{word{"eyJ", 2, exact}, lazily(`eyJ[A-Za-z0-9_-]{8,}\.(?:[A-Za-z0-9_-]*\.){1,3}[A-Za-z0-9_-]*`)},
	{word{"earer", 2, anyCase}, lazily(`(?i)\bbearer[ \t]+[a-z0-9._~+/=-]{16,}`)}, // RFC 6750, 2.1
	// A client secret as Entra makes them.
	{word{"Q~", 1, exact}, lazily(`[A-Za-z0-9_.~-]{3}[0-9]Q~[A-Za-z0-9_.~-]{31,34}`)},
}

// secretWords are what the name of a member that holds a credential has in it,
// or a backslash, which may hide any of them. TestNames holds that no name of
// secretNames is without one.
var secretWords = []word{
	{`\`, 0, exact}, {"ecret", 1, anyCase}, {"word", 0, anyCase}, {"oken", 1, anyCase}, {"key", 0, anyCase}, {"zation", 0, anyCase},
}

// word is a text that is looked for by its byte that is rarest in payloads.
type word struct {
	text string
	rare int
	letters
}

// letters says which ones count as those of a word, which is in lower case where
// any does.
type letters bool

const (
	exact   letters = false
	anyCase letters = true
)

// in reports whether the word stands in src.
func (w word) in(src []byte) bool {
	rare := w.text[w.rare]
	return w.at(src, rare) || w.letters == anyCase && w.at(src, rare-'a'+'A')
}

// at reports whether the word stands in src with that rare byte.
func (w word) at(src []byte, rare byte) bool {
	for from := w.rare; from < len(src); from++ {
		i := bytes.IndexByte(src[from:], rare)
		if i < 0 {
			return false
		}
		from += i
		if w.begins(src[from-w.rare:]) {
			return true
		}
	}
	return false
}

// begins reports whether src starts with the word.
func (w word) begins(src []byte) bool {
	src = src[:min(len(src), len(w.text))]
	return string(src) == w.text || w.letters == anyCase && strings.EqualFold(string(src), w.text)
}

// secretNames are the names of members that hold a credential, without case and
// separators.
var secretNames = []string{"clientsecret", "password", "secret", "apikey", "accesstoken", "refreshtoken", "bearertoken", "authorization"}

func lazily(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// Secrets returns where a document holds what must not be shown: bearer tokens,
// JSON Web Tokens, client secrets, and the values of members that are named
// like one, or of headers, parameters and the like in comments and in text that is
// no JSON. The spans are in ascending order and apart. Reports mask them. The slice
// belongs to the document.
func Secrets(doc *patchlint.Document) []patchlint.Span {
	src, tree := doc.Source(), doc.Root().Span()
	spans := secrets(src, 0, doc.Root())
	spans = append(spans, parameters(src[:tree.Start], 0)...)
	spans = append(spans, inComments(doc, tree)...)
	return apart(append(spans, parameters(src[tree.End:], tree.End)...))
}

// SecretsOf returns those of the Secrets of a document that stand in a value,
// and looks at no more of the document than that value and the name that it, or the
// array it is in, has.
func SecretsOf(n patchlint.Node) []patchlint.Span {
	if !n.Exists() {
		return nil
	}
	src, span, key := n.Document().Source(), n.Span(), nameOf(n)
	text := src[span.Start:span.End]
	spans := secrets(text, span.Start, n)
	if worded(src[key.Start:key.End]) && !worded(text) {
		spans = append(spans, inTree(n)...) // the name can make a credential of its value
	}
	spans = slices.DeleteFunc(spans, func(s patchlint.Span) bool { return s.End <= span.Start }) // the name itself
	return apart(append(spans, inComments(n.Document(), span)...))
}

// nameOf is where the name of a member stands, for an element of an array that of
// the array; empty where there is none.
func nameOf(n patchlint.Node) patchlint.Span {
	if up := n.Parent(); !n.IsMember() && up.Kind() == patchlint.Array {
		n = up
	}
	return n.Key()
}

// inComments returns the parameters in those comments of a document that a span
// holds.
func inComments(doc *patchlint.Document, span patchlint.Span) (spans []patchlint.Span) {
	comments := doc.Comments()
	first, _ := slices.BinarySearchFunc(comments, span.Start, func(c patchlint.Span, at int) int { return cmp.Compare(c.Start, at) })
	for _, c := range comments[first:] {
		if c.Start >= span.End {
			break
		}
		spans = append(spans, parameters(doc.Source()[c.Start:c.End], c.Start)...)
	}
	return spans
}

// secrets returns the credentials in a part of a source that starts at an offset
// and has in it a value, with all that it holds, or none.
func secrets(src []byte, at int, value patchlint.Node) []patchlint.Span {
	var spans []patchlint.Span
	for _, c := range credentials {
		if c.needle.in(src) {
			for _, m := range c.form().FindAllIndex(src, -1) {
				if !c.holds(src[m[0]:m[1]]) {
					continue
				}
				spans = append(spans, patchlint.Span{Start: at + m[0], End: at + m[1]})
			}
		}
	}
	if worded(src) {
		spans = append(spans, inTree(value)...)
	}
	return apart(spans)
}

// worded reports whether a text has something in it without which no name is that
// of a credential, and no escape hides one.
func worded(src []byte) bool {
	return slices.ContainsFunc(secretWords, func(w word) bool { return w.in(src) })
}

// inTree returns the credentials in a value that its names or its escapes make one.
func inTree(value patchlint.Node) (spans []patchlint.Span) {
	for n := range value.All() {
		if _, plain := n.PlainName(); !plain && formed(n.Name()) {
			spans = append(spans, inside(n.Key()))
		}
		switch {
		case n.Kind() == patchlint.String && n.Span().Len() > 2 && (named(n) || n.Escaped() && formed(n.Text())):
			spans = append(spans, inside(n.Span()))
		case n.Kind() == patchlint.Number && named(n):
			spans = append(spans, n.Span())
		}
	}
	return spans
}

// apart returns the spans in order, and those as one that overlap.
func apart(spans []patchlint.Span) []patchlint.Span {
	slices.SortFunc(spans, func(a, b patchlint.Span) int {
		return cmp.Or(a.Start-b.Start, b.End-a.End)
	})
	joined := spans[:0]
	for _, s := range spans {
		if len(joined) == 0 || s.Start >= joined[len(joined)-1].End {
			joined = append(joined, s)
		} else {
			joined[len(joined)-1].End = max(joined[len(joined)-1].End, s.End)
		}
	}
	return joined
}

// parameter matches a header, a parameter of a URL or a form, or a variable that
// is named like a credential, with its value; the scheme of an Authorization
// (RFC 9110, 11.6.2) is none of that.
var parameter = lazily(`(?i)(?:^|[^a-z0-9])(?:(?:client[ _-]?secret|pass[ _-]?word|secret|api[ _-]?key|(?:access|refresh|bearer)[ _-]?token)["']?[ \t]*[:=][ \t]*["']?|authorization["']?[ \t]*[:=][ \t]*["']?(?:(?:bearer|basic|digest|negotiate)[ \t]+)?)([^\s"'&,;]{8,})`)

// reference matches what stands in place of a value that is elsewhere or yet to
// come, a date, and a URL.
var reference = lazily(`^(?:\$[A-Za-z_{(]|%.*%$|[<{]|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$|\d{4}-\d\d-\d\d)|\{\{|://`)

// parameters returns the values in a part of a source that starts at an offset, and
// is no JSON, which are named like a credential and look like one: they have a
// digit, as words have not.
func parameters(text []byte, at int) (spans []patchlint.Span) {
	if !bytes.ContainsAny(text, ":=") || !worded(text) {
		return nil
	}
	for _, m := range parameter().FindAllSubmatchIndex(text, -1) {
		value := text[m[2]:m[3]]
		if bytes.ContainsAny(value, "0123456789") && !reference().Match(value) {
			spans = append(spans, patchlint.Span{Start: at + m[2], End: at + m[3]})
		}
	}
	return spans
}

// inside is the span of a string literal without its quotes.
func inside(literal patchlint.Span) patchlint.Span {
	return patchlint.Span{Start: literal.Start + 1, End: literal.End - 1}
}

// named reports whether a string or number is the value, or stands in the array,
// of a member that is named like a credential and holds more than a placeholder.
func named(n patchlint.Node) bool {
	const longest = 64 // bytes of such a name, escapes included
	key := nameOf(n)
	if key.Len() == 0 || key.Len() > longest {
		return false
	}
	member := n
	if !n.IsMember() {
		member = n.Parent()
	}
	if !slices.Contains(secretNames, separators.Replace(strings.ToLower(member.Name()))) {
		return false
	}
	value := strings.TrimSpace(n.Text())
	if scheme, rest, ok := strings.Cut(value, " "); ok && (strings.EqualFold(scheme, "Bearer") || strings.EqualFold(scheme, "Basic")) {
		value = rest // a template may have the scheme of an Authorization before it
	}
	return !template().MatchString(value)
}

// template matches a text that is a placeholder from end to end.
var template = lazily(`(?i)^(?:<[^<>]+>|\$?\{+[^{}]*\}+|(?:TODO|FIXME|TBD|CHANGE[_ -]?ME)\b.*)$`)

var separators = strings.NewReplacer("_", "", "-", "", " ", "")

// formed reports whether something in a text has the form of a credential.
func formed(text string) bool {
	return slices.ContainsFunc(credentials, func(c credential) bool {
		return slices.ContainsFunc(c.form().FindAllString(text, -1), func(m string) bool { return c.holds([]byte(m)) })
	})
}

// credential is a form that credentials have.
type credential struct {
	needle word
	form   func() *regexp.Regexp
}

// holds reports whether what has the form of the credential is one and not
// words: the header of a token is JSON, and what follows "Bearer" has digits and is
// no name of what is to stand there.
func (c credential) holds(text []byte) bool {
	if c.needle.text == "eyJ" {
		header, _, _ := bytes.Cut(text, []byte("."))
		decoded, err := base64.RawURLEncoding.DecodeString(string(header))
		return err == nil && json.Valid(decoded)
	}
	value := text[bytes.LastIndexAny(text, " \t")+1:]
	return bytes.ContainsAny(value, "0123456789") && !reference().Match(value)
}

// Masked is what stands in place of a secret.
const Masked = "***"

// Mask returns text without the secrets of a document. Text for people may have
// been shortened, so the start of a secret is enough to find it.
func Mask(doc *patchlint.Document, text string) string {
	if len(Secrets(doc)) == 0 {
		return text
	}
	return newMasker(doc).mask(text)
}

// MaskName returns the name of a member, or another text that nothing is known
// about, without what has the form of a credential in it.
func MaskName(name string) string {
	if !needle([]byte(name)) {
		return name
	}
	for _, c := range credentials {
		name = c.form().ReplaceAllStringFunc(name, func(match string) string {
			if c.holds([]byte(match)) {
				return Masked
			}
			return match
		})
	}
	return name
}

// MaskPointer returns a pointer with every name in it as MaskName shows it.
func MaskPointer(p patchlint.Pointer) patchlint.Pointer {
	if !needle([]byte(p)) {
		return p
	}
	var masked patchlint.Pointer
	for token := range p.Tokens() {
		masked = masked.Append(MaskName(token))
	}
	return masked
}

// masker finds the secrets of a document in texts, in time that hardly depends on
// how many there are.
type masker struct {
	secrets []string        // sorted
	heads   map[string]bool // what each starts with, itself where it is short
	longest int             // of the heads
}

// enough is how many bytes of a secret tell that it is one.
const enough = 6

func newMasker(doc *patchlint.Document) *masker {
	m := &masker{heads: make(map[string]bool)}
	add := func(secret string) {
		secret = strings.TrimSuffix(patchlint.Printable(secret), "...")
		if secret == "" {
			return
		}
		head := secret[:min(enough, len(secret))]
		m.secrets = append(m.secrets, secret)
		m.heads[head] = true
		m.longest = max(m.longest, len(head))
	}
	for _, s := range Secrets(doc) {
		add(string(doc.Source()[s.Start:s.End]))
	}
	for n := range doc.Root().All() { // a message has the text, not its escapes
		if n.Escaped() && len(SecretsIn(doc, n.Span())) > 0 {
			add(n.Text())
		}
		if _, plain := n.PlainName(); !plain && len(SecretsIn(doc, n.Key())) > 0 {
			add(n.Name())
		}
	}
	slices.Sort(m.secrets)
	return m
}

// SecretsIn returns those of the Secrets of a document that share a byte with a
// span, or have an empty one inside.
func SecretsIn(doc *patchlint.Document, span patchlint.Span) []patchlint.Span {
	secrets := Secrets(doc)
	from, _ := slices.BinarySearchFunc(secrets, span.Start+1, func(s patchlint.Span, at int) int { return cmp.Compare(s.End, at) })
	to, _ := slices.BinarySearchFunc(secrets, span.End, func(s patchlint.Span, at int) int { return cmp.Compare(s.Start, at) })
	return secrets[from:max(from, to)]
}

func (m *masker) mask(text string) string {
	var b strings.Builder
	from := 0
	for i := 0; i < len(text); {
		end := m.secretAt(text[i:])
		if end == 0 {
			i++
			continue
		}
		b.WriteString(text[from:i])
		b.WriteString(Masked)
		i += end
		from = i
	}
	b.WriteString(text[from:])
	return b.String()
}

// secretAt returns how much of the start of a text is of a secret: as much as it
// has in common with one, and what could be more of it.
func (m *masker) secretAt(text string) int {
	end := 0
	for n := 1; n <= m.longest && n <= len(text); n++ {
		if m.heads[text[:n]] {
			end = n
		}
	}
	if end == 0 {
		return 0
	}
	// What has most in common with the text is next to its place in the order.
	at, _ := slices.BinarySearch(m.secrets, text)
	for _, secret := range m.secrets[max(at-1, 0):min(at+1, len(m.secrets))] {
		common := 0
		for common < len(secret) && common < len(text) && secret[common] == text[common] {
			common++
		}
		end = max(end, common)
	}
	for end < len(text) && isToken(text[end]) {
		end++
	}
	return end
}

// isToken reports whether a byte can be part of a token: what follows the part
// of a secret that a message would repeat.
func isToken(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || strings.IndexByte("-._~+/=", c) >= 0
}

// Conceal takes the secrets of a document out of what findings about it say. A
// Linter has done so already; findings of other packages quote values as they
// are.
func Conceal(doc *patchlint.Document, findings []patchlint.Diagnostic) {
	conceal(doc, findings, Secrets(doc))
}

func conceal(doc *patchlint.Document, findings []patchlint.Diagnostic, secrets []patchlint.Span) {
	if len(secrets) == 0 {
		return
	}
	for i := range findings {
		d := &findings[i]
		d.Message, d.Suggestion = Mask(doc, d.Message), Mask(doc, d.Suggestion)
		for k := range d.Related {
			d.Related[k].Message = Mask(doc, d.Related[k].Message)
		}
		for k := range d.Fixes {
			d.Fixes[k].Title = Mask(doc, d.Fixes[k].Title)
		}
	}
}

// needle reports whether text holds what a credential cannot be without, or an
// escape that may hide it.
func needle(text []byte) bool {
	return bytes.IndexByte(text, '\\') >= 0 || slices.ContainsFunc(credentials, func(c credential) bool { return c.needle.in(text) })
}
