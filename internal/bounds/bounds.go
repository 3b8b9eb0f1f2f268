// Package bounds limits the depth of a document, and the number and the size of the
// findings about it.
package bounds

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

// Full reports whether there is no room for another finding.
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
