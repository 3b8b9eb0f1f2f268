// Package bounds limits what the findings of one document come to.
package bounds

// Bounds limits the number of findings, and what their texts take.
type Bounds struct{ number, bytes int }

// New returns the bounds for so many findings about a source of a size in bytes.
func New(findings, size int) Bounds { return Bounds{findings, 512*findings + 2*size} }

// Full reports whether the bounds admit nothing more.
func (b *Bounds) Full() bool { return b.number <= 0 }

// Admits reports whether there is room for a finding of a size, and takes it. Once one
// finding does not fit, no later one does.
func (b *Bounds) Admits(size int) bool {
	if b.number--; b.number < 0 || size > b.bytes {
		b.number = 0
		return false
	}
	b.bytes -= size
	return true
}
