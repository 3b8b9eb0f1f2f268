package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/secret"
)

// Fingerprints computes the fingerprints of the findings of a run. The zero value is
// ready to use. It counts equal findings over all payloads of a file.
type Fingerprints struct {
	name string
	seen map[[sha256.Size]byte]int
}

// Of returns a fingerprint for each finding of a payload. A fingerprint stays the same
// when lines move, members are reordered, or elements or records are inserted. It is a
// hash of the path from the root of the repository, the part of the file, the rule, the
// pointer without indices, the value without white space, and the number of equal
// findings before it. The value includes what was not checked because of the finding: the
// faults of a text that could not be read to its end keep their fingerprints only while the
// text stays the same. Credentials are not hashed: the hash would allow testing guesses.
func (p *Fingerprints) Of(f *File) []string {
	if len(f.Findings) == 0 || f.Prints != nil {
		return f.Prints
	}
	if p.name != f.Name || p.seen == nil {
		p.name, p.seen = f.Name, make(map[[sha256.Size]byte]int)
	}
	prints := make([]string, len(f.Findings))
	var text []byte // the hash of a text that was not read to its end
	var b bytes.Buffer
	for i, d := range f.Findings {
		b.Reset()
		b.WriteString(f.Root)
		if f.Part != "" {
			b.WriteString("\x00\x00" + f.Part)
		}
		b.WriteString("\x00" + d.Rule + "\x00" + withoutIndices(secret.MaskPointer(f.Document, d.Pointer)) + "\x00")
		switch {
		case !f.Document.Whole() && (d.Rule == "payload-shape" || strings.HasPrefix(d.Rule, "json-")): // the unread rest of another text is unknown
			if text == nil {
				whole := secret.Redact(f.Document, patchlint.Span{End: len(f.Document.Source())})
				sum := sha256.Sum256(bytes.ReplaceAll(whole, []byte("\r"), nil))
				text = sum[:]
			}
			b.Write(text)
		case d.Rule != "secret-value" && !writeValue(&b, unchecked(f.Document, d)):
			b.Write(secret.Redact(f.Document, d.Span))
		}
		key := sha256.Sum256(b.Bytes())
		b.WriteString("\x00" + strconv.Itoa(p.seen[key]))
		p.seen[key]++
		sum := sha256.Sum256(b.Bytes())
		prints[i] = hex.EncodeToString(sum[:16])
	}
	return prints
}

// unchecked returns the value that a finding is about, or the one around it that is not
// checked because of it.
func unchecked(doc *patchlint.Document, d patchlint.Diagnostic) patchlint.Node {
	n := doc.Find(d.Pointer)
	ofMember := n.Kind() != patchlint.Object || d.Span != n.Opening() // and not of what an object lacks
	switch {
	case d.Rule == "unknown-type" || d.Rule == "payload-shape" && !strings.HasPrefix(string(d.Pointer), "/requests/") || d.Rule == "json-limit":
		return doc.Root()
	case ofMember && (d.Rule == "odata-type" || d.Rule == "batch-url" || d.Rule == "batch-method" || n.Name() == "@type"):
		return n.Parent()
	}
	return n
}

// large is the size in bytes from which a value is represented by its hash, which is
// computed once although findings may be about the value and all that contain it.
const large = 4 << 10

// digestKey is the key of the hash of a large value in the Memo of its document.
type digestKey struct{ value patchlint.Node }

// writeValue writes a value without white space, or its hash if it is large. It returns false
// if there is no value or if it is not valid JSON.
func writeValue(b *bytes.Buffer, n patchlint.Node) bool {
	switch {
	case !n.Exists():
		return false
	case n.Kind() < patchlint.Object:
		b.Write(secret.Redact(n.Document(), n.Span())) // one token
		return n.Span().Len() > 0
	case n.Span().Len() < large && json.Compact(b, secret.Redact(n.Document(), n.Span())) == nil:
		return true
	case n.Span().Len() < large && !n.Document().Whole():
		return false
	}
	digest := lazy.Get(lazy.MemoOf(n.Document()), digestKey{n}, func() [sha256.Size]byte {
		var parts bytes.Buffer
		parts.WriteByte(byte(n.Kind()))
		for child := range n.Children() {
			parts.Write(secret.Redact(n.Document(), child.Key()))
			parts.WriteByte(0)
			writeValue(&parts, child)
			parts.WriteByte(0)
		}
		return sha256.Sum256(parts.Bytes())
	})
	b.Write(digest[:])
	return true
}

func withoutIndices(p patchlint.Pointer) string {
	var b strings.Builder
	for token := range p.Tokens() {
		if _, err := strconv.Atoi(token); err != nil {
			b.WriteByte('/')
			b.WriteString(token)
		}
	}
	return b.String()
}
