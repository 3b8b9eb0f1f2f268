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
// is hashed: whoever has the hash could try values until one fits.
func (p *Fingerprints) Of(f *File) []string {
	if len(f.Findings) == 0 || f.Prints != nil {
		return f.Prints
	}
	if p.name != f.Name || p.seen == nil {
		p.name, p.seen = f.Name, make(map[[sha256.Size]byte]int)
	}
	prints := make([]string, len(f.Findings))
	values := find(f)
	for i, d := range f.Findings {
		var b bytes.Buffer
		b.WriteString(f.Root)
		if f.Part != "" {
			b.WriteString("\x00\x00" + f.Part)
		}
		b.WriteString("\x00" + d.Rule + "\x00" + withoutIndices(secret.MaskPointer(f.Document, d.Pointer)) + "\x00")
		value := values[d.Pointer]
		switch {
		case d.Rule == "secret-value":
		case value.Exists() && len(secret.In(f.Document, value.Span())) > 0:
			b.Write(secret.Redact(f.Document, value.Span()))
		case !compact(&b, value.Raw(), f.Document):
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

// compact writes a value without white space, and reports whether there is one
// and it is JSON to the letter. Most big ones have none.
func compact(b *bytes.Buffer, value []byte, doc *patchlint.Document) bool {
	clean := doc.Dialect() == patchlint.JSON && len(doc.Faults()) == 0
	for _, space := range []byte(" \t\r\n") {
		clean = clean && bytes.IndexByte(value, space) < 0
	}
	if clean {
		b.Write(value)
		return len(value) > 0
	}
	return json.Compact(b, value) == nil && len(value) > 0
}

// find returns the values that findings point to. For many findings it goes
// through the document once: Document.Find counts elements anew for each.
func find(f *File) map[patchlint.Pointer]patchlint.Node {
	const few = 32
	values := make(map[patchlint.Pointer]patchlint.Node, len(f.Findings))
	for _, d := range f.Findings {
		values[d.Pointer] = patchlint.Node{}
	}
	if len(values) <= few {
		for pointer := range values {
			values[pointer] = f.Document.Find(pointer)
		}
		return values
	}
	for n := range f.Document.Root().All() {
		pointer := n.Pointer()
		if _, wanted := values[pointer]; wanted {
			values[pointer] = n
		}
	}
	return values
}

func withoutIndices(p patchlint.Pointer) string {
	var b strings.Builder
	for token := range p.Tokens() {
		if _, err := strconv.Atoi(token); err != nil {
			b.WriteString("/" + token)
		}
	}
	return b.String()
}
