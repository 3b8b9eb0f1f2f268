// Package bounds limits the depth of a document, the number and the size of the findings
// about it, lists in messages, and the indentation of JSON.
package bounds

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Depth is the maximum nesting depth of objects and arrays in a document.
const Depth = 1000

// Findings is the default limit on the findings listed for a document: it applies to the
// faults of the text and to the other findings separately. One additional finding,
// json-limit, reports that the list was cut.
const Findings = 1000

// Bounds limits the number of findings and the size of their texts.
type Bounds struct{ number, bytes int }

// New returns bounds for at most findings findings about a source of size bytes.
func New(findings, size int) Bounds { return Bounds{findings, 512*findings + 2*size} }

// Full reports whether another finding would be beyond the limit.
func (b *Bounds) Full() bool { return b.number <= 0 }

// Admits reports whether there is room for a finding of size bytes, and uses it. After the
// first finding that does not fit, it admits none.
func (b *Bounds) Admits(size int) bool {
	if b.number--; b.number < 0 || size > b.bytes {
		b.number = 0
		return false
	}
	b.bytes -= size
	return true
}

// List joins texts for a message. After the first most ones it gives the number of others, if
// there are several.
func List(texts []string, most int) string {
	if more := len(texts) - most; more > 1 {
		texts = append(texts[:most:most], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(texts, ", ")
}

// Indent returns a JSON text with two spaces a level, and as it is if the spaces would take
// much more than the text, because it is deep, or if it is not JSON.
func Indent(text []byte) []byte {
	const usual = 1 << 20 // bytes
	depth, size, quoted := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{', c == '[':
			depth++
			size += 2 * depth
		case c == '}', c == ']':
			depth--
			size += 2 * depth
		case c == ',':
			size += 2 * depth
		}
	}
	var b bytes.Buffer
	if size > usual+8*len(text) || json.Indent(&b, text, "", "  ") != nil {
		return text
	}
	return b.Bytes()
}
