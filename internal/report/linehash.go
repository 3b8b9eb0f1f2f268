package report

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/secret"
)

// lineHashes returns for every line of a text the number by which GitHub's code
// scanning follows a finding from commit to commit (primaryLocationLineHash):
// the polynomial of base 37, modulo 2^64, over the 100 UTF-16 code units from
// the line's start. Spaces and tabs are left out; CR and CRLF are LF; 0xFFFF
// ends the text, and zeros follow it.
//
// What ends a line here is what does for GitHub, a lone CR too, so a text can
// have more lines here than in a Document.
func lineHashes(src []byte) []uint64 {
	const base, window, end = 37, 100, 0xFFFF
	top := uint64(1) // base^window
	for range window {
		top *= base
	}
	// The polynomial over all units up to some place, less what it was at the
	// start of a line times base^window, is that over the window between.
	type start struct{ place, sum uint64 }
	var (
		hashes    []uint64
		open      []start // lines whose window is not full yet
		place     uint64  // units read
		sum       uint64
		lineStart = true
	)
	read := func(unit uint16) {
		sum = sum*base + uint64(unit)
		place++
		if len(open) > 0 && place-open[0].place == window {
			hashes = append(hashes, sum-open[0].sum*top)
			open = open[1:]
		}
	}
	add := func(unit uint16) {
		if lineStart {
			open = append(open, start{place, sum})
		}
		lineStart = unit == '\n'
		read(unit)
	}
	afterCR := false
	for len(src) > 0 {
		r, size := utf8.DecodeRune(src)
		if r == utf8.RuneError && size == 1 {
			size = invalid(src)
		}
		src = src[size:]
		switch {
		case r == ' ' || r == '\t' || r == '\n' && afterCR:
			afterCR = false
			continue
		case r == '\r':
			add('\n')
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			add(uint16(high))
			add(uint16(low))
		default:
			add(uint16(r))
		}
		afterCR = r == '\r'
	}
	add(end)
	for range window - 1 {
		read(0)
	}
	return hashes
}

// invalid is how many bytes at the start of a text that is not UTF-8 become one
// U+FFFD: as many as start a character (WHATWG Encoding, as Node.js decodes).
func invalid(src []byte) int {
	n := 1
	for n < len(src) && n < utf8.UTFMax && !utf8.FullRune(src[:n+1]) {
		n++
	}
	return n
}

// lineKeys tells lines with the same hash apart by counting them, as GitHub
// does. It goes on counting where a file comes as several payloads.
type lineKeys struct {
	name string
	seen map[uint64]int
}

// of returns the key of the line that each finding of a payload is on.
func (k *lineKeys) of(f *File) []string {
	if k.seen == nil || k.name != f.Name {
		k.name, k.seen = f.Name, make(map[uint64]int)
	}
	doc := f.Document
	// Nothing of a credential is hashed.
	hashes := lineHashes(secret.Redact(doc, patchlint.Span{End: len(doc.Source())}))
	line := func(i int) int { // from 0, in the payload
		return min(doc.Position(f.Findings[i].Span.Start).Line-doc.Position(0).Line, len(hashes)-1)
	}
	// Only the hashes that are asked for are counted, for there may be as many
	// lines as bytes.
	counts := make(map[uint64]int)
	for i := range f.Findings {
		counts[hashes[line(i)]] = 0
	}
	numbers := make(map[int]int) // of lines
	for n, hash := range hashes {
		if _, wanted := counts[hash]; wanted {
			counts[hash]++
			numbers[n] = k.seen[hash] + counts[hash]
		}
	}
	keys := make([]string, len(f.Findings))
	for i := range f.Findings {
		n := line(i)
		keys[i] = strconv.FormatUint(hashes[n], 16) + ":" + strconv.Itoa(numbers[n])
	}
	for hash, n := range counts {
		k.seen[hash] += n
	}
	return keys
}
