package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/secret"
)

// Fingerprints makes fingerprints for the findings of a run. Its zero value is
// ready for use, from the first payload on: findings that are alike are counted
// over all payloads of their file.
type Fingerprints struct {
	name string
	seen map[[sha256.Size]byte]int
}

// Of returns for every finding of a payload a text that stays the same when
// lines move, members are reordered, or elements or records are added before
// it: a hash of the path from the repository's root, which of the requests of
// the file it is, the rule, the pointer with its indices left out, the value
// without white space, and how many like it came before. Nothing of a credential
// is hashed: anyone who has the hash could try values until one fits.
func (p *Fingerprints) Of(f *File) []string {
	if len(f.Findings) == 0 || f.Prints != nil {
		return f.Prints
	}
	if p.name != f.Name || p.seen == nil {
		p.name, p.seen = f.Name, make(map[[sha256.Size]byte]int)
	}
	prints := make([]string, len(f.Findings))
	digests := make(digests)
	var b bytes.Buffer
	for i, d := range f.Findings {
		b.Reset()
		b.WriteString(f.Root)
		if f.Part != "" {
			b.WriteString("\x00\x00" + f.Part)
		}
		b.WriteString("\x00" + d.Rule + "\x00" + withoutIndices(secret.MaskPointer(f.Document, d.Pointer)) + "\x00")
		if d.Rule != "secret-value" && !digests.write(&b, f.Document.Find(d.Pointer)) {
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

// large is the size in bytes from which on a value is represented by a hash:
// findings may be about a value and about all that it is in.
const large = 4 << 10

// digests are the hashes of the large values of a document.
type digests map[patchlint.Node][sha256.Size]byte

// write writes a value, or its hash, and reports whether there is one that is
// JSON to the letter.
func (known digests) write(b *bytes.Buffer, n patchlint.Node) bool {
	switch {
	case !n.Exists():
		return false
	case n.Kind() < patchlint.Object:
		b.Write(secret.Redact(n.Document(), n.Span())) // one token
		return n.Span().Len() > 0
	case n.Span().Len() < large:
		value := secret.Redact(n.Document(), n.Span())
		if json.Compact(b, value) == nil {
			return true
		}
		if !n.Document().Whole() {
			return false
		}
		b.Write(value) // a mask took the place of a number
		return true
	}
	digest, ok := known[n]
	if !ok {
		var parts bytes.Buffer
		parts.WriteByte(byte(n.Kind()))
		for child := range n.Children() {
			parts.WriteString(child.Name() + "\x00")
			known.write(&parts, child)
			parts.WriteByte(0)
		}
		digest = sha256.Sum256(parts.Bytes())
		known[n] = digest
	}
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
